import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

BEFORE = np.full((1, 4, 3), 10, np.uint8)
AFTER = np.full((1, 4, 3), 90, np.uint8)


def show(options: str, before, after) -> list[tuple[int, np.ndarray]]:
    node = f"""node {{
      calculator: "BeforeAfterCalculator"
      input_stream: "BEFORE:before" input_stream: "AFTER:after" output_stream: "IMAGE:out"
      node_options {{ [type.googleapis.com/tryon.BeforeAfterCalculatorOptions] {{ {options} }} }}
    }}"""
    return run_node(node, {"before": before, "after": after})["out"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [10, 255, 255, 90]),
        ("line_width: 0", [10, 10, 90, 90]),
        ("position: 0.75 line_width: 0", [10, 10, 10, 90]),
        ("position: 0", [90, 90, 90, 90]),
        ('line_color: "#070000"', [10, 7, 7, 90]),
    ],
)
def test_values(options, expected):
    [(timestamp, view)] = show(options, [(5, BEFORE)], [(5, AFTER)])
    assert timestamp == 5
    assert view[0, :, 0].tolist() == expected


def test_frames_that_come_alone():
    """The effect's passes whole; there is nothing to compare with a frame that the effect dropped."""
    [(timestamp, view)] = show("", [(1, BEFORE)], [(2, AFTER)])
    assert timestamp == 2
    assert view is AFTER


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("position: 1.5", "position is 1.5; it must be from 0 to 1"),
        ("position: -0.1", "position is -0.1"),
        ("line_width: -1", "line_width is -1; it must be 0, for no line, or more"),
        ('line_color: "red"', 'line_color: "red" is no colour'),
    ],
)
def test_exception(options, message):
    with pytest.raises(GraphError, match=message):
        show(options, [], [])
