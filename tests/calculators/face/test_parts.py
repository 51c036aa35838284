from dataclasses import replace

import numpy as np
import pytest

from calculators.face.parts import (
    LEFT,
    RIGHT,
    STEPS,
    closed,
    eye,
    eye_opening,
    face_outline,
    face_shape,
    fill,
    inner_lips,
    lips,
    mouth,
    region,
    smooth,
)
from calculators.face.types import Face
from tests.calculators.face.portrait import SIZE, face, points, shape_of

FRAME = (SIZE[1], SIZE[0])
SQUARE = np.array([(2, 2), (7, 2), (7, 7), (2, 7)], np.float32)


def test_curves_go_through_their_points():
    where = np.array([(0, 0), (2, 3), (5, 3), (9, -1)], np.float32)
    curve = smooth(where)
    assert curve.shape == (3 * STEPS + 1, 2)
    assert curve[::STEPS] == pytest.approx(where, abs=1e-5)
    straight = smooth(np.array([(0, 0), (2, 2), (4, 4)], np.float32))
    assert straight[:, 0] == pytest.approx(straight[:, 1], abs=1e-5)


def test_closed():
    above, below = smooth(SQUARE[:2]), smooth(SQUARE[[0, 3, 2, 1]])
    outline = closed(above, below)
    assert len(outline) == len(above) + len(below) - 2
    assert len(np.unique(outline.round(3), axis=0)) == len(outline)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda where: where, True),
        (lambda where: where * 0.05, False),
        (lambda where: where * np.nan, False),
        (lambda where: where + np.array((0, 1e6)), False),
        (lambda where: where * 0 + 50, False),
    ],
    ids=["a face", "tiny", "no numbers", "far away", "a point"],
)
def test_faces_to_paint(change, found):
    assert (face_shape(face(change(points())), FRAME) is not None) == found


def test_pixels():
    """Pixel centres are at (i + 0.5) / size."""
    landmarks = face(points()).landmarks
    assert landmarks[8] * FRAME - 0.5 == pytest.approx(points()[8], abs=1e-3)
    shape = shape_of(points())
    assert shape.points == pytest.approx(points(), abs=1e-3)
    assert shape.down == pytest.approx((0, 1), abs=0.02)
    assert 80 < shape.size < 120


def test_mouth():
    assert mouth(shape_of(points(0.0))) is not None
    crossed = points(0.0)
    crossed[[65, 66, 67], 1] -= 4
    shape = shape_of(crossed)
    assert mouth(shape) is None
    above, below = inner_lips(shape)
    assert above == pytest.approx(below, abs=0.6)
    opening = mouth(shape_of(points(1.0)))
    assert np.ptp(opening[:, 1]) == pytest.approx(10, abs=1.5)


@pytest.mark.parametrize(("given", "low", "high"), [(0.0, -0.01, 0.05), (1.0, 0.3, 0.45)])
def test_eye_opening(given, low, high):
    shape = shape_of(points(open_eyes=given))
    for side in (LEFT, RIGHT):
        assert low <= eye_opening(shape, side) <= high


def test_face_outline():
    outline = face_outline(shape_of(points()))
    assert np.isfinite(outline).all()
    assert outline[:, 1].max() == pytest.approx(205, abs=1), "the chin"
    assert 5 < outline[:, 1].min() < 40, "the hairline lies over the brows"
    assert np.abs(outline[:, 0] - 100).max() < 75


def test_fill():
    mask = fill([SQUARE], (0, 0, 10, 10))
    assert mask.dtype == np.float32
    assert (mask[3:7, 3:7] == 1).all()
    assert mask[[0, 9]].max() == mask[:, [0, 9]].max() == 0
    hole = fill([SQUARE], (0, 0, 10, 10), holes=[SQUARE / 2 + 2.25, None])
    assert hole[4, 4] == 0
    assert hole[2, 4] > 0.5


@pytest.mark.parametrize("feather", [1.0, 2.0, 6.0, 15.0])
def test_feather(feather):
    """Half at the border, whatever the softness, rising inwards."""
    outline = np.array([(100, -200), (400, -200), (400, 400), (100, 400)], np.float32)
    row = fill([outline], (0, 50, 200, 40), feather)[20]
    assert row[100] == pytest.approx(0.5, abs=0.11 + 0.16 / feather)
    assert (np.diff(row) >= -1 / 255).all()
    assert row[int(100 - feather)] == pytest.approx(0.2, abs=0.2)
    assert row[int(100 + 3 * feather)] > 0.97


def test_region():
    found = region([SQUARE], (6, 100), 0)
    assert (found.left, found.top) == (1, 1)
    assert found.box == (1, 1, 5, 8)
    assert found.mask.shape == (8, 5)
    assert (found.mask[2:6, 2:] == 1).all(), "the border of the frame is no border of the part"
    assert region([SQUARE - 50], (6, 100), 3) is None
    assert region([SQUARE + 500], (6, 100), 3) is None


def test_parts_mirror():
    """What holds for one half of a face holds for the other."""
    shape = shape_of(points())
    mirrored = np.sort(199.0 + 1 - eye(shape, LEFT)[:, 0])
    assert np.sort(eye(shape, RIGHT)[:, 0]) == pytest.approx(mirrored, abs=0.01)
    both = lips(shape)
    assert both[:, 0].min() + both[:, 0].max() == pytest.approx(200, abs=0.1)


def test_faces_are_values():
    one = Face(np.zeros((68, 2), np.float32), 0.5, 3)
    assert replace(one, id=4).landmarks is one.landmarks
