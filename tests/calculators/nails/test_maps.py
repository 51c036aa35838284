import numpy as np
import pytest

from calculators.nails.maps import find_maps, nail_means, without_padding
from tryon import GraphError


def tensors(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    return [np.zeros(shape, np.float32) for shape in shapes]


FOREGROUND, FINGERS, DIRECTION = (1, 8, 12, 1), (1, 2, 3, 10), (1, 2, 3, 2)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_maps_are_told_apart_by_their_channels(order):
    given = tensors(FOREGROUND, FINGERS, DIRECTION)
    found = find_maps([given[i] for i in order])
    assert [values.shape for values in found] == [(8, 12), (2, 3, 10), (2, 3, 2)]


def test_a_side_that_four_does_not_divide():
    assert find_maps(tensors((1, 9, 11, 1), (1, 3, 3, 10), (1, 3, 3, 2)))[0].shape == (9, 11)


@pytest.mark.parametrize(
    "shapes",
    [
        (),
        (FOREGROUND,),
        (FOREGROUND, FINGERS),
        (FOREGROUND, FOREGROUND, FINGERS, DIRECTION),
        (FOREGROUND, FOREGROUND, DIRECTION),
        (FOREGROUND, (1, 8, 12, 10), DIRECTION),
        (FOREGROUND, (1, 2, 3, 5), DIRECTION),
        ((2, 8, 12, 1), FINGERS, DIRECTION),
        ((8, 12, 1), FINGERS, DIRECTION),
    ],
)
def test_other_tensors(shapes):
    with pytest.raises(GraphError, match=r"The tensors are .*; a network for nails gives three: foreground"):
        find_maps(tensors(*shapes))


def test_message_shows_the_shapes():
    with pytest.raises(GraphError, match=r"The tensors are \[1, 256, 256, 1\]; .* Check model_path\."):
        find_maps(tensors((1, 256, 256, 1)))


ROWS = np.arange(8, dtype=np.float32)[:, None] * np.ones((1, 12), np.float32)


@pytest.mark.parametrize(
    ("padding", "rows", "width"),
    [
        ((0, 0, 0, 0), [0, 1, 2, 3, 4, 5, 6, 7], 12),
        ((0, 0.25, 0, 0.25), [2, 3, 4, 5], 12),
        ((0.25, 0, 0.25, 0), [0, 1, 2, 3, 4, 5, 6, 7], 6),
        # From 1.5 to 6.5: five rows, each between two of the map.
        ((0, 0.1875, 0, 0.1875), [1.5, 2.5, 3.5, 4.5, 5.5], 12),
        # From 1.7 to 6.3, 4.6 rows, are five that are a little closer together.
        ((0, 0.2125, 0, 0.2125), [1.66, 2.58, 3.5, 4.42, 5.34], 12),
        ((0, 0.49, 0, 0.49), [3.5], 12),
    ],
)
def test_padding(padding, rows, width):
    for values in (ROWS, np.repeat(ROWS[..., None], 3, axis=2)):
        cropped = without_padding(values, padding)
        assert cropped.shape == (len(rows), width, *values.shape[2:])
        assert cropped.dtype == np.float32
        expected = np.reshape(rows, (-1,) + (1,) * (values.ndim - 1))
        assert np.allclose(cropped, expected, atol=1e-5)


def test_maps_of_both_sizes_stay_aligned():
    """Of a frame 16 : 9 the bars end within a pixel of the small map: both still span the frame."""
    padding = (0, 0.21875, 0, 0.21875)
    for size in (352, 88):
        down = np.repeat(((np.arange(size, dtype=np.float32) + 0.5) / size)[:, None], 4, axis=1)
        cropped = without_padding(down, padding)[:, 0]
        count = len(cropped)
        assert count == round(size * 0.5625)
        expected = 0.21875 + 0.5625 * (np.arange(count) + 0.5) / count
        assert np.allclose(cropped, expected, atol=1e-6)


@pytest.mark.parametrize("padding", [(0.5, 0, 0.5, 0), (0, -0.1, 0, 0.2), (0, 0.6, 0, 0.5)])
def test_padding_that_cannot_be(padding):
    with pytest.raises(GraphError, match="must be fractions >= 0 that leave something"):
        without_padding(ROWS, padding)


def test_means():
    labels = np.zeros((4, 8), np.int32)
    labels[:, 2:4], labels[1, 4:] = 1, 2
    foreground = np.ones((4, 8), np.float32)
    foreground[2:, 2:4] = 0.5
    values = np.array([[[1, 10], [2, 20]], [[4, 40], [8, 80]]], np.float32)
    means = nail_means(labels, 2, foreground, values)
    # Nail 1: weight 4 in the upper left quarter, 2 in the lower left one. Nail 2: all in the upper right one.
    assert np.allclose(means, [[2, 20], [2, 20]])
    assert means.dtype == np.float32


def test_no_nail_has_no_means():
    means = nail_means(np.zeros((4, 8), np.int32), 0, np.zeros((4, 8)), np.ones((1, 2, 10), np.float32))
    assert means.shape == (0, 10)
