import numpy as np
import pytest

from calculators.image.recoloring import recolor
from tryon import GraphError

BLUE = (0, 0, 255)
IMAGE = np.array([[[255, 255, 255], [100, 100, 100], [0, 0, 0], [200, 50, 0]]], np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_bounds(dtype):
    """Mask 0 leaves the picture, mask 1 without regard to the light covers it."""
    zeros = np.zeros((1, 4), dtype)
    ones = zeros + dtype(255 if dtype == np.uint8 else 1)
    assert (recolor(IMAGE, zeros, BLUE) == IMAGE).all()
    assert (recolor(IMAGE, ones, BLUE, keeps_dark=False) == BLUE).all()
    assert (recolor(IMAGE, ones, BLUE, inverts=True) == IMAGE).all()
    assert (recolor(IMAGE, zeros, BLUE, inverts=True, keeps_dark=False) == BLUE).all()


def test_values():
    """mix = mask * luminance; MediaPipe's weights are 0.299, 0.587, 0.114."""
    mask = np.array([[1, 0.5, 1, 1]], np.float32)
    luminance = IMAGE @ np.array([0.299, 0.587, 0.114]) / 255
    mix = (mask * luminance)[..., np.newaxis]
    expected = IMAGE * (1 - mix) + np.array(BLUE) * mix
    assert np.abs(recolor(IMAGE, mask, BLUE) - expected).max() <= 1
    assert mask.tolist() == [[1, 0.5, 1, 1]], "the input stays"


@pytest.mark.parametrize(("channel", "expected"), [(0, BLUE), (3, (255, 255, 255))])
def test_channel(channel, expected):
    mask = np.zeros((1, 4, 4), np.float32)
    mask[..., 0] = 1
    assert tuple(recolor(IMAGE, mask, BLUE, channel)[0, 0]) == expected
    assert tuple(recolor(IMAGE, mask[..., :1], BLUE, channel)[0, 0]) == BLUE


@pytest.mark.parametrize("shape", [(1, 2), (4, 16), (1, 1)])
def test_shape(shape):
    image = np.full((2, 8, 3), 255, np.uint8)
    assert (recolor(image, np.ones(shape, np.float32), BLUE) == BLUE).all()


@pytest.mark.parametrize(
    ("image", "mask", "message"),
    [
        (
            IMAGE[..., 0],
            np.zeros((1, 4), np.float32),
            r"picture must be uint8 \[h, w, 3\], not uint8 \[1, 4\]",
        ),
        (IMAGE, np.zeros((1, 4)), r"mask must be uint8 or float32 \[h, w\], not float64 \[1, 4\]"),
        (IMAGE, np.zeros((1, 4, 3), np.uint8), "mask has 3 channels and none with index 3"),
    ],
)
def test_exception(image, mask, message):
    with pytest.raises(GraphError, match=message):
        recolor(image, mask, BLUE, channel=3)
