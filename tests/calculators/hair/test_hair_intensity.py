import math

import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

HAIR, NO_HAIR = np.ones((2, 2), np.float32), np.zeros((2, 2), np.float32)


def grey(level: int) -> np.ndarray:
    return np.full((2, 2, 3), level, np.uint8)


def node(time_constant: float) -> str:
    return f"""node {{
      calculator: "HairIntensityCalculator"
      input_stream: "IMAGE:image" input_stream: "MASK:mask" output_stream: "INTENSITY:intensity"
      node_options {{
        [type.googleapis.com/tryon.HairIntensityCalculatorOptions] {{ time_constant: {time_constant} }}
      }}
    }}"""


def intensities(time_constant: float, frames: list[tuple[int, int, np.ndarray]]) -> list[tuple[int, float]]:
    inputs = {
        "image": [(timestamp, grey(level)) for timestamp, level, _ in frames],
        "mask": [(timestamp, mask) for timestamp, _, mask in frames],
    }
    return run_node(node(time_constant), inputs)["intensity"]


def test_first_value_holds_at_once():
    assert intensities(0.5, [(0, 51, HAIR)]) == [(0, pytest.approx(0.2))]


def test_follows_in_time():
    measured = intensities(0.5, [(0, 0, HAIR), (500_000, 255, HAIR)])
    assert measured[1] == (500_000, pytest.approx(1 - math.exp(-1)))


def test_does_not_depend_on_the_frame_rate():
    slow = intensities(0.5, [(0, 0, HAIR), (1_000_000, 255, HAIR)])
    fast = intensities(0.5, [(0, 0, HAIR), *[(t, 255, HAIR) for t in range(40_000, 1_000_001, 40_000)]])
    assert fast[-1] == (1_000_000, pytest.approx(slow[-1][1]))


def test_without_smoothing():
    assert [value for _, value in intensities(0, [(0, 0, HAIR), (1, 255, HAIR)])] == [0, pytest.approx(1)]


def test_holds_without_hair():
    measured = intensities(0.5, [(0, 0, NO_HAIR), (1, 51, HAIR), (2, 255, NO_HAIR)])
    assert measured == [(1, pytest.approx(0.2)), (2, pytest.approx(0.2))]


def test_scene_light_is_what_is_bright_beside_the_hair():
    frame, mask = np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), np.float32)
    frame[:, 32:], mask[:, :32] = 204, 1
    frame[:, :32] = 255
    scene = node(0.5).replace("node_options", 'output_stream: "SCENE_LIGHT:light" node_options')
    outputs = run_node(scene, {"image": [(0, frame), (1, frame)], "mask": [(0, mask), (1, mask * 0 + 1)]})
    assert outputs["light"] == [(0, pytest.approx(0.8)), (1, pytest.approx(0.8))]
    assert outputs["intensity"][0] == (0, pytest.approx(1))


def test_bad_time_constant():
    with pytest.raises(GraphError, match="time_constant is -1"):
        intensities(-1, [])
