import numpy as np
import pytest

from calculators.color.light import MOST_CAST, scene_light

SIZE = (40, 40)


def even(*color: int) -> np.ndarray:
    return np.full((*SIZE, 3), color, np.uint8)


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
