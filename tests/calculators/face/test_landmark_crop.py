"""The square of a face: where it lies, what it shows, and back."""

from dataclasses import astuple
from math import pi

import numpy as np
import pytest

from calculators.face.landmark_crop import crop_face, crop_matrix, face_region, to_picture
from calculators.face.landmark_layout import IBUG_68
from calculators.inference.region import Region


def face(angle: float = 0.0, center: tuple[float, float] = (60, 50)) -> np.ndarray:
    """Points in a box of 40 x 60 pixels about a centre, the eyes level, then turned clockwise."""
    points = np.zeros((68, 2))
    points[0], points[16], points[8] = (-20, -30), (20, 10), (0, 30)
    points[36], points[45] = (-10, -10), (10, -10)
    cos, sin = np.cos(angle), np.sin(angle)
    return points @ np.array([[cos, sin], [-sin, cos]]) + center


@pytest.mark.parametrize("angle", [0.0, 0.3, -pi / 2, 3.0])
def test_region_is_upright_to_the_eyes(angle):
    region = face_region(face(angle), IBUG_68)
    assert astuple(region) == pytest.approx((60, 50, 90, 90, angle))


@pytest.mark.parametrize("angle", [0.0, 0.5])
def test_there_and_back(angle):
    region, points = Region(30, 40, 20, 20, angle), np.array([[30, 40], [35.5, 41], [0, 0]])
    matrix = crop_matrix(region, 1.0)
    fractions = points @ matrix[:, :2].T + matrix[:, 2]
    assert fractions[0] == pytest.approx((0.5, 0.5))
    np.testing.assert_allclose(to_picture(fractions, region), points, atol=1e-9)


def test_the_squares_right_is_the_persons_left():
    region = face_region(face(0.7), IBUG_68)
    matrix = crop_matrix(region, 90)
    right, left = (face(0.7)[[36, 45]] @ matrix[:, :2].T) + matrix[:, 2]
    assert left - right == pytest.approx((20, 0))


def test_a_crop_at_its_own_size_copies_pixels():
    image = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
    np.testing.assert_array_equal(crop_face(image, Region(14, 9, 8, 8), 8), image[5:13, 10:18])


def test_a_quarter_turn_turns_the_picture():
    image = np.random.default_rng(2).integers(0, 256, (12, 12, 3), np.uint8)
    turned = crop_face(image, Region(6, 6, 12, 12, pi / 2), 12)
    np.testing.assert_array_equal(turned, np.rot90(image))


@pytest.mark.parametrize("side", [32, 64, 256])
def test_a_crop_keeps_its_middle_at_any_scale(side):
    """A ramp of one grey level a pixel: what the middle shows does not depend on the scale."""
    image = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (256, 256, 3)).copy()
    crop = crop_face(image, Region(128, 128, side, side), 64).astype(float)
    assert crop[:, 31:33].mean() == pytest.approx(127.5, abs=0.5)


@pytest.mark.parametrize("center", [(-100, 5), (5, -100), (100, 5), (5, 100), (100, 100)])
def test_beside_the_picture_its_border_is_repeated(center):
    image = np.full((10, 10, 3), 80, np.uint8)
    assert (crop_face(image, Region(*center, 6, 6, 0.2), 16) == 80).all()
