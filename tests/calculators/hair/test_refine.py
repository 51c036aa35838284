import cv2
import numpy as np
import pytest

from calculators.hair.refine import refine_mask

HAIR, WALL = 30, 220
"""Grey levels of dark hair before a bright wall."""


def half(height: int, width: int, split: int, left: int, right: int) -> np.ndarray:
    """Grey `left` up to column `split`, then `right`."""
    image = np.full((height, width, 3), right, np.uint8)
    image[:, :split] = left
    return image


def half_mask(split: int, size: int = 256) -> np.ndarray:
    mask = np.zeros((size, size), np.float32)
    mask[:, :split] = 1
    return mask


def strand() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Solid hair up to column 128 of 256, then a gap of 3 and a strand of 2 pixels.

    Returns:
        The picture, where hair is (bool), and a mask as a network gives it: a blur of both.
    """
    row = np.arange(256) < 128
    row[[131, 132]] = True
    is_hair = np.broadcast_to(row, (256, 256))
    image = np.where(is_hair, HAIR, WALL).astype(np.uint8)
    return (
        np.repeat(image[..., None], 3, axis=2),
        is_hair,
        cv2.GaussianBlur(is_hair.astype(np.float32), (0, 0), 3),
    )


def portrait() -> tuple[np.ndarray, np.ndarray]:
    """A noisy picture and a soft mask without any symmetry."""
    generator = np.random.default_rng(0)
    coarse = generator.integers(0, 256, (12, 16, 3), dtype=np.uint8)
    image = cv2.resize(coarse, (256, 192), interpolation=cv2.INTER_CUBIC)
    mask = cv2.resize(generator.random((9, 9), np.float32), (128, 128), interpolation=cv2.INTER_LINEAR)
    return image, np.clip(3 * mask - 1, 0, 1)


def refine(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return refine_mask(image, mask, radius=8, contrast=0.03, low=0.1, high=0.85)


@pytest.mark.parametrize("frame", [(48, 64), (600, 800), (7, 5), (1, 1)])
@pytest.mark.parametrize("size", [(256, 256), (512, 512), (16, 24), (1, 1)])
def test_shape_and_range(frame, size):
    generator = np.random.default_rng(0)
    image = generator.integers(0, 256, (*frame, 3), dtype=np.uint8)
    mask = generator.random(size, np.float32)
    refined = refine(image, mask)
    assert refined.shape == frame
    assert refined.dtype == np.float32
    assert 0 <= refined.min() <= refined.max() <= 1


@pytest.mark.parametrize("size", [32, 256, 512])
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_uniform_mask_stays(value, size):
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert (refine(image, np.full((size, size), value, np.float32)) == value).all()


@pytest.mark.parametrize("size", [256, 512])
@pytest.mark.parametrize("edge", [504, 512, 520])
def test_outline_goes_to_the_edge_of_the_picture(edge, size):
    """The mask ends at column 512 of 1024; the hair in the picture a little before or after."""
    mask = cv2.GaussianBlur(half_mask(size // 2, size), (0, 0), size / 128)
    refined = refine(half(64, 1024, edge, HAIR, WALL), mask)
    assert (refined[:, : edge - 1] > 0.95).all()
    assert (refined[:, edge + 1 :] < 0.05).all()


def test_outline_goes_to_the_edge_of_a_colour():
    """Hair and wall as bright as each other: colour tells them apart, at the mask's resolution."""
    image = np.full((256, 256, 3), (190, 90, 60), np.uint8)
    image[:, 124:] = (90, 130, 140)
    assert np.ptp(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)) <= 3
    refined = refine(image, cv2.GaussianBlur(half_mask(126), (0, 0), 3))
    assert (refined[:, :122] > 0.9).all()
    assert (refined[:, 126:] < 0.1).all()


@pytest.mark.parametrize(("size", "zoom"), [(256, 1), (512, 1), (256, 4)])
def test_strand_comes_back(size, zoom):
    """A mask that is a blur over strand and gap: hair becomes 1, the wall in between 0."""
    image, is_hair, blurred = strand()
    image, is_hair = (np.repeat(np.repeat(a, zoom, axis=0), zoom, axis=1) for a in (image, is_hair))
    mask = cv2.resize(blurred, (size, size))
    near = slice(120 * zoom, 140 * zoom)
    plain = np.abs(cv2.resize(mask, image.shape[1::-1]) - is_hair)[:, near]
    refined = np.abs(refine(image, mask) - is_hair)[:, near]
    assert plain.max() > 0.4
    assert refined.max() < 0.2


def test_no_halo_on_a_bright_wall():
    """The mask reaches 2 pixels too far and fades slowly; nothing of that stays on the wall."""
    mask = cv2.GaussianBlur(half_mask(130), (0, 0), 3)
    refined = refine(half(256, 256, 128, HAIR, WALL), mask)
    assert mask[:, 129:136].mean() > 0.2
    assert refined[:, 129:].max() < 0.01


def test_without_contrast_the_mask_is_only_enlarged():
    refined = refine(half(256, 256, 128, 90, 90), half_mask(16, 32))
    assert (refined[:, :116] == 1).all()
    assert (refined[:, 140:] == 0).all()


@pytest.mark.parametrize("level", [0, 90, 255])
def test_flat_picture_leaves_the_mask(level):
    _, mask = portrait()
    refined = refine(np.full((128, 128, 3), level, np.uint8), mask)
    assert np.allclose(refined, np.clip((mask - 0.1) / 0.75, 0, 1), atol=1e-3)


def test_a_mask_in_doubt_stays():
    """Where the mask knows no sure hair, the picture is not asked."""
    mask = 0.4 * half_mask(128)
    refined = refine(half(256, 256, 120, HAIR, WALL), mask)
    assert np.allclose(refined, np.clip((mask - 0.1) / 0.75, 0, 1), atol=1e-3)


@pytest.mark.parametrize("axis", [0, 1])
def test_mirrored_picture_gives_the_mirrored_mask(axis):
    image, mask = portrait()
    mirrored = refine(np.flip(image, axis).copy(), np.flip(mask, axis).copy())
    # The picture is shrunk in whole grey levels, which round up either way.
    assert np.abs(np.flip(mirrored, axis) - refine(image, mask)).max() < 0.05


def test_inputs_stay():
    image, mask = portrait()
    image_before, mask_before = image.copy(), mask.copy()
    refine(image, mask)
    assert np.array_equal(image, image_before)
    assert np.array_equal(mask, mask_before)


def test_levels():
    mask = np.array([[0.1, 0.5], [0.5, 0.9]], np.float32)
    image = np.full((2, 2, 3), 90, np.uint8)
    refined = refine_mask(image, mask, radius=1, contrast=0.06, low=0.1, high=0.9)
    assert np.allclose(refined, [[0, 0.5], [0.5, 1]], atol=1e-3)
