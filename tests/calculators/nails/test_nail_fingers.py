import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

UP = -np.pi / 2


def named(shares: np.ndarray, labels: np.ndarray, angles: list[float], options: str = "") -> list[int | None]:
    node = f"""node {{
      calculator: "NailFingersCalculator"
      input_stream: "FINGER_SCORES:shares" input_stream: "LABELS:labels" input_stream: "ORIENTATIONS:angles"
      output_stream: "CLASS_IDS:ids"
      node_options {{ [type.googleapis.com/tryon.NailFingersCalculatorOptions] {{ {options} }} }}
    }}"""
    inputs = {"shares": [(3, shares)], "labels": [(3, labels)], "angles": [(3, angles)]}
    ((timestamp, ids),) = run_node(node, inputs)["ids"]
    assert timestamp == 3
    return ids


def row(count: int) -> np.ndarray:
    """Nails side by side, 1 to `count` from left to right."""
    labels = np.zeros((40, 150), np.int32)
    for i in range(count):
        labels[10:22, 5 + 25 * i : 15 + 25 * i] = i + 1
    return labels


def share(*fingers: int) -> np.ndarray:
    """Each nail is half of that finger, and of all others to equal parts."""
    values = np.full((len(fingers), 10), 0.5 / 9, np.float32)
    values[range(len(fingers)), fingers] = 0.5
    return values


def test_a_hand():
    """The thumb and the ring finger are taken for the other hand's."""
    assert named(share(0, 6, 7, 3, 9), row(5), [UP] * 5) == [5, 6, 7, 8, 9]


def test_one_nail_alone():
    assert named(share(3), row(1), [UP]) == [3]
    assert named(np.full((1, 10), 0.1, np.float32), row(1), [UP]) == [None]
    assert named(share(3), row(1), [UP], "min_finger_score: 0.6") == [None]
    assert named(np.full((1, 10), 0.1, np.float32), row(1), [UP], "min_finger_score: 0") == [0]


def test_nothing_is_known_of_two_nails():
    assert named(np.full((2, 10), 0.1, np.float32), row(2), [UP] * 2) == [None, None]


def test_no_nail():
    assert named(np.zeros((0, 10), np.float32), row(0), []) == []


@pytest.mark.parametrize("value", ["-1", "1.5"])
def test_option_out_of_range(value):
    with pytest.raises(GraphError, match=f"min_finger_score is {value}; it must be in 0 to 1"):
        named(share(3), row(1), [UP], f"min_finger_score: {value}")
