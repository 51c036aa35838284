"""Flicker, steadiness and recovery on literals."""

import cv2
import numpy as np
import pytest

from training.video_flow import BAND, area_variation, find_motion, flicker, frames_to_recover

SIZE = 128


def texture() -> np.ndarray:
    """A soft pattern, larger than the pictures cut out of it."""
    noise = np.random.default_rng(3).integers(0, 256, (2 * SIZE, 2 * SIZE, 3), np.uint8)
    return cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 3), None, 0, 255, cv2.NORM_MINMAX)


def view(x: int, y: int = 20) -> np.ndarray:
    """What a camera at (x, y) sees of the pattern."""
    return np.ascontiguousarray(texture()[y : y + SIZE, x : x + SIZE])


def disc(x: float, y: float = 64, radius: float = 25) -> np.ndarray:
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return np.clip(radius - np.hypot(columns - x, rows - y) + 0.5, 0, 1).astype(np.float32)


def test_motion_of_a_panned_picture():
    motion = find_motion(view(20), view(24, 17))
    rows, columns = np.mgrid[:SIZE, :SIZE]
    inner = (slice(16, -16), slice(16, -16))
    assert np.abs(motion.x - columns - 4)[inner].mean() < 0.2
    assert np.abs(motion.y - rows + 3)[inner].mean() < 0.2
    assert motion.valid[inner].mean() > 0.95
    assert not motion.valid[:, -3:].any(), "what came into the picture was nowhere before"


def test_pictures_that_have_nothing_in_common_have_no_motion():
    strange = np.random.default_rng(9).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    assert find_motion(view(20), strange).valid.mean() < 0.5


def test_a_mask_that_moves_with_the_picture_does_not_flicker():
    motion = find_motion(view(20), view(24))
    moved, still = flicker(disc(64), disc(60), motion), flicker(disc(64), disc(64), motion)
    assert moved.frame < 0.002
    assert moved.band < 0.01
    assert still.frame > 10 * moved.frame
    assert still.band > 10 * moved.band


def test_flicker_is_the_mean_change():
    """Nothing moves; the upper half gets 0.3 more, and none of it is an outline."""
    motion = find_motion(view(20), view(20))
    assert motion.valid.all()
    before, now = np.zeros((2, SIZE, SIZE), np.float32)
    now[: SIZE // 2] = 0.3
    assert flicker(before, now, motion) == (pytest.approx(0.15, abs=1e-3), None)


@pytest.mark.parametrize(
    ("before", "now", "change", "rows"),
    [
        # The band reaches over BAND pixels on both sides of an outline
        (64, 64, 0, 2 * BAND),
        # and from one outline to the other; where they differ the change is 1
        (64, 68, 4, 2 * BAND + 4),
    ],
)
def test_band(before, now, change, rows):
    motion = find_motion(view(20), view(20))
    masks = [
        np.repeat((np.arange(SIZE) < edge).astype(np.float32)[:, None], SIZE, 1) for edge in (before, now)
    ]
    found = flicker(*masks, motion)
    assert found.frame == pytest.approx(change / SIZE, abs=1e-3)
    assert found.band == pytest.approx(change / rows, rel=0.02, abs=1e-3)


def test_no_hair_has_no_band():
    motion = find_motion(view(20), view(20))
    nothing = np.zeros((SIZE, SIZE), np.float32)
    assert flicker(nothing, nothing, motion) == (0, None)


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ([0.3] * 20, 0),
        # A trend does not count
        (np.linspace(0.2, 0.4, 20), 0),
        (np.zeros(20), None),
        ([0.3, 0.2], None),
        # Fitted to three values: the middle of a line through 1, 0, 1 is 2/3, its ends 2/3 too
        ([1, 0, 1], np.std([1 / 3, -2 / 3, 1 / 3]) / (2 / 3)),
    ],
)
def test_area_variation(areas, expected):
    found = area_variation(np.array(areas, float))
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-9))


def test_an_area_that_jumps_varies():
    areas = np.linspace(0.2, 0.4, 40) + 0.03 * np.resize([1, -1], 40)
    assert area_variation(areas) == pytest.approx(0.03 / 0.3, rel=0.15)


RIGHT, WRONG = np.ones((4, 5), bool), np.zeros((4, 5), bool)
NEARLY = RIGHT.copy()
NEARLY[0, 0] = False  # 19 of 20 is 0.95, and more is wanted


@pytest.mark.parametrize(
    ("masks", "expected"),
    [
        ([RIGHT, RIGHT, RIGHT], 0),
        ([WRONG, RIGHT, RIGHT], 1),
        ([RIGHT, WRONG, RIGHT], 2),
        ([RIGHT, NEARLY, RIGHT], 2),
        ([WRONG, WRONG, WRONG], 3),
    ],
)
def test_frames_to_recover(masks, expected):
    assert frames_to_recover(masks, RIGHT) == expected


def test_no_hair_found_where_none_is_is_right():
    assert frames_to_recover([RIGHT, WRONG, WRONG], WRONG) == 1
