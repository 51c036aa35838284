"""Stills of nails moved as clips, and the nails' masks exactly along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from training.moved_stills import move_picture

FRAMES = 48
SMALLEST = 16
"""A nail that the edge of the frame leaves fewer pixels of is none of the truth."""


class MovedFrame(NamedTuple):
    """A frame of a moved still.

    Attributes:
        image: RGB uint8 [H, W, 3].
        instances: int32 [H, W], 0 is background, any other value is a nail.
        matrix: float64 [2, 3], from places in the still to places in the frame.
        angle: radians by which the still is turned in the frame.
        speed: pixels that the middle half of the frame moved since the frame before; 0 in the first.
    """

    image: np.ndarray
    instances: np.ndarray
    matrix: np.ndarray
    angle: float
    speed: float


def move_still(
    name: str, picture: np.ndarray, instances: np.ndarray, frames: int = FRAMES
) -> Iterator[MovedFrame]:
    """A clip of a still: frames of the still's size, 30 a second.

    Args:
        name: of the still; decides on the way.
        picture: RGB uint8 [H, W, 3].
        instances: [H, W], 0 is background, any other value is a nail.
        frames: how many.
    """
    nails = [(int(n), (instances == n).astype(np.float32)) for n in np.unique(instances[instances > 0])]
    for moved in move_picture(name, picture, frames):
        masks = _move_nails(nails, moved.matrix, *instances.shape)
        yield MovedFrame(moved.image, masks, moved.matrix, moved.angle, moved.speed)


def _move_nails(
    nails: list[tuple[int, np.ndarray]], matrix: np.ndarray, height: int, width: int
) -> np.ndarray:
    """The instances that a matrix makes of masks: smooth outlines, unlike those of the nearest pixels."""
    moved = np.zeros((height, width), np.int32)
    for number, mask in nails:
        inside = cv2.warpAffine(mask, matrix, (width, height), flags=cv2.INTER_LINEAR) >= 0.5
        if np.count_nonzero(inside) >= SMALLEST:
            moved[inside] = number
    return moved
