"""Dyed hair: only hair changes, and its mask does not."""

import cv2
import numpy as np
import pytest

from training.augment_dye import STRONGEST, dye


def picture(mask: np.ndarray) -> np.ndarray:
    """Brown everywhere, with shades as of strands."""
    shades = np.linspace(40, 120, mask.size).reshape(mask.shape)
    brown = np.stack([shades, 0.6 * shades, 0.4 * shades], axis=-1)
    return np.dstack([brown, mask]).astype(np.uint8)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_no_hair_stays_and_so_does_the_mask(seed):
    mask = np.zeros((24, 24), np.uint8)
    mask[:, :12] = 255
    before = picture(mask)
    after = dye(before, np.random.default_rng(seed))
    np.testing.assert_array_equal(after[:, 12:], before[:, 12:])
    np.testing.assert_array_equal(after[..., 3], mask)
    assert after.dtype == np.uint8
    assert (after[:, :10, :3] != before[:, :10, :3]).any()


def test_colours_go_from_grey_to_glaring_and_all_around():
    full = picture(np.full((16, 16), 255, np.uint8))
    rng = np.random.default_rng(1)
    found = [cv2.cvtColor(dye(full, rng)[..., :3], cv2.COLOR_RGB2YCrCb)[8, 8, 1:] - 128.0 for _ in range(200)]
    strengths = np.linalg.norm(found, axis=1)
    assert strengths.min() < 8
    assert 0.6 * STRONGEST < strengths.max() < 1.3 * STRONGEST
    angles = np.arctan2(*np.transpose(found))
    assert all(
        ((angles > low) & (angles < low + np.pi / 2)).any() for low in (-np.pi, -np.pi / 2, 0, np.pi / 2)
    )


def test_strands_keep_their_order():
    full = picture(np.full((16, 16), 255, np.uint8))
    grey = [
        cv2.cvtColor(p[..., :3].copy(), cv2.COLOR_RGB2GRAY)
        for p in (full, dye(full, np.random.default_rng(2)))
    ]
    assert np.corrcoef(grey[0].ravel(), grey[1].ravel())[0, 1] > 0.9


def test_the_same_for_the_same_seed():
    full = picture(np.full((8, 8), 255, np.uint8))
    one, two = (dye(full, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
