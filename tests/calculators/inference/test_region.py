import math

import numpy as np
import pytest

from calculators.inference.region import Region, crop_region, pad_region, region_matrix, scaled_tensor
from tryon import GraphError

IMAGE = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
WHOLE = Region(2, 1.5, 4, 3)


@pytest.mark.parametrize(
    ("size", "region", "padding"),
    [
        ((4, 3), WHOLE, (0, 0, 0, 0)),
        ((4, 4), Region(2, 1.5, 4, 4), (0, 0.125, 0, 0.125)),
        ((8, 3), Region(2, 1.5, 8, 3), (0.25, 0, 0.25, 0)),
        ((100, 100), Region(2, 1.5, 4, 4), (0, 0.125, 0, 0.125)),
    ],
)
def test_pad_region(size, region, padding):
    assert pad_region(WHOLE, size) == (region, padding)


def test_exception():
    with pytest.raises(GraphError, match=r"ROI width and height must be > 0 .* 0 x 3 pixels"):
        pad_region(Region(2, 2, 0, 3), (4, 4))
    with pytest.raises(GraphError, match=r"Unsupported format: the picture is float32 \[3, 4\]"):
        crop_region(IMAGE.astype(np.float32), WHOLE, (4, 3), True)
    with pytest.raises(GraphError, match=r"uint8 \[3, 4, 2\]"):
        crop_region(np.zeros((3, 4, 2), np.uint8), WHOLE, (4, 3), True)
    with pytest.raises(GraphError, match=r"uint8 \[0, 4\]; .* not empty"):
        crop_region(np.zeros((0, 4), np.uint8), WHOLE, (4, 3), True)
    with pytest.raises(GraphError, match=r"region must be finite; it is Region\(center_x=nan"):
        crop_region(IMAGE, Region(math.nan, 1, 1, 1), (4, 3), True)


def test_whole_picture_is_itself():
    assert (crop_region(IMAGE, WHOLE, (4, 3), False)[..., 0] == IMAGE).all()


@pytest.mark.parametrize(
    ("region", "size", "expected"),
    [
        (Region(2, 1, 2, 2), (2, 2), [[20, 40], [100, 120]]),
        # A quarter turn clockwise: along the rectangle is down in the picture, down is to the left.
        (Region(2, 2, 2, 2, math.pi / 2), (2, 2), [[140, 220], [120, 200]]),
        (Region(2, 1, 2, 2), (1, 1), [[20]]),
    ],
)
def test_values(region, size, expected):
    assert crop_region(IMAGE, region, size, True)[..., 0].tolist() == expected


@pytest.mark.parametrize(("replicates", "expected"), [(True, [[0, 0, 20]]), (False, [[0, 0, 20]])])
def test_bounds(replicates, expected):
    region = Region(0.5, 0.5, 3, 1)
    assert crop_region(IMAGE, region, (3, 1), replicates)[..., 0].tolist() == expected
    below = crop_region(IMAGE, Region(0.5, 3.5, 1, 1), (1, 1), replicates).item()
    assert below == (160 if replicates else 0)


@pytest.mark.parametrize(("channels", "expected"), [(1, 1), (3, 3), (4, 3)])
def test_shape(channels, expected):
    image = np.zeros((3, 4, channels), np.uint8)
    assert crop_region(image, WHOLE, (5, 6), True).shape == (6, 5, expected)


def test_region_matrix():
    """It takes corners of the region to where they are in the picture."""
    region = Region(1, 1, 2, 1, math.pi / 2)
    matrix = np.array(region_matrix(region, (4, 2))).reshape(4, 4)
    top_left, bottom_right = (matrix @ (x, x, 0, 1) for x in (0, 1))
    assert top_left[:2] == pytest.approx([1.5 / 4, 0])
    assert bottom_right[:2] == pytest.approx([0.5 / 4, 1])
    assert np.allclose(region_matrix(WHOLE, (4, 3)), np.eye(4).ravel())


@pytest.mark.parametrize(
    ("low", "high", "dtype", "expected"),
    [
        (0, 1, np.float32, [0, 0.4, 1]),
        (-1, 1, np.float32, [-1, -0.2, 1]),
        (0, 255, np.uint8, [0, 102, 255]),
        (-128, 127, np.int8, [-128, -26, 127]),
        (0, 1, np.uint8, [0, 0, 1]),
    ],
)
def test_scaled_tensor(low, high, dtype, expected):
    tensor = scaled_tensor(np.array([[[0], [102], [255]]], np.uint8), low, high, dtype)
    assert (tensor.shape, tensor.dtype) == ((1, 1, 3, 1), dtype)
    assert tensor.ravel().tolist() == pytest.approx(expected)
