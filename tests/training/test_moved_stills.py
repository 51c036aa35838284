"""Stills moved as clips, whatever they show."""

import numpy as np
import pytest

from training.moved_stills import ANGLE, NOISE, ZOOM, move_picture

GREY = np.full((60, 80, 3), 120, np.uint8)


def test_a_camera_at_rest():
    """Frames differ by their noise alone; the first one is that of the clip that moves."""
    rest = list(move_picture("any", GREY, 12, moves=False))
    moving = next(move_picture("any", GREY, 12))
    assert {frame.matrix.tobytes() for frame in rest} == {moving.matrix.tobytes()}
    assert {(frame.angle, frame.speed) for frame in rest} == {(moving.angle, 0.0)}
    np.testing.assert_array_equal(rest[0].image, moving.image)
    change = rest[1].image.astype(float) - rest[0].image
    assert change.std() == pytest.approx(2**0.5 * NOISE, rel=0.05)
    assert abs(change.mean()) < 0.2


def test_a_camera_that_moves():
    frames = list(move_picture("any", GREY, 48))
    for frame in frames:
        zoom = np.hypot(*frame.matrix[:, 0])
        assert ZOOM[0] <= zoom <= ZOOM[1]
        assert abs(frame.angle) <= ANGLE
        assert np.arctan2(*frame.matrix[::-1, 0]) == pytest.approx(frame.angle)
    assert max(frame.speed for frame in frames) > 1
