import numpy as np
import pytest

from calculators.nails.polish_light import DARKEST, MOST_CAST, SQUARES, nail_light, scene_light
from tests.calculators.nails.ellipses import Ellipse, true_nail

SIZE = (40, 40)
NAIL = true_nail(Ellipse(19.5, 20, -np.pi / 2, 30, 20), SIZE)


def even(*color: int) -> np.ndarray:
    return np.full((*SIZE, 3), color, np.uint8)


def light_on(frame: np.ndarray, white: float = 1.0):
    height, width = NAIL.mask.shape
    part = frame[NAIL.top : NAIL.top + height, NAIL.left : NAIL.left + width]
    return nail_light(SQUARES[part], NAIL, white)


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ((255, 255, 255), 1),
        ((220, 220, 220), 1),
        ((140, 140, 140), 0.52),
        ((70, 70, 70), 0.14),
        ((0, 0, 0), 0),
    ],
)
def test_brightness_of_a_scene(color, expected):
    assert scene_light(even(*color)) == pytest.approx([expected] * 3, abs=0.01)


def test_a_bright_spot_is_no_light():
    frame = even(100, 100, 100)
    frame[:4, :4] = 255
    assert scene_light(frame) == pytest.approx(scene_light(even(100, 100, 100)))


def test_cast_of_a_scene():
    """Warm light makes it red, moderately; a hand on a grey table makes nothing warm."""
    red, green, blue = scene_light(even(255, 220, 180))
    assert 1 < red <= 1 + MOST_CAST
    assert 1 - MOST_CAST <= blue < green
    table = even(200, 200, 200)
    table[:, :25] = (220, 160, 130)
    assert scene_light(table) == pytest.approx(scene_light(even(200, 200, 200)), abs=0.03)


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (500, 3)])
def test_small_pictures(size):
    assert scene_light(np.full((*size, 3), 255, np.uint8)) == pytest.approx([1, 1, 1])


def test_even_light_on_a_nail():
    light = light_on(even(200, 160, 150))
    inside = NAIL.mask == 1
    assert light.shade[inside] == pytest.approx(1, abs=1e-3)
    assert light.shine.max() == 0
    assert (light.level, light.side) == pytest.approx((1, 0), abs=1e-3)


def test_shadow_and_side():
    frame = even(200, 160, 150)
    frame[:, :20] //= 3
    light = light_on(frame)
    row = light.shade[15]
    assert DARKEST <= row[2] < 0.6 < row[-3]
    assert light.side > 0.5
    assert light_on(np.ascontiguousarray(frame[:, ::-1])).side == pytest.approx(-light.side, abs=0.1)


def test_own_highlights():
    frame = even(150, 110, 100)
    frame[18:22, 18:22] = 255
    light = light_on(frame)
    highest = np.unravel_index(light.shine.argmax(), light.shine.shape)
    assert 12 <= highest[0] <= 18
    assert light.shine.max() > 0.3
    assert light.shade.max() < 1.35


def test_level():
    levels = [light_on(even(*color)).level for color in ((200, 160, 150), (120, 80, 70), (0, 0, 0))]
    assert levels[0] == 1 > levels[1] > levels[2] > 0.5
