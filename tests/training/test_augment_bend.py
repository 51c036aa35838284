"""The thin-plate spline: exact and smooth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import RBFInterpolator

from training.augment_bend import POINTS, bend, control_points, draw_shifts, spline_shift


@pytest.mark.parametrize("size", [32, 101])
def test_is_the_thin_plate_spline(size):
    shifts = draw_shifts(np.random.default_rng(size))
    centres = (np.arange(size) + 0.5) / size
    xs, ys = np.meshgrid(centres, centres)
    spline = RBFInterpolator(control_points(), shifts, kernel="thin_plate_spline")
    exact = size * spline(np.column_stack([xs.ravel(), ys.ravel()])).reshape(size, size, 2)
    np.testing.assert_allclose(spline_shift(shifts, size), exact, atol=1e-4 * size)


@settings(deadline=None, max_examples=20)
@given(st.integers(16, 200), st.lists(st.floats(-0.2, 0.2), min_size=6, max_size=6))
def test_a_plane_stays_one(size, plane):
    """Shift, turn and stretch of all points are shift, turn and stretch of every pixel."""
    a, b, c, d, e, f = plane
    linear, offset = np.array([[a, b], [c, d]]), np.array([e, f])
    centres = (np.arange(size) + 0.5) / size
    xs, ys = np.meshgrid(centres, centres)
    expected = size * (np.dstack([xs, ys]) @ linear.T + offset)
    np.testing.assert_allclose(
        spline_shift(control_points() @ linear.T + offset, size), expected, atol=1e-4 * size
    )


def test_no_shift_leaves_the_picture():
    assert spline_shift(np.zeros((POINTS**2, 2)), 64).shape == (64, 64, 2)
    assert not spline_shift(np.zeros((POINTS**2, 2)), 64).any()


@pytest.mark.parametrize("shape", [(64, 64), (64, 64, 3), (64, 64, 4)])
def test_bends_every_channel_alike(shape):
    ramp = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (64, 1))
    picture = ramp if len(shape) == 2 else np.dstack([ramp] * shape[2])
    bent = bend(picture, np.random.default_rng(1))
    assert (bent.shape, bent.dtype) == (shape, np.uint8)
    assert np.abs(bent.astype(int) - picture).max() > 4
    for channel in range(shape[2] if len(shape) == 3 else 0):
        np.testing.assert_array_equal(bent[..., channel], bent[..., 0])


def test_the_picture_does_not_fold():
    """Neighbours keep their order: no pixel comes from beyond the next one, in 99 of 100 places."""
    for seed in range(20):
        shift = spline_shift(draw_shifts(np.random.default_rng(seed)), 64)
        assert (np.diff(shift[..., 0], axis=1) > -1).mean() > 0.99
        assert (np.diff(shift[..., 1], axis=0) > -1).mean() > 0.99
