"""Augmentation of faces: points stay on what they mark, mirrored ones change their numbers."""

import cv2
import numpy as np
import pytest

from calculators.face.landmark_layout import IBUG_68
from tests.training.tiny_faces import face_points
from training import augment_landmarks as module
from training.augment_landmarks import augment_landmarks, cover, no_face, shade
from training.data_landmarks import FacePicture

OTHERS = [np.full((90, 70, 3), 200, np.uint8)]
SIZE = 64


def marked_face() -> FacePicture:
    """The outer eye corner of the right eye is red, that of the left one green, the chin blue."""
    points = face_points((60, 60), 60)
    image = np.zeros((120, 120, 3), np.uint8)
    for point, colour in ((36, (255, 0, 0)), (45, (0, 255, 0)), (8, (0, 0, 255))):
        cv2.circle(image, tuple(np.floor(points[point]).astype(int).tolist()), 4, colour, -1)
    return FacePicture(image, points)


@pytest.fixture
def plain(monkeypatch):
    """Neither patches nor light: where things are shows."""
    for name in ("COVERED", "SHADED", "COARSE"):
        monkeypatch.setattr(module, name, 0.0)
    monkeypatch.setattr(module, "change_light", lambda image, rng: image)


@pytest.mark.parametrize("seed", range(12))
def test_points_stay_on_what_they_mark(plain, seed):
    image, target = augment_landmarks(marked_face(), OTHERS, IBUG_68, SIZE, np.random.default_rng(seed))
    assert image.shape == (SIZE, SIZE, 3)
    assert image.dtype == target.dtype == np.float32
    assert target.shape == (137,)
    assert target[-1] == 1
    points = target[:-1].reshape(-1, 2)
    right, left, chin = 36, 45, 8
    # A mirrored right eye is a left one: its corner is green no more.
    mirrored = _colour(image, points[right])[1] > 0
    if mirrored:
        right, left = left, right
    for point, channel in ((right, 0), (left, 1), (chin, 2)):
        assert _colour(image, points[point])[channel] > 0
    # In either, the person's right eye is at the left of the picture, as faces look at us.
    assert points[36, 0] < points[45, 0]


def test_both_sides_are_drawn(plain):
    rng = np.random.default_rng(0)
    sides = set()
    for _ in range(16):
        image, target = augment_landmarks(marked_face(), OTHERS, IBUG_68, SIZE, rng)
        sides.add(_colour(image, target[:-1].reshape(-1, 2)[36])[0] > 0)
    assert sides == {True, False}


def test_the_same_seed_draws_the_same():
    one, two = (
        augment_landmarks(marked_face(), OTHERS, IBUG_68, SIZE, np.random.default_rng(4)) for _ in range(2)
    )
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_most_points_stay_in_the_square():
    rng = np.random.default_rng(1)
    drawn = [augment_landmarks(marked_face(), OTHERS, IBUG_68, SIZE, rng)[1][:-1] for _ in range(60)]
    assert np.mean((np.array(drawn) > 0) & (np.array(drawn) < 1)) > 0.98


@pytest.mark.parametrize("scene", [marked_face(), OTHERS[0]], ids=["beside", "other"])
def test_no_face_has_no_target(scene):
    image, target = no_face(scene, IBUG_68, SIZE, np.random.default_rng(2))
    assert image.shape == (SIZE, SIZE, 3)
    assert not target.any()


def test_what_is_beside_a_face_shows_at_most_a_part_of_it(plain):
    """Of a face that fills the middle, the square never shows the eyes and the chin at a face's size."""
    rng = np.random.default_rng(3)
    face = marked_face()
    face.image[:] = 0
    cv2.ellipse(face.image, (60, 60), (30, 30), 0, 0, 360, (255, 255, 255), -1)
    whole = np.mean(augment_landmarks(face, OTHERS, IBUG_68, SIZE, rng)[0] > 0)
    shown = [np.mean(no_face(face, IBUG_68, SIZE, rng)[0] > 0) for _ in range(40)]
    near = [share for share in shown if 0.7 * whole < share < 1.3 * whole]
    assert len(near) < 10


def test_a_patch_covers_a_part():
    image = np.zeros((SIZE, SIZE, 3), np.uint8)
    shares = [np.mean(cover(image, OTHERS[0], np.random.default_rng(seed)) > 100) for seed in range(20)]
    assert min(shares) > 0
    assert max(shares) < 0.35


def test_shade_darkens_one_side():
    shaded = shade(np.full((SIZE, SIZE, 3), 200, np.uint8), np.random.default_rng(0))
    assert shaded.max() <= 200
    assert np.ptp(shaded) > 20


def _colour(image: np.ndarray, point: np.ndarray) -> np.ndarray:
    x, y = np.clip(point * SIZE, 0, SIZE - 1).astype(int)
    return image[y, x]
