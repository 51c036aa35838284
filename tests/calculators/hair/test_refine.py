import numpy as np
import pytest

from calculators.hair.refine import refine_mask


def half(height: int, width: int, split: int, left: int, right: int) -> np.ndarray:
    """Grey `left` up to column `split`, then `right`."""
    image = np.full((height, width, 3), right, np.uint8)
    image[:, :split] = left
    return image


def half_mask(split: int, size: int = 32) -> np.ndarray:
    mask = np.zeros((size, size), np.float32)
    mask[:, :split] = 1
    return mask


def refine(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return refine_mask(image, mask, radius=6, contrast=0.06, low=0.1, high=0.9)


def test_shape_and_range():
    refined = refine(half(48, 64, 32, 20, 200), half_mask(16))
    assert refined.shape == (48, 64)
    assert refined.dtype == np.float32
    assert refined.min() == 0
    assert refined.max() == 1


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_uniform_mask_stays(value):
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert (refine(image, np.full((32, 32), value, np.float32)) == value).all()


@pytest.mark.parametrize("edge", [120, 128, 136])
def test_outline_goes_to_the_edge_of_the_picture(edge):
    """The mask ends at column 128 of 256; the hair in the picture a little before or after."""
    refined = refine(half(256, 256, edge, 30, 180), half_mask(16))
    row = refined[128]
    assert (row[: edge - 3] > 0.75).all()
    assert (row[edge + 3 :] < 0.25).all()


def test_without_contrast_the_mask_is_only_enlarged():
    refined = refine(half(256, 256, 128, 90, 90), half_mask(16))
    assert (refined[:, :116] == 1).all()
    assert (refined[:, 140:] == 0).all()


def test_levels():
    mask = np.array([[0.1, 0.5], [0.5, 0.9]], np.float32)
    image = np.full((2, 2, 3), 90, np.uint8)
    refined = refine_mask(image, mask, radius=1, contrast=0.06, low=0.1, high=0.9)
    assert np.allclose(refined, [[0, 0.5], [0.5, 1]], atol=1e-3)
