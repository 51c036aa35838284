import numpy as np
import pytest

from calculators.hair.intensity import hair_intensity

IMAGE = np.zeros((2, 2, 3), np.uint8)
IMAGE[0] = 51
IMAGE[1] = [255, 0, 0]


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ([[1, 1], [0, 0]], 0.2),
        ([[0, 0], [1, 1]], 76 / 255),
        ([[1, 1], [0.5, 0.5]], 0.2),
        ([[0.75, 0.75], [0.625, 0.625]], (2 * 51 + 76) / 3 / 255),
        ([[0.5, 0.5], [0.4, 0]], None),
    ],
)
def test_values(mask, expected):
    measured = hair_intensity(IMAGE, np.array(mask, np.float32))
    assert measured == (None if expected is None else pytest.approx(expected))


def test_mask_smaller_than_the_picture():
    image = np.repeat(np.repeat(IMAGE, 8, axis=0), 8, axis=1)
    assert hair_intensity(image, np.array([[1, 1], [0, 0]], np.float32)) == pytest.approx(0.2)
