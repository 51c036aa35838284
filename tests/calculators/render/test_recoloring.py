import cv2
import numpy as np
import pytest

from calculators.color.cube import identity_table, lut_from_table
from calculators.color.lut import SecondColor, apply_lut
from calculators.color.shade import Shade, shade_pair
from calculators.hair.refine import refine_mask, refinement_maps
from calculators.render.gpu_image import upload
from calculators.render.recoloring import LutDrawing, RefinementDrawing, possible_parts
from tests.calculators.render.compare import assert_same

pytestmark = pytest.mark.gl

COPPER = shade_pair(Shade("#B5532A"))
BLOND = shade_pair(Shade("#E3C38C"))


def ramp(height: int, width: int) -> np.ndarray:
    """From 0 above to 1 below."""
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return np.ascontiguousarray(np.broadcast_to(rows, (height, width)))


@pytest.mark.parametrize("lut", [COPPER.dark, COPPER.light, BLOND.dark], ids=["dark", "light", "blond"])
@pytest.mark.parametrize("second", [None, SecondColor(BLOND.light, ramp(256, 1))], ids=["one", "two"])
@pytest.mark.parametrize("shadow", [None, 1 - ramp(256, 1)], ids=["plain", "roots"])
def test_recolours_as_the_cpu_does(gl, picture, mask, lut, second, shadow):
    drawn = LutDrawing(gl).draw(upload(gl, picture), lut, upload(gl, mask), second, shadow)
    assert_same(drawn.pixels(), apply_lut(picture, lut, mask, second, shadow))


def test_a_mask_of_another_size(gl, picture, mask):
    small = np.ascontiguousarray(mask[::3, ::4])
    drawn = LutDrawing(gl).draw(upload(gl, picture), COPPER.dark, upload(gl, small))
    assert_same(drawn.pixels(), apply_lut(picture, COPPER.dark, small))


@pytest.mark.parametrize("two", [False, True])
def test_bounds(gl, picture, two):
    """Mask 0 leaves every pixel; mask 1 with a table that changes nothing, too."""
    same = lut_from_table(identity_table(33))
    second = SecondColor(same, ramp(4, 4)) if two else None
    for level, lut in ((0, COPPER.dark), (1, same)):
        mask = np.full((1, 1), level, np.float32)
        drawn = LutDrawing(gl).draw(upload(gl, picture), lut, upload(gl, mask), second)
        assert np.array_equal(drawn.pixels(), picture)


def test_another_table_takes_effect(gl, picture):
    drawing, image = LutDrawing(gl), upload(gl, picture)
    everywhere = upload(gl, np.ones((1, 1), np.float32))
    for lut in (COPPER.dark, BLOND.dark, lut_from_table(identity_table(5)), COPPER.dark):
        drawn = drawing.draw(image, lut, everywhere)
        assert_same(drawn.pixels(), apply_lut(picture, lut, np.ones((1, 1), np.float32)))


@pytest.mark.parametrize("size", [(93, 127), (64, 64), (256, 256), (5, 7), (1, 1)])
def test_refines_as_the_cpu_does(gl, picture, mask, size):
    small = np.ascontiguousarray(np.resize(mask, size), np.float32)
    options = {"radius": 8, "contrast": 0.03, "low": 0.1, "high": 0.85}
    drawn = RefinementDrawing(gl).draw(upload(gl, picture), *refinement_maps(picture, small, **options))
    assert_same(255 * drawn.pixels(), np.rint(255 * refine_mask(picture, small, **options)))


@pytest.mark.parametrize("size", [(93, 127), (64, 64), (256, 256), (30, 41)])
def test_masks_that_are_0_in_most_places(gl, picture, size):
    """Little more is drawn than there is, and nothing is left out."""
    spots = np.zeros(size, np.float32)
    height, width = size
    spots[height // 3 : height // 2, width // 4 : width // 2] = spots[-height // 5 :, -width // 5 :] = 1
    spots = cv2.GaussianBlur(spots, (0, 0), height / 40)
    options = {"radius": 8, "contrast": 0.03, "low": 0.1, "high": 0.85}
    slope, offset = refinement_maps(picture, spots, **options)
    drawn = RefinementDrawing(gl).draw(upload(gl, picture), slope, offset)
    assert_same(255 * drawn.pixels(), np.rint(255 * refine_mask(picture, spots, **options)))
    left, top, right, bottom = drawn.parts.T
    assert 0 < ((right - left) * (bottom - top)).sum() < 0.5


def test_possible_parts():
    """Two runs in one row of cells, one in another; a slope reaches as far as its neighbours."""
    slope, offset = np.zeros((8, 8), np.float32), np.full((8, 8), -1, np.float32)
    assert possible_parts(slope, offset).tolist() == []
    offset[3, 0] = offset[3, 7] = 1
    sides = [[0, 0, 0.25], [0.75, 0, 1]]
    expected = [[left, row / 8, right, (row + 1) / 8] for row in (2, 3, 4) for left, _, right in sides]
    assert possible_parts(slope, offset).tolist() == expected
    slope[0, 0] = 0.01
    assert possible_parts(slope, np.full((8, 8), -1, np.float32)).tolist() == [
        [0, 0, 0.375, 0.125],
        [0, 0.125, 0.375, 0.25],
        [0, 0.25, 0.375, 0.375],
    ]
    everywhere = possible_parts(np.zeros((128, 128), np.float32), np.ones((256, 256), np.float32))
    assert everywhere.tolist() == [[0, row / 64, 1, (row + 1) / 64] for row in range(64)]


def test_an_empty_mask_leaves_the_frame(gl, picture):
    for mask in (np.zeros((93, 127), np.float32), np.zeros((4, 4), np.float32)):
        drawn = LutDrawing(gl).draw(upload(gl, picture), COPPER.dark, upload(gl, mask))
        assert np.array_equal(drawn.pixels(), picture)
