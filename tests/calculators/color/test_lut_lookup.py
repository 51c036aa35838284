import numpy as np
import pytest
from PIL import Image

from calculators.color.cube import identity_table, lut_from_table, resample
from calculators.color.lut_lookup import look_up
from calculators.color.shade import Shade, shade_pair

NOISE = np.random.default_rng(3).integers(0, 256, (30, 40, 3), np.uint8)
CORNERS = (
    np.array(np.meshgrid((0, 255), (0, 255), (0, 255)), np.uint8).reshape(3, 4, 2).transpose(1, 2, 0).copy()
)


@pytest.mark.parametrize("size", [2, 5, 20, 33, 65])
@pytest.mark.parametrize("pixels", [NOISE, CORNERS], ids=["noise", "corners"])
def test_as_pillow_does(size, pixels):
    bent = np.random.default_rng(size).random((4, 4, 4, 3), np.float32)
    lut = lut_from_table(resample(bent, size))
    difference = np.abs(look_up(pixels, lut) - np.asarray(Image.fromarray(pixels).filter(lut), np.int16))
    assert difference.max() <= 2
    assert difference.mean() < 0.25


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_shade_within_a_grey_level(name):
    lut = getattr(shade_pair(Shade("#B5532A")), name)
    expected = np.asarray(Image.fromarray(NOISE).filter(lut), np.int16)
    assert np.abs(look_up(NOISE, lut) - expected).max() <= 1


@pytest.mark.parametrize("size", [2, 20, 33])
def test_identity_leaves_every_pixel(size):
    assert np.array_equal(look_up(NOISE, lut_from_table(identity_table(size))), NOISE)
    assert np.array_equal(look_up(CORNERS, lut_from_table(identity_table(size))), CORNERS)
