import math
from dataclasses import replace

import numpy as np
import pytest

from calculators.nails.pose import (
    leaves_frame,
    moved_box,
    moved_mask,
    pose_change,
    shift,
    stretching,
    with_steady_mask,
)
from tests.calculators.nails.ellipses import Ellipse, full_mask, iou, true_nail

SIZE = (90, 120)
FRAME = (120, 90)


def apply(affine, x, y):
    a, b, c, d, e, f = affine
    return a * x + b * y + c, d * x + e * y + f


def test_shift():
    assert apply(shift(2, -3), 10, 20) == (12, 17)


@pytest.mark.parametrize("angle", [0.0, 0.6, -2.0])
def test_stretching(angle):
    affine = stretching((10, 20), angle, 2.0, 0.5)
    cos, sin = math.cos(angle), math.sin(angle)
    assert apply(affine, 10, 20) == pytest.approx((10, 20))
    assert apply(affine, 10 + 3 * cos, 20 + 3 * sin) == pytest.approx((10 + 6 * cos, 20 + 6 * sin))
    assert apply(affine, 10 - 4 * sin, 20 + 4 * cos) == pytest.approx((10 - 2 * sin, 20 + 2 * cos))


def test_pose_change():
    before, now = (
        true_nail(Ellipse(50, 40, 0.3, 30, 20), SIZE),
        true_nail(Ellipse(55, 43, 1.1, 36, 18), SIZE),
    )
    affine = pose_change(before, now)
    for along, across in ((0, 0), (0.5, 0), (0, 0.5), (-0.5, 0.2)):
        places = [
            (
                nail.center[0]
                + along * nail.length * math.cos(nail.angle)
                - across * nail.width * math.sin(nail.angle),
                nail.center[1]
                + along * nail.length * math.sin(nail.angle)
                + across * nail.width * math.cos(nail.angle),
            )
            for nail in (before, now)
        ]
        assert apply(affine, *places[0]) == pytest.approx(places[1])


def test_nails_below_a_pixel_are_not_shrunk():
    nail = true_nail(Ellipse(50, 40, 0.3, 30, 20), SIZE, length=0.5, width=0.0)
    assert pose_change(nail, nail) == pytest.approx(shift(0, 0))


@pytest.mark.parametrize(
    ("x", "y", "box"),
    [
        (0, 0, (10, 20, 14, 23)),
        (3, -2, (13, 18, 17, 21)),
        (0.5, 0, (10, 20, 15, 23)),
        (-12, 0, (0, 20, 2, 23)),
        (107, 68, (117, 88, 120, 90)),
        (-14, 0, None),
        (0, 90, None),
    ],
)
def test_moved_box(x, y, box):
    nail = replace(true_nail(Ellipse(50, 40), SIZE), mask=np.ones((3, 4), np.float32), left=10, top=20)
    assert moved_box(nail, shift(x, y), FRAME) == box


@pytest.mark.parametrize(
    "moved",
    [
        Ellipse(53, 38, 0.3, 30, 20),
        Ellipse(53.4, 38.7, 0.3, 30, 20),
        Ellipse(50, 40, 1.5, 30, 20),
        Ellipse(48, 41, -0.5, 40, 15),
    ],
)
def test_a_moved_mask_is_where_the_nail_is(moved):
    nail, target = true_nail(Ellipse(50, 40, 0.3, 30, 20), SIZE), true_nail(moved, SIZE)
    affine = pose_change(nail, target)
    box = moved_box(nail, affine, FRAME)
    mask = moved_mask(nail, affine, box)
    found = replace(target, mask=mask, left=box[0], top=box[1])
    assert iou(full_mask(found, SIZE), full_mask(target, SIZE)) > 0.96


def test_standing_still_changes_nothing():
    nail = true_nail(Ellipse(50, 40, 0.3, 30, 20), SIZE)
    box = moved_box(nail, shift(0, 0), FRAME)
    assert np.array_equal(moved_mask(nail, shift(0, 0), box), nail.mask)


@pytest.mark.parametrize(
    ("x", "y", "leaves"),
    [(50, 40, False), (15, 40, False), (8, 40, True), (112, 40, True), (50, 5, True), (50, 86, True)],
)
def test_leaves_frame(x, y, leaves):
    assert leaves_frame(true_nail(Ellipse(x, y, 0, 24, 16), SIZE), FRAME) is leaves


def test_steady_mask():
    """A pixel in doubt goes towards what it was; one that turned from nail to none does so at once."""
    before = replace(true_nail(Ellipse(50, 40), SIZE), mask=np.full((3, 4), 0.5, np.float32), left=10, top=20)
    seen = replace(before, mask=np.full((3, 4), 0.7, np.float32))
    mask = with_steady_mask(before, seen, before, 0.5, FRAME).mask
    assert np.allclose(mask, 0.7 - 0.5 * 0.2 * (1 - 0.04), atol=1e-4)
    before, seen = (
        replace(nail, mask=np.full((3, 4), value, np.float32)) for nail, value in ((before, 1), (seen, 0))
    )
    assert not with_steady_mask(before, seen, before, 0.9, FRAME).mask.any()
    assert not before.mask.min() < 1
