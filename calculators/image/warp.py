"""Warp a picture to a square, as a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def warp(
    picture: NDArray[Any], matrix: NDArray[np.float64], size: int, border: Mapping[str, Any]
) -> NDArray[Any]:
    """Warp to a `size` square; a strong reduction is first halved by area, so that hair does not alias.

    Args:
        picture: [H, W] or [H, W, C] of a type that OpenCV warps.
        matrix: float64 [2, 3] from pixel indices of the picture to those of the square.
        size: side of the square.
        border: `borderMode` and, if wanted, `borderValue` of `cv2.warpAffine`.
    """
    while np.sqrt(abs(np.linalg.det(matrix[:, :2]))) < 0.6 and min(picture.shape[:2]) >= 64:
        height, width = picture.shape[:2]
        picture = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        back = np.array([[width / (width // 2), 0], [0, height / (height // 2)]])
        # Pixel centres: x_full + 0.5 = (x_half + 0.5) * ratio
        shift = back @ [0.5, 0.5] - 0.5
        matrix = np.column_stack([matrix[:, :2] @ back, matrix[:, :2] @ shift + matrix[:, 2]])
    return cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR, **border)
