import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError


def node(options: str = "") -> str:
    return f"""node {{
      calculator: "MaskRefinementCalculator"
      input_stream: "IMAGE:image" input_stream: "MASK:mask" output_stream: "MASK:out"
      node_options {{ [type.googleapis.com/tryon.MaskRefinementCalculatorOptions] {{ {options} }} }}
    }}"""


def test_values():
    image, mask = np.zeros((48, 64, 3), np.uint8), np.ones((16, 16), np.float32)
    outputs = run_node(node(), {"image": [(1, image), (2, image)], "mask": [(2, mask)]})
    ((timestamp, refined),) = outputs["out"]
    assert timestamp == 2
    assert refined.shape == (48, 64)
    assert (refined == 1).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("radius: 0", "radius is 0; it must be from 1 to 32"),
        ("radius: 33", "radius is 33"),
        ("contrast: 0", r"contrast is 0; it must be from 0\.01 to 1"),
        ("contrast: 1.1", r"contrast is 1\.1"),
        ("low: 0.85", r"low is 0\.85, high is 0\.85; needed is 0 <= low < high <= 1"),
        ("high: 1.5", r"high is 1\.5"),
        ("low: -0.1", r"low is -0\.1"),
    ],
)
def test_errors(options, message):
    with pytest.raises(GraphError, match=message):
        run_node(node(options), {"image": [], "mask": []})
