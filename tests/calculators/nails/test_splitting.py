import numpy as np
import pytest

from calculators.nails.components import find_components
from calculators.nails.maps import nail_means
from calculators.nails.splitting import bounding_boxes, solidity, split_components
from tests.calculators.nails.ellipses import Ellipse, network_maps

SIZE = (264, 352)


def split(
    ellipses: list[Ellipse], confused: slice | None = None, noise: float = 0.0
) -> tuple[int, int, np.ndarray]:
    """How many parts there are before and after, and the labels. Confused columns swap hands."""
    foreground, fingers, _ = network_maps(ellipses, SIZE)
    if confused:
        fingers[:, confused] = np.roll(fingers[:, confused], 5, axis=2)
    generator = np.random.default_rng(0)
    foreground = np.clip(foreground + generator.normal(0, noise, SIZE), 0, 1).astype(np.float32)
    labels = find_components(foreground, 0.5, 8, 0.0002)
    count = int(labels.max())
    shares = nail_means(labels, count, foreground, fingers)
    labels, now = split_components(labels, count, shares, fingers)
    return count, now, labels


@pytest.mark.parametrize("scale", [0.6, 1, 2, 4])
@pytest.mark.parametrize("finger", [2, 1])  # of the second nail, the first one's is 1
@pytest.mark.parametrize(("x", "y", "turn"), [(13.5, 1, 0), (13, 5, 0.3), (0, 19.5, 0)])
def test_touching_nails_are_taken_apart(scale, finger, x, y, turn):
    first = Ellipse(100, 100, -1.5, 20 * scale, 14 * scale, 1)
    second = Ellipse(100 + x * scale, 100 + y * scale, -1.5 + turn, 20 * scale, 14 * scale, finger)
    before, now, labels = split([first, second])
    assert (before, now) == (1, 2)
    one, other = (labels[round(nail.y), round(nail.x)] for nail in (first, second))
    assert {one, other} == {1, 2}
    areas = np.bincount(labels.ravel())[1:]
    assert abs(areas[0] - areas[1]) < 0.2 * areas.sum()


@pytest.mark.parametrize(("x", "y", "turn"), [(124, 100, 0), (118, 120, 1.57)])
@pytest.mark.parametrize(("finger", "count"), [(2, 2), (1, 1)])
def test_overlapping_nails_are_taken_apart_by_their_fingers(x, y, turn, finger, count):
    nails = [Ellipse(100, 100, -1.5, 40, 28, 1), Ellipse(x, y, -1.5 + turn, 40, 28, finger)]
    assert split(nails)[:2] == (1, count)


@pytest.mark.parametrize(("length", "width"), [(8, 5), (12, 9), (20, 14), (60, 40), (150, 100)])
@pytest.mark.parametrize("angle", [-1.5, -0.8, 0, 0.3])
def test_one_nail_seen_as_two_fingers_stays_whole(length, width, angle):
    nail = Ellipse(100.3, 100.2, angle, length, width, 1)
    assert split([nail], confused=slice(25, None), noise=0.1)[:2] == (1, 1)


def test_apart_already():
    nails = [Ellipse(100, 100, -1.5), Ellipse(118, 100, -1.5)]
    before, now, labels = split(nails)
    assert (before, now) == (2, 2)
    assert labels[100, 100] != labels[100, 118]


def test_three_in_a_row():
    nails = [Ellipse(100 + 27 * i, 100, -1.57, 40, 28, i + 1) for i in range(3)]
    before, now, labels = split(nails)
    assert (before, now) == (1, 3)
    assert len({labels[100, 100 + 27 * i] for i in range(3)}) == 3


def test_labels_are_not_modified():
    foreground, fingers, _ = network_maps(
        [Ellipse(50, 50, 0, finger=1), Ellipse(50, 63.5, 0, finger=2)], SIZE
    )
    labels = find_components(foreground, 0.5, 8, 0)
    before = labels.copy()
    assert split_components(labels, 1, nail_means(labels, 1, foreground, fingers), fingers)[1] == 2
    assert np.array_equal(labels, before)


def test_bounding_boxes():
    labels = np.zeros((6, 9), np.int32)
    labels[1:3, 2:6], labels[5, 8], labels[0, 0] = 2, 1, 3
    assert bounding_boxes(labels, 3) == [(8, 5, 1, 1), (2, 1, 4, 2), (0, 0, 1, 1)]
    assert bounding_boxes(np.zeros((6, 9), np.int32), 0) == []


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 9), (2, 2), (20, 30)])
def test_rectangles_are_solid(rows, columns):
    assert solidity(np.ones((rows, columns), np.uint8)) == 1
