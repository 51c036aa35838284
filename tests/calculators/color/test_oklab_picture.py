import numpy as np
import pytest

from calculators.color.oklab import oklab_from_srgb
from calculators.color.oklab_picture import blend, oklab_to_values, picture_to_oklab

PICTURE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)


def test_agrees_with_the_exact_one():
    lab = picture_to_oklab(PICTURE)
    assert lab.dtype == np.float32
    assert lab == pytest.approx(oklab_from_srgb(PICTURE / 255), abs=2e-4)


def test_there_and_back():
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    for picture in (PICTURE, greys):
        assert (np.rint(oklab_to_values(picture_to_oklab(picture))) == picture).all()


def test_what_srgb_cannot_show_is_cut_off():
    values = oklab_to_values(np.array([[(1.5, 0, 0), (-0.2, 0, 0), (0.5, 0.5, 0)]], np.float32))
    assert (values >= 0).all()
    assert (values <= 255).all()


def test_blend():
    """Mask 0 leaves pixels bit for bit, 1 covers them."""
    values = np.full(PICTURE.shape, 77.4, np.float32)
    for share, expected in ((0, PICTURE), (1, np.full_like(PICTURE, 77))):
        mask = np.full(PICTURE.shape[:2], share, np.float32)
        assert (blend(PICTURE, values, mask) == expected).all()
