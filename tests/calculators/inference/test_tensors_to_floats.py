import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError


def floats(tensors, options="", output="FLOATS"):
    node = f"""node {{
      calculator: "TensorsToFloatsCalculator" input_stream: "TENSORS:in" output_stream: "{output}:out"
      options {{ [mediapipe.TensorsToFloatsCalculatorOptions.ext] {{ {options} }} }}
    }}"""
    return run_node(node, {"in": [(1, tensors)]})["out"][0][1]


def tensor(*values):
    return np.array([values], np.float32)


@pytest.mark.parametrize(
    ("options", "expected"), [("", [1.5, 0, -2]), ("activation: SIGMOID", [0.817574, 0.5, 0.119203])]
)
def test_values(options, expected):
    assert floats([tensor(1.5, 0, -2), tensor(7)], options) == pytest.approx(expected, abs=1e-6)


def test_bounds():
    assert floats([tensor(1000, -1000)], "activation: SIGMOID") == [1, 0]


def test_one():
    value = floats([tensor(0.25)], output="FLOAT")
    assert (value, type(value)) == (0.25, float)


@pytest.mark.parametrize(
    ("tensors", "output", "message"),
    [
        ([tensor(1, 2)], "FLOAT", r"one element, this one has shape \[1, 2\]; use FLOATS"),
        ([], "FLOATS", "list of tensors is empty"),
        ([np.zeros(2, np.uint8)], "FLOATS", "must be float32, not uint8"),
        ([], "NOPE", "exactly one of the output streams FLOATS and FLOAT"),
    ],
)
def test_exception(tensors, output, message):
    with pytest.raises(GraphError, match=message):
        floats(tensors, output=output)
