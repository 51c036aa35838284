"""Augmentation: picture, mask and previous mask stay aligned."""

import numpy as np
import pytest

from training.augment import (
    PREVIOUS,
    REFLECTED,
    augment,
    bend,
    change_colours,
    crop_matrix,
    previous_mask,
    warp,
)


def disc(height: int = 120, width: int = 90) -> np.ndarray:
    """A white disc on black, and the same disc as the mask."""
    y, x = np.mgrid[0:height, 0:width]
    inside = np.where((x - 50) ** 2 + (y - 50) ** 2 < 30**2, 255, 0).astype(np.uint8)
    return np.dstack([inside] * 4)


@pytest.mark.parametrize("seed", range(8))
def test_the_picture_and_its_mask_move_together(seed):
    rng = np.random.default_rng(seed)
    picture = disc()
    warped = bend(warp(picture, crop_matrix(picture.shape, 64, rng), 64, REFLECTED), rng)
    assert warped.shape == (64, 64, 4)
    np.testing.assert_array_equal(warped[..., 0], warped[..., 3])


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.25])
def test_warp_keeps_pixel_centres(scale):
    picture = np.dstack([np.tile(np.arange(128, dtype=np.uint8), (128, 1))] * 4)
    matrix = np.array([[scale, 0, 0.5 * scale - 0.5], [0, scale, 0.5 * scale - 0.5]])
    size = int(128 * scale)
    expected = (np.arange(size) + 0.5) / scale - 0.5
    assert np.abs(warp(picture, matrix, size, REFLECTED)[0, 1:-1, 0] - expected[1:-1]).max() <= 1


@pytest.mark.parametrize("seed", range(8))
def test_example_has_the_networks_form(seed):
    inputs, target = augment(disc(), disc(70, 100), 64, np.random.default_rng(seed))
    assert (inputs.shape, inputs.dtype) == ((64, 64, 4), np.float32)
    assert (target.shape, target.dtype) == ((64, 64, 1), np.float32)
    for values in (inputs, target):
        assert values.min() >= 0
        assert values.max() <= 1


def test_same_seed_same_example():
    one, two = (augment(disc(), disc(70, 100), 64, np.random.default_rng(5)) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [("empty", 0, 0), ("small", 0.55, 1), ("bent", 0.8, 1), ("large", 0.05, 1), ("damaged", 0.02, 1)],
)
def test_previous_mask_overlaps_the_truth_as_its_kind_says(kind, least, most):
    mask = disc(96, 96)[..., 3]
    for seed in range(10):
        previous = previous_mask(kind, mask, disc(), 96, np.random.default_rng(seed)) > 127
        iou = (previous & (mask > 0)).sum() / (previous | (mask > 0)).sum()
        assert least <= iou <= most, seed


def test_wrong_previous_mask_comes_from_the_other_picture():
    other = disc()
    other[..., 3] = 0
    sums = [
        previous_mask("wrong", disc(96, 96)[..., 3], other, 96, np.random.default_rng(s)).mean()
        for s in range(20)
    ]
    assert set(sums) == {0, 255}


def test_kinds_of_previous_mask_add_up():
    assert sum(PREVIOUS.values()) == pytest.approx(1)
    assert PREVIOUS["empty"] >= 0.5


def test_colours_keep_form_and_leave_the_source_alone():
    image = np.full((32, 32, 3), 128, np.uint8)
    for seed in range(20):
        changed = change_colours(image, np.random.default_rng(seed))
        assert (changed.shape, changed.dtype) == (image.shape, np.uint8)
    assert (image == 128).all()
