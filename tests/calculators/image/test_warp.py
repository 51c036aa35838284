"""Warping to a square."""

import cv2
import numpy as np
import pytest

from calculators.image.warp import warp

BLACK = {"borderMode": cv2.BORDER_CONSTANT}


def test_identity():
    picture = np.random.default_rng(1).integers(0, 256, (9, 9, 3), np.uint8)
    np.testing.assert_array_equal(warp(picture, np.eye(2, 3), 9, BLACK), picture)


@pytest.mark.parametrize("side", [128, 255])
def test_a_strong_reduction_takes_means(side):
    """A board of single pixels, black and white, is grey."""
    board = (np.indices((side, side)).sum(0) % 2 * 255).astype(np.uint8)
    scale = 16 / side
    matrix = np.array([[scale, 0, scale / 2 - 0.5], [0, scale, scale / 2 - 0.5]])
    shown = warp(board, matrix, 16, BLACK)
    assert abs(shown[1:-1, 1:-1].astype(int) - 127).max() <= 3
