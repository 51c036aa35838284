import numpy as np
import pytest

from calculators.segmentation.motion import find_flow, move, steady_mask, thumbnail

FLAT = np.full((64, 64), 90, np.uint8)


def scene(seed: int = 0) -> np.ndarray:
    """Soft blobs, RGB uint8 [256, 256, 3]."""
    coarse = np.random.default_rng(seed).uniform(0, 255, (16, 16))
    for axis in (0, 1):
        coarse = np.repeat(coarse, 16, axis=axis)
        kernel = np.hanning(33) / np.hanning(33).sum()
        coarse = np.apply_along_axis(np.convolve, axis, coarse, kernel, mode="same")
    return np.repeat(coarse.astype(np.uint8)[..., None], 3, axis=2)


def shifted(values: np.ndarray, pixels: int) -> np.ndarray:
    """To the right; what is new on the left repeats the edge."""
    return np.concatenate([np.repeat(values[:, :1], pixels, axis=1), values[:, :-pixels]], axis=1)


@pytest.mark.parametrize(
    ("new", "before", "expected"),
    [
        (0.5, 0.1, 0.18),  # in doubt: 0.8 of the mask before
        (1.0, 0.0, 1.0),  # sure of a change: nothing of it
        (0.9, 1.0, 0.962304),  # nearly the same: 0.8 * exp(-1/4)
        (0.4, 0.4, 0.4),
    ],
)
def test_values(new, before, expected):
    mask, previous = np.full((4, 4), new, np.float32), np.full((4, 4), before, np.float32)
    assert np.allclose(steady_mask(mask, previous, FLAT, FLAT, 0.8), expected, atol=1e-5)
    assert (mask == np.float32(new)).all()
    assert (previous == np.float32(before)).all()


def test_without_strength_the_mask_stays():
    generator = np.random.default_rng(0)
    mask, previous = (generator.random((32, 32), np.float32) for _ in range(2))
    assert np.array_equal(steady_mask(mask, previous, FLAT, FLAT, 0.0), mask)


def test_flow_finds_a_shift():
    flow = find_flow(thumbnail(shifted(scene(), 8)), thumbnail(scene()))
    assert np.allclose(flow[16:48, 16:48], [-2, 0], atol=0.15)


def test_move():
    columns = np.tile(np.arange(128, dtype=np.float32), (128, 1))
    flow = np.zeros((64, 64, 2), np.float32)
    flow[..., 0] = -2
    assert np.allclose(move(columns, flow)[:, 4:], columns[:, :-4], atol=1e-4)


def test_the_mask_before_moves_along():
    """A doubtful mask goes towards where the hair was, moved by as much as the picture."""
    previous = np.zeros((256, 256), np.float32)
    previous[:, :128] = 1
    doubt = np.full((256, 256), 0.5, np.float32)
    steady = steady_mask(doubt, previous, thumbnail(shifted(scene(), 8)), thumbnail(scene()), 0.8)
    inner = steady[64:192]
    assert (inner[:, 32:132] > 0.85).all()
    assert (inner[:, 140:224] < 0.15).all()


def test_a_cut_forgets():
    mask = np.full((64, 64), 0.5, np.float32)
    steady = steady_mask(mask, np.ones_like(mask), FLAT, 255 - FLAT, 0.8)
    assert np.allclose(steady, 0.5, atol=1e-4)


@pytest.mark.parametrize("size", [(256, 256), (512, 512), (40, 72)])
def test_shape_and_range(size):
    generator = np.random.default_rng(0)
    mask, previous = (generator.random(size, np.float32) for _ in range(2))
    steady = steady_mask(mask, previous, thumbnail(scene(1)), thumbnail(scene()), 0.9)
    assert steady.shape == size
    assert steady.dtype == np.float32
    assert 0 <= steady.min() <= steady.max() <= 1
