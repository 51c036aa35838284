import numpy as np
import pytest

from calculators.image.transform import fill, fit, flip, letterbox_padding, resize, rotate

IMAGE = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
RAMP = np.arange(24, dtype=np.uint8).reshape(4, 6)


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (0, [[1, 2, 3], [4, 5, 6]]),
        (90, [[3, 6], [2, 5], [1, 4]]),
        # Every pixel moves: no black row or column is left, as it is in the reference.
        (180, [[6, 5, 4], [3, 2, 1]]),
        (270, [[4, 1], [5, 2], [6, 3]]),
        # As in the reference, what is no quarter turn does not rotate.
        (45, [[1, 2, 3], [4, 5, 6]]),
        (-90, [[1, 2, 3], [4, 5, 6]]),
        (360, [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_rotate(degrees, expected):
    assert rotate(IMAGE, degrees).tolist() == expected


def test_rotate_square_exactly():
    square = np.arange(16, dtype=np.uint8).reshape(4, 4)
    assert np.array_equal(rotate(square, 90), np.rot90(square))


@pytest.mark.parametrize(
    ("horizontally", "vertically", "expected"),
    [
        (False, False, [[1, 2, 3], [4, 5, 6]]),
        (True, False, [[3, 2, 1], [6, 5, 4]]),
        (False, True, [[4, 5, 6], [1, 2, 3]]),
        (True, True, [[6, 5, 4], [3, 2, 1]]),
    ],
)
def test_flip(horizontally, vertically, expected):
    assert flip(IMAGE, horizontally, vertically).tolist() == expected


@pytest.mark.parametrize(
    ("size", "nearest", "expected"),
    [
        pytest.param((3, 2), False, [[4, 6, 8], [16, 18, 20]], id="both-shrink-area"),
        pytest.param((3, 2), True, [[0, 2, 4], [12, 14, 16]], id="nearest"),
        pytest.param((2, 1), False, [[10, 13]], id="area-whole-thirds"),
        pytest.param((3, 4), False, [[0, 2, 4], [6, 8, 10], [12, 14, 16], [18, 20, 22]], id="one-shrinks"),
        pytest.param((12, 1), False, [[9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14]], id="one-grows"),
    ],
)
def test_resize(size, nearest, expected):
    result = resize(RAMP, size, nearest)
    assert result.shape == (size[1], size[0])
    assert np.abs(result.astype(int) - expected).max() <= 1


def test_area_differs_from_linear():
    stripes = np.tile(np.array([0, 0, 0, 240], np.uint8), (4, 2))
    assert resize(stripes, (2, 1)).tolist() == [[60, 60]]


def test_nothing_to_do_is_the_same_object():
    assert resize(IMAGE, (3, 2)) is IMAGE
    assert rotate(IMAGE, 0) is IMAGE
    assert flip(IMAGE, False, False) is IMAGE


@pytest.mark.parametrize(
    ("image", "size", "color", "expected"),
    [
        pytest.param(
            [[10, 20], [30, 40]], (4, 2), (7, 0, 0), [[7, 10, 20, 7], [7, 30, 40, 7]], id="bars-at-sides"
        ),
        pytest.param([[10, 20]], (2, 3), (7, 0, 0), [[7, 7], [10, 20], [7, 7]], id="bars-above-and-below"),
        pytest.param([[10, 20]], (2, 4), (7, 0, 0), [[7, 7], [10, 20], [7, 7], [7, 7]], id="odd-rest-below"),
        pytest.param([[10, 20]], (2, 3), None, [[10, 20], [10, 20], [10, 20]], id="border-repeated"),
        pytest.param([[10, 20], [30, 40]], (2, 2), (7, 0, 0), [[10, 20], [30, 40]], id="no-bars"),
        pytest.param([[10, 20], [30, 40]], (1, 2), (7, 0, 0), [[25], [7]], id="shrinks-by-area"),
    ],
)
def test_fit(image, size, color, expected):
    assert fit(np.array(image, np.uint8), size, color).tolist() == expected


def test_fit_bars_of_three_channels():
    result = fit(np.full((1, 2, 3), 9, np.uint8), (2, 3), (1, 2, 3))
    assert result[:, 0].tolist() == [[1, 2, 3], [9, 9, 9], [1, 2, 3]]


def test_fit_of_an_extreme_picture_keeps_a_pixel():
    assert fit(np.full((1, 1000), 5, np.uint8), (10, 10)).shape == (10, 10)


@pytest.mark.parametrize(
    ("image", "size", "expected"),
    [
        pytest.param([[1, 2, 3, 4], [5, 6, 7, 8]], (2, 2), [[2, 3], [6, 7]], id="sides-cut"),
        pytest.param([[1, 2], [3, 4], [5, 6], [7, 8]], (2, 2), [[3, 4], [5, 6]], id="top-and-bottom-cut"),
        pytest.param([[1, 2], [3, 4]], (2, 2), [[1, 2], [3, 4]], id="nothing-cut"),
        pytest.param([[0, 8, 16, 24], [8, 16, 24, 32]], (1, 1), [[16]], id="shrinks-by-area"),
    ],
)
def test_fill(image, size, expected):
    assert fill(np.array(image, np.uint8), size).tolist() == expected


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (7, 3), (480, 640), (999, 2)])
@pytest.mark.parametrize("size", [(1, 1), (4, 4), (5, 3), (3, 5), (256, 256)])
def test_shapes(shape, size):
    image = np.full((*shape, 3), 100, np.uint8)
    for scale in (resize, fit, fill):
        result = scale(image, size)
        assert result.shape == (size[1], size[0], 3)
        assert result.dtype == np.uint8
        assert result.flags.c_contiguous
    assert (fill(image, size) == 100).all()


@pytest.mark.parametrize(
    ("image_size", "output_size", "expected"),
    [
        ((4, 4), (8, 8), (0, 0, 0, 0)),
        ((4, 4), (8, 4), (0.25, 0, 0.25, 0)),
        ((4, 4), (4, 8), (0, 0.25, 0, 0.25)),
        ((640, 480), (256, 256), (0, 0.125, 0, 0.125)),
    ],
)
def test_letterbox_padding(image_size, output_size, expected):
    assert letterbox_padding(image_size, output_size) == expected


def test_float_pictures_keep_their_type():
    mask = np.array([[0, 1], [0.5, 0.25]], np.float32)
    for result in (rotate(mask, 90), flip(mask, True, False), fit(mask, (4, 4)), fill(mask, (4, 4))):
        assert result.dtype == np.float32
    assert resize(mask, (1, 1)).tolist() == [[0.4375]]
