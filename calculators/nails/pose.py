"""Nails moved, turned and stretched in a frame, as pure functions."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calculators.nails.maps import Map
from calculators.nails.nail import Nail

Matrix = NDArray[np.float64]
Box = tuple[int, int, int, int]
Size = tuple[int, int]

CUT: Final = 0.5
"""Mask value from which on a nail at the frame's border goes on beyond it."""


def stretching(center: tuple[float, float], angle: float, along: float, across: float) -> Matrix:
    """The affine map [2, 3] that stretches along and across a direction and leaves one point where it is."""
    direction = np.array([np.cos(angle), np.sin(angle)])
    linear = across * np.eye(2) + (along - across) * np.outer(direction, direction)
    return np.column_stack([linear, np.array(center) - linear @ np.array(center)])


def shift(x: float, y: float) -> Matrix:
    """The affine map [2, 3] that moves by x and y."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y]])


def pose_change(before: Nail, now: Nail) -> Matrix:
    """The affine map [2, 3] that takes a nail's place, angle, length and width to another's."""
    ratios = now.length / max(before.length, 1e-6), now.width / max(before.width, 1e-6)
    stretch = stretching((0.0, 0.0), before.angle, *ratios)[:, :2]
    turn = now.angle - before.angle
    linear = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ stretch
    return np.column_stack([linear, np.array(now.center) - linear @ np.array(before.center)])


def moved_box(nail: Nail, matrix: Matrix, frame_size: Size) -> Box | None:
    """Left, top, right and bottom of a moved nail's mask within the frame (width, height); None outside."""
    height, width = nail.mask.shape
    right, bottom = nail.left + width - 1, nail.top + height - 1
    corners = np.array([[x, y, 1] for x in (nail.left, right) for y in (nail.top, bottom)]) @ matrix.T
    # A soft edge fades within one pixel more; what is a rounding error beyond a pixel is not.
    low = np.maximum(np.floor(corners.min(axis=0) + 1e-6), 0).astype(int)
    high = np.minimum(np.ceil(corners.max(axis=0) - 1e-6) + 1, frame_size).astype(int)
    return (int(low[0]), int(low[1]), int(high[0]), int(high[1])) if (low < high).all() else None


def moved_mask(nail: Nail, matrix: Matrix, box: Box) -> Map:
    """The nail's mask after an affine map, in a part of the frame: left, top, right and bottom."""
    left, top, right, bottom = box
    linear = matrix[:, :2]
    offset = linear @ np.array([nail.left, nail.top]) + matrix[:, 2] - np.array([left, top])
    return np.asarray(
        cv2.warpAffine(nail.mask, np.column_stack([linear, offset]), (right - left, bottom - top)), np.float32
    )


def leaves_frame(nail: Nail, frame_size: Size) -> bool:
    """Whether a nail is cut off by the frame's border."""
    width, height = frame_size
    mask = nail.mask
    return bool(
        (nail.left <= 0 and mask[:, 0].max() >= CUT)
        or (nail.top <= 0 and mask[0].max() >= CUT)
        or (nail.left + mask.shape[1] >= width and mask[:, -1].max() >= CUT)
        or (nail.top + mask.shape[0] >= height and mask[-1].max() >= CUT)
    )
