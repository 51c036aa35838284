import numpy as np
import pytest

from calculators.segmentation.mask import mask_from_tensor, smooth_mask
from tryon import GraphError

ONE = np.array([[[-2, 0], [1, 200]]], np.float32)[..., np.newaxis]
TWO = np.array([[[[0, 1], [2, -1], [0, 0], [300, -300]]]], np.float32)


@pytest.mark.parametrize(
    ("tensor", "activation", "channel", "expected"),
    [
        (ONE, "NONE", 1, [[-2, 0], [1, 200]]),
        (ONE[0], "NONE", 0, [[-2, 0], [1, 200]]),
        (ONE, "SIGMOID", 1, [[0.119203, 0.5], [0.731059, 1]]),
        (-ONE, "SIGMOID", 1, [[0.880797, 0.5], [0.268941, 0]]),
        (TWO, "NONE", 1, [[1, -1, 0, -300]]),
        (TWO, "NONE", 0, [[0, 2, 0, 300]]),
        (TWO, "SIGMOID", 0, [[0.5, 0.880797, 0.5, 1]]),
        (TWO, "SOFTMAX", 1, [[0.731059, 0.047426, 0.5, 0]]),
        (TWO, "SOFTMAX", 0, [[0.268941, 0.952574, 0.5, 1]]),
    ],
)
def test_mask_from_tensor(tensor, activation, channel, expected):
    before = tensor.copy()
    with np.errstate(all="raise", under="ignore"):
        mask = mask_from_tensor(tensor, activation, channel)
    assert mask.dtype == np.float32
    assert mask.flags.c_contiguous
    assert mask.shape == np.shape(expected)
    assert np.allclose(mask, expected, atol=1e-6)
    assert np.array_equal(tensor, before)


def test_probabilities_are_not_copied():
    assert np.shares_memory(mask_from_tensor(ONE), ONE)


@pytest.mark.parametrize(
    ("tensor", "activation", "message"),
    [
        (np.zeros((2, 2), np.float32), "NONE", r"float32 \[1, h, w, 1 or 2\], not float32 \[2, 2\]"),
        (np.zeros((2, 2, 2, 1), np.float32), "NONE", r"not float32 \[2, 2, 2, 1\]"),
        (np.zeros((1, 2, 2, 3), np.float32), "NONE", r"not float32 \[1, 2, 2, 3\]"),
        (np.zeros((1, 2, 2, 1), np.uint8), "NONE", r"not uint8 \[1, 2, 2, 1\]"),
        (ONE, "SOFTMAX", "SOFTMAX needs two channels"),
    ],
)
def test_mask_from_tensor_exception(tensor, activation, message):
    with pytest.raises(GraphError, match=message):
        mask_from_tensor(tensor, activation)


MASK = np.array([[0.1, 0.4, 0.5], [0.6, 0.9, 1]], np.float32)
PREVIOUS = np.array([[1, 0.1, 0.5], [0.2, 0.4, 0]], np.float32)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (0, [[0.1, 0.4, 0.5], [0.6, 0.9, 1]]),
        # What the reference gives.
        (0.7, [[0.238841, 0.201918, 0.5], [0.335891, 0.822866, 0.99997]]),
    ],
)
def test_smooth_values(ratio, expected):
    mask, previous = MASK.copy(), PREVIOUS.copy()
    result = smooth_mask(mask, previous, ratio)
    assert result.dtype == np.float32
    assert np.allclose(result, expected, atol=2e-6)
    assert np.array_equal(mask, MASK)
    assert np.array_equal(previous, PREVIOUS)


@pytest.mark.parametrize("ratio", [0, 0.3, 0.7, 1])
def test_smooth_bounds(ratio):
    """The result lies between the two masks, so it stays in [0, 1]."""
    mask, previous = np.meshgrid(np.linspace(0, 1, 101, dtype=np.float32), [0, 0.25, 1])
    previous = previous.astype(np.float32)
    result = smooth_mask(mask, previous, ratio)
    assert (result >= np.minimum(mask, previous) - 1e-6).all()
    assert (result <= np.maximum(mask, previous) + 1e-6).all()


def test_smooth_identity():
    assert np.array_equal(smooth_mask(MASK, MASK, 1), MASK)


def test_uncertain_pixels_follow_the_previous_mask_and_certain_ones_do_not():
    mask = np.array([[0, 0.02, 0.5, 0.98, 1]], np.float32)
    previous = np.ones((1, 5), np.float32) - mask.round()
    moved = np.abs(smooth_mask(mask, previous, 1) - mask)
    assert moved[0, 2] == 0.5
    assert moved[0, [0, 1, 3, 4]].max() < 0.05


def test_smooth_exception():
    with pytest.raises(GraphError, match=r"mask is \[2, 3\], the previous mask \[1, 3\]"):
        smooth_mask(MASK, PREVIOUS[:1], 0.5)
