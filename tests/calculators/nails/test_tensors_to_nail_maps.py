import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError


def node(inputs: str) -> str:
    return f"""node {{
      calculator: "TensorsToNailMapsCalculator" {inputs}
      output_stream: "FOREGROUND:foreground" output_stream: "FINGERS:fingers"
      output_stream: "DIRECTION:direction"
    }}"""


TENSORS, PADDING = 'input_stream: "TENSORS:tensors"', 'input_stream: "LETTERBOX_PADDING:padding"'


def tensors(size: int = 16) -> list[np.ndarray]:
    generator = np.random.default_rng(0)
    shapes = (1, size, size, 1), (1, size // 4, size // 4, 10), (1, size // 4, size // 4, 2)
    return [generator.random(shape, np.float32) for shape in shapes]


def test_takes_the_padding_off():
    given = tensors()
    outputs = run_node(
        node(TENSORS + PADDING), {"tensors": [(7, given)], "padding": [(7, [0.0, 0.25, 0.0, 0.25])]}
    )
    for name, tensor, rows in zip(outputs, given, (slice(4, 12), slice(1, 3), slice(1, 3)), strict=True):
        ((timestamp, values),) = outputs[name]
        assert timestamp == 7
        assert np.array_equal(values.reshape(tensor[0, rows].shape), tensor[0, rows])


def test_without_padding():
    outputs = run_node(node(TENSORS), {"tensors": [(7, tensors())]})
    assert [values.shape for ((_, values),) in outputs.values()] == [(16, 16), (4, 4, 10), (4, 4, 2)]


def test_wrong_model():
    with pytest.raises(GraphError, match=r"The tensors are \[1, 8, 8, 2\]; a network for nails gives three"):
        run_node(node(TENSORS), {"tensors": [(7, [np.zeros((1, 8, 8, 2), np.float32)])]})
