"""Light and camera: colours change, outlines stay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augment_light import (
    add_noise,
    blur_motion,
    change_colour,
    change_light,
    light_table,
)


def bar(size: int = 65) -> np.ndarray:
    """A white bar down the middle of a black picture."""
    image = np.zeros((size, size, 3), np.uint8)
    image[:, size // 2 - 8 : size // 2 + 9] = 255
    return image


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32))
def test_outlines_stay(seed):
    """After everything the bar is where it was: its middle bright, its surroundings dark, in balance."""
    image = bar()
    changed = change_light(image, np.random.default_rng(seed))
    assert (changed.shape, changed.dtype) == (image.shape, np.uint8)
    np.testing.assert_array_equal(image, bar())
    columns = changed.mean(axis=(0, 2))
    level = (columns.max() + columns.min()) / 2
    bright = np.flatnonzero(columns > level)
    assert abs(bright.mean() - 32) <= 1
    assert 13 <= len(bright) <= 21


@pytest.mark.parametrize("angle", [0, 0.7, np.pi / 2, 2.5])
@pytest.mark.parametrize(("length", "spread"), [(2, 0.6), (3.3, 1.0), (9, 2.6), (14, 2.9)])
def test_motion_blur_spreads_a_point_along_its_line(length, angle, spread):
    """Standard deviations of an even line, length / sqrt(12); for 14 of two halves in turn."""
    point = np.zeros((41, 41, 3), np.uint8)
    point[20, 20] = 255
    blurred = blur_motion(point, length, angle)[..., 0].astype(float)
    weight = blurred / blurred.sum()
    ys, xs = np.mgrid[0:41, 0:41] - 20
    along, across = xs * np.cos(angle) + ys * np.sin(angle), ys * np.cos(angle) - xs * np.sin(angle)
    assert abs((weight * along).sum()) < 0.02
    assert abs((weight * across).sum()) < 0.02
    assert np.sqrt((weight * along**2).sum()) == pytest.approx(spread, abs=0.6)
    assert np.sqrt((weight * across**2).sum()) < 0.9


def test_motion_blur_leaves_flat_areas():
    assert (blur_motion(np.full((20, 20, 3), 77, np.uint8), 7, 1.0) == 77).all()


@pytest.mark.parametrize(("strength", "spread"), [(0.0, 0), (1.0, 190)])
def test_colour(strength, spread):
    image = np.full((4, 4, 3), (200, 10, 90), np.uint8)
    changed = change_colour(image, strength)[0, 0].astype(int)
    assert changed.max() - changed.min() == spread


def test_table_without_changes_is_the_identity():
    table = light_table(0.5, False, False, False, np.random.default_rng(0))
    np.testing.assert_array_equal(table, np.arange(256)[:, None].repeat(3, axis=1))


@pytest.mark.parametrize("seed", range(5))
def test_dim_light_is_dim(seed):
    table = light_table(0.5, False, False, True, np.random.default_rng(seed))
    assert 0.19 * 255 < table[255].max() <= 0.6 * 255
    assert (np.diff(table.astype(int), axis=0) >= 0).all()


def test_noise_has_the_strength_that_was_asked_for():
    noisy = add_noise(np.full((64, 64, 3), 128, np.uint8), 8, np.random.default_rng(0))
    assert noisy.std() == pytest.approx(8, rel=0.05)
    assert noisy.mean() == pytest.approx(128, abs=0.5)


@pytest.mark.parametrize("level", [0, 255])
def test_noise_does_not_wrap_around(level):
    noisy = add_noise(np.full((64, 64, 3), level, np.uint8), 8, np.random.default_rng(0))
    assert np.abs(noisy.astype(int) - level).max() < 40
