import numpy as np
import pytest

from calculators.color.light import SQUARES
from calculators.nails.polish_light import DARKEST, nail_light
from tests.calculators.nails.ellipses import Ellipse, true_nail

SIZE = (40, 40)
NAIL = true_nail(Ellipse(19.5, 20, -np.pi / 2, 30, 20), SIZE)


def even(*color: int) -> np.ndarray:
    return np.full((*SIZE, 3), color, np.uint8)


def light_on(frame: np.ndarray, white: float = 1.0):
    height, width = NAIL.mask.shape
    part = frame[NAIL.top : NAIL.top + height, NAIL.left : NAIL.left + width]
    return nail_light(SQUARES[part], NAIL, white)


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
