"""The square of a face that the landmark network sees, as pure functions.

Places in a picture are in pixels here, (0, 0) its top left corner, so that the first pixel's centre is at
(0.5, 0.5).
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calculators.face.landmark_layout import LandmarkLayout
from calculators.image.warp import warp
from calculators.inference.region import Region

ENLARGED = 1.5
"""Side of the square against the larger side of the landmarks' box."""


def face_region(points: NDArray[np.floating[Any]], layout: LandmarkLayout) -> Region:
    """The square round a face's landmarks, upright with respect to the eyes.

    Args:
        points: float [n, 2], in pixels.
        layout: of the points.

    Returns:
        A square `ENLARGED` times the larger side of the points' box along the eyes' line, about its middle.
    """
    right, left = (points[corner] for corner in layout.eye_corners)
    rotation = math.atan2(left[1] - right[1], left[0] - right[0])
    turn = _turn(rotation)
    upright = points @ turn
    low, high = upright.min(0), upright.max(0)
    center = turn @ ((low + high) / 2)
    side = ENLARGED * float((high - low).max())
    return Region(float(center[0]), float(center[1]), side, side, rotation)


def crop_matrix(region: Region, size: float) -> NDArray[np.float64]:
    """Affine float64 [2, 3] from places in the picture to those in the region's square of side `size`."""
    linear = size / region.width * _turn(region.rotation).T
    return np.column_stack([linear, size / 2 - linear @ (region.center_x, region.center_y)])


def crop_face(image: NDArray[np.uint8], region: Region, size: int) -> NDArray[np.uint8]:
    """The square `region` of uint8 [H, W, 3] as uint8 [size, size, 3]; the picture's border is repeated.

    Other than `crop_region` this keeps pixel centres where they are, at any scale, and does not alias.
    """
    corners = to_picture(np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float64), region)
    height, width = image.shape[:2]
    left, top = (max(0, math.floor(value) - 2) for value in corners.min(0))
    right, bottom = (math.ceil(value) + 2 for value in corners.max(0))
    # At least a pixel of the border, where the square lies beside the picture.
    left, top = min(left, width - 1), min(top, height - 1)
    part = image[top : max(bottom, top + 1), left : max(right, left + 1)]
    matrix = crop_matrix(region, size)
    matrix[:, 2] += matrix[:, :2] @ (left, top)
    return warp(part, to_indices(matrix), size, {"borderMode": cv2.BORDER_REPLICATE})


def to_indices(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """An affine [2, 3] between places as one between pixel indices, which are half a pixel less."""
    return np.column_stack([matrix[:, :2], matrix[:, 2] + matrix[:, :2] @ (0.5, 0.5) - 0.5])


def to_picture(points: NDArray[np.floating[Any]], region: Region) -> NDArray[np.float64]:
    """Places [n, 2] given as fractions of the region's sides, in pixels of the picture."""
    center = np.array([region.center_x, region.center_y])
    upright = region.width * (np.asarray(points, np.float64) - 0.5)
    return np.asarray(upright @ _turn(region.rotation).T + center, np.float64)


def _turn(angle: float) -> NDArray[np.float64]:
    """Turns column vectors clockwise as seen, float64 [2, 2]."""
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])
