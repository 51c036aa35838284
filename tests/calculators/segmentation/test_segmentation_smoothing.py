import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

MASK = np.array([[0.1, 0.4, 0.9]], np.float32)
PREVIOUS = np.array([[1, 0.1, 0.4]], np.float32)


def node(ratio: float) -> str:
    return f"""node {{
      calculator: "SegmentationSmoothingCalculator"
      input_stream: "MASK:mask" input_stream: "MASK_PREVIOUS:previous" output_stream: "MASK_SMOOTHED:out"
      options {{ [mediapipe.SegmentationSmoothingCalculatorOptions.ext] {{
        combine_with_previous_ratio: {ratio}
      }} }}
    }}"""


def test_values():
    outputs = run_node(node(0.7), {"mask": [(1, MASK)], "previous": [(1, PREVIOUS)]})
    ((timestamp, result),) = outputs["out"]
    assert timestamp == 1
    assert np.allclose(result, [[0.238841, 0.201918, 0.822866]], atol=2e-6)


def test_first_mask_passes_unchanged():
    outputs = run_node(node(0.7), {"mask": [(1, MASK)], "previous": []})
    assert outputs["out"][0][1] is MASK


def test_no_mask_gives_no_output():
    assert run_node(node(0.7), {"mask": [], "previous": [(1, PREVIOUS)]}) == {"out": []}


@pytest.mark.parametrize("ratio", [-0.1, 1.5])
def test_ratio_out_of_range(ratio):
    with pytest.raises(GraphError, match=r"combine_with_previous_ratio must be in \[0, 1\]"):
        run_node(node(ratio), {"mask": [], "previous": []})


def test_sizes_differ():
    with pytest.raises(GraphError, match=r"mask is \[1, 3\], the previous mask \[1, 2\]"):
        run_node(node(0.7), {"mask": [(1, MASK)], "previous": [(1, PREVIOUS[:, :2])]})
