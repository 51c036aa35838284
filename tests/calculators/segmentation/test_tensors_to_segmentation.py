import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

ROW = np.array([-2, -0.745098, 0.509804, 3, -1.372549, 1.921569], np.float32).reshape(1, 2, 3, 1)
TWO = np.array([[[[0, 1], [2, -1]]]], np.float32)


def node(options: str = "", streams: str = "") -> str:
    return f"""node {{
      calculator: "TensorsToSegmentationCalculator"
      input_stream: "TENSORS:in" {streams} output_stream: "MASK:mask"
      options {{ [mediapipe.TensorsToSegmentationCalculatorOptions.ext] {{ {options} }} }}
    }}"""


@pytest.mark.parametrize(
    ("tensor", "options", "expected"),
    [
        # What the reference gives.
        (ROW, "", [[-2, -0.745098, 0.509804], [3, -1.372549, 1.921569]]),
        (ROW, "activation: SIGMOID", [[0.119203, 0.32189, 0.624761], [0.952574, 0.202208, 0.872313]]),
        (TWO, "activation: SOFTMAX", [[0.731059, 0.047426]]),
        (TWO, "activation: SOFTMAX output_layer_index: 0", [[0.268941, 0.952574]]),
    ],
)
def test_values(tensor, options, expected):
    ((timestamp, mask),) = run_node(node(options), {"in": [(1, [tensor])]})["mask"]
    assert timestamp == 1
    assert np.allclose(mask, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("size", "first", "last"),
    [
        # What the reference gives: linear also where the mask shrinks.
        ((7, 4), -2, 1.921569),
        ((2, 1), 0.110294, 0.647059),
        ((3, 2), -2, 1.921569),
    ],
)
def test_output_size(size, first, last):
    inputs = {"in": [(1, [ROW])], "size": [(1, size)]}
    ((_, mask),) = run_node(node(streams='input_stream: "OUTPUT_SIZE:size"'), inputs)["mask"]
    assert mask.shape == (size[1], size[0])
    assert mask.dtype == np.float32
    assert np.allclose(mask.ravel()[[0, -1]], [first, last], atol=1e-6)


def test_no_output_without_size():
    inputs = {"in": [(1, [ROW]), (2, [ROW])], "size": [(2, (1, 1))]}
    outputs = run_node(node(streams='input_stream: "OUTPUT_SIZE:size"'), inputs)
    assert [timestamp for timestamp, _ in outputs["mask"]] == [2]


@pytest.mark.parametrize(
    ("tensors", "options", "message"),
    [
        ([], "", "list of tensors is empty"),
        ([ROW[0, 0]], "", r"not float32 \[3, 1\]"),
        ([ROW], "activation: SOFTMAX", "SOFTMAX needs two channels"),
        ([ROW], "output_layer_index: 2", "output_layer_index must be 0 or 1, not 2"),
    ],
)
def test_exception(tensors, options, message):
    with pytest.raises(GraphError, match=message):
        run_node(node(options), {"in": [(1, tensors)]})
