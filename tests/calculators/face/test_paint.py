"""Paint in OKLab, and where it is reckoned."""

import numpy as np
import pytest

from calculators.color.oklab_picture import picture_to_oklab
from calculators.face.axes import Axes
from calculators.face.paint import middle, mix, paint_over, repaint
from calculators.face.sparkle import sparkle

BARE = np.array((0.7, 0.05, 0.04), np.float32)
COLOR = np.array((0.4, 0.1, -0.1), np.float32)


def one(*lab: float) -> np.ndarray:
    return np.array([[lab]], np.float32)


@pytest.mark.parametrize(
    ("skin", "contrast", "expected"),
    [
        ((0.7, 0.05, 0.04), 1.0, (0.4, 0.1, -0.1)),
        ((0.35, 0.05, 0.04), 1.0, (0.2, 0.05, -0.05)),
        ((0.35, 0.05, 0.04), 0.5, (0.4 * 0.5**0.5, 0.1 * 0.5**0.5, -0.1 * 0.5**0.5)),
        ((0.7, 0.15, 0.04), 1.0, (0.4, 0.135, -0.1)),
    ],
    ids=["skin becomes the colour", "shadow stays", "less contrast", "its own colour shows through"],
)
def test_paint_over(skin: tuple[float, ...], contrast: float, expected: tuple[float, ...]) -> None:
    painted = paint_over(one(*skin), BARE, COLOR, contrast)
    assert painted.dtype == np.float32
    assert painted[0, 0] == pytest.approx(expected, abs=1e-5)


def test_highlights_rise_less() -> None:
    lightness = paint_over(one(0.9, 0, 0), BARE, COLOR)[0, 0, 0]
    assert 0.4 < lightness < 0.4 * 0.9 / 0.7


def test_mix() -> None:
    picture, paint = np.zeros((1, 3, 3), np.float32), np.ones((1, 3, 3), np.float32)
    share = np.array([[0, 0.25, 1]], np.float32)
    assert (mix(picture, paint, share) == share[..., None]).all()


def test_middle() -> None:
    pixels = np.repeat(np.array([[20], [90], [120], [240]], np.uint8), 3, axis=1)[None]
    found = middle(pixels, np.array([[0.1, 1, 1, 1]], np.float32))
    assert found == pytest.approx(picture_to_oklab(pixels)[0, 2], abs=1e-4)


def test_repaint_asks_for_painted_pixels_only() -> None:
    canvas = np.random.default_rng(0).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    before = canvas.copy()
    mask = np.zeros((3, 4), np.float32)
    mask[1, 2], mask[2, 3], mask[0, 0] = 1, 0.5, 1 / 600
    place = slice(2, 5), slice(1, 5)
    asked = []

    def black(lab: np.ndarray) -> np.ndarray:
        asked.append(lab)
        return np.zeros_like(lab)

    repaint(canvas, place, mask, black)
    (lab,) = asked
    assert (lab == picture_to_oklab(before[[3, 4], [3, 4]][None])).all()
    assert (canvas[3, 3] == 0).all()
    assert np.abs(canvas[4, 4] - before[4, 4] / 2).max() <= 0.5
    canvas[[3, 4], [3, 4]] = before[[3, 4], [3, 4]]
    assert (canvas == before).all()
    repaint(canvas, place, 0 * mask, black)
    assert len(asked) == 1


def test_sparkle_lies_in_the_parts_own_coordinates() -> None:
    """A part of the picture has the grain of that part; grain moves with the axes and goes on for ever."""
    along = np.array((60, 8), np.float32)
    axes = Axes(np.array((90, 70), np.float32), along, np.array((-along[1], along[0])))
    whole = sparkle(axes, (0, 0, 300, 200), 0.5)
    assert whole.shape == (200, 300)
    assert whole.min() == 0
    assert 0.3 < whole.max() < 3
    assert sparkle(axes, (40, 30, 50, 60), 0.5) == pytest.approx(whole[30:90, 40:90], abs=0.15)
    moved = Axes(axes.origin + np.float32((7, 5)), axes.along, axes.across)
    assert sparkle(moved, (0, 0, 300, 200), 0.5)[5:, 7:] == pytest.approx(whole[:-5, :-7], abs=0.15)
