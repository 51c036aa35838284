import numpy as np
import pytest

from calculators.nails.orientation import wrapped
from tests.calculators.image.run import run_node
from tests.calculators.nails.ellipses import Ellipse, network_maps

SIZE = (100, 140)
NODE = """node {
  calculator: "NailOrientationCalculator"
  input_stream: "LABELS:labels" input_stream: "FOREGROUND:foreground" input_stream: "DIRECTION:direction"
  output_stream: "ORIENTATIONS:orientations"
}"""


def orientations(nails: list[Ellipse], direction: np.ndarray | None = None) -> list[float]:
    """Of nails apart from each other, with the network's direction or another one."""
    foreground, _, known = network_maps(nails, SIZE)
    labels = np.zeros(SIZE, np.int32)
    for i, nail in enumerate(nails):
        labels[(foreground >= 0.5) & (network_maps([nail], SIZE)[0] >= 0.5)] = i + 1
    given = {
        "labels": labels,
        "foreground": foreground,
        "direction": known if direction is None else direction,
    }
    outputs = run_node(NODE, {name: [(4, value)] for name, value in given.items()})
    ((timestamp, found),) = outputs["orientations"]
    assert timestamp == 4
    return found


NAILS = [Ellipse(30, 30, -1.2, 30, 20), Ellipse(90, 50, 3.1, 40, 24), Ellipse(30, 75, 0.4, 16, 20)]


def test_orientations():
    found = orientations(NAILS)
    assert found == [pytest.approx(nail.angle, abs=0.02) for nail in NAILS]
    assert all(type(angle) is float for angle in found)


def test_noise_averages_out():
    _, _, direction = network_maps(NAILS, SIZE)
    noisy = direction + np.random.default_rng(0).normal(0, 0.3, direction.shape).astype(np.float32)
    errors = [
        wrapped(angle - nail.angle) for angle, nail in zip(orientations(NAILS, noisy), NAILS, strict=True)
    ]
    assert np.abs(errors).max() < 0.12


def test_a_field_that_knows_nothing():
    """The longest line decides, the tip is up."""
    nail = Ellipse(60, 50, -1.2, 40, 24)
    (angle,) = orientations([nail], np.zeros((25, 35, 2), np.float32))
    assert angle == pytest.approx(-1.2, abs=0.05)


def test_a_field_that_contradicts_itself():
    """A part of the nail points across: the nail's shape brings the mean back."""
    nail = Ellipse(60, 50, 0.0, 40, 24)
    direction = np.zeros((25, 35, 2), np.float32)
    direction[:, :16, 0], direction[:, 16:, 1] = 1, 1
    (angle,) = orientations([nail], direction)
    (mean,) = orientations([nail], 2 * direction)  # so long that the shape is not asked
    assert 0.2 < angle < mean - 0.05 < 0.7


def test_no_nails():
    assert orientations([]) == []
