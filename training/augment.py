"""Augmentation for masks: picture, mask and previous mask stay aligned.

The previous mask follows Tkachenka et al. 2019 (arXiv:1907.06740): empty, the truth under a small or a large
affine transform, or the truth with the picture bent by a thin-plate spline. Besides, masks that are wrong, so
that the network learns to use the previous mask and not to believe it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from calculators.image.warp import warp
from training.augment_bend import bend
from training.augment_dye import dye
from training.augment_light import change_light

PREVIOUS = {"empty": 0.65, "small": 0.03, "large": 0.06, "bent": 0.03, "wrong": 0.08, "damaged": 0.15}
"""How often each kind of previous mask is drawn."""

MOVED = 0.28
"""How often a picture is put before another one, the head at any size in `HEADS`."""

CUT_OUT = 0.6
"""How often only the person is put there, where it is known who is in front, and not the whole picture."""

HEADS = (0.15, 1.0)
"""Height of the hair's box as a part of the frame's: from across the room to a face that fills it."""

NEAREST = 2.0
"""No picture is enlarged beyond this, measured against the whole picture in the frame."""

DYED = 0.15
"""How often hair is given another colour."""

REFLECTED = {"borderMode": cv2.BORDER_REFLECT_101}


def augment(
    picture: np.ndarray, other: np.ndarray, size: int, rng: Generator, person: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one training example.

    Args:
        picture: uint8 [H, W, 4], RGB and the mask (0..255).
        other: another picture of the same form: at times the background, or a wrong previous mask.
        size: side of the square result.
        rng: all randomness.
        person: who is in front in `picture`, uint8 [H, W] (0..255), hair included, if that is known.

    Returns:
        The network's input, float32 [size, size, 4] (RGB / 255 and the previous mask in [0, 1]), and the
        target mask, float32 [size, size, 1] in [0, 1].
    """
    shown = show(picture, other, size, rng, person)
    if rng.random() < DYED:
        shown = dye(shown, rng)
    kind = rng.choice(list(PREVIOUS), p=list(PREVIOUS.values()))
    previous = previous_mask(kind, shown[..., 3], other, size, rng)
    if kind == "bent":
        shown = bend(shown, rng)
    colours = change_light(np.ascontiguousarray(shown[..., :3]), rng)
    frame = np.dstack([colours, previous]).astype(np.float32) / 255
    return frame, shown[..., 3:].astype(np.float32) / 255


def show(
    picture: np.ndarray, other: np.ndarray, size: int, rng: Generator, person: np.ndarray | None
) -> np.ndarray:
    """Picture and mask in a square frame, uint8 [size, size, 4]: the picture alone, or before `other`."""
    if rng.random() < MOVED:
        return move(picture, other, size, rng, person if rng.random() < CUT_OUT else None)
    return warp(picture, crop_matrix(picture.shape, size, rng), size, _border(rng))


def crop_matrix(shape: tuple[int, ...], size: int, rng: Generator) -> np.ndarray:
    """Affine matrix float64 [2, 3] from picture pixels to a `size` square: one composition of everything.

    The whole picture stretched to the square is the centre of the distribution, as at inference; around it
    zoom, stretch, rotation, shear, shift and mirroring.
    """
    height, width = shape[:2]
    zoom = np.exp(rng.normal(0.08, 0.18) if rng.random() < 0.75 else rng.uniform(-0.9, 0.6))
    angle = rng.normal(0, 0.2) if rng.random() < 0.75 else rng.uniform(-0.9, 0.9)
    linear = zoom * _linear(shape, size, angle, rng)
    slack = 0.12 + 0.5 * abs(1 - min(zoom, 1.5))
    centre = size * (0.5 + rng.uniform(-slack, slack, 2))
    return _about(linear, np.array([width / 2, height / 2]), centre)


def head_matrix(mask: np.ndarray, size: int, rng: Generator) -> np.ndarray:
    """Affine matrix float64 [2, 3] that shows the hair's box inside the frame, its height drawn from `HEADS`.

    A picture without hair is taken whole, and a tuft is not blown up (`NEAREST`).
    """
    left, top, width, height = cv2.boundingRect((mask > 127).view(np.uint8))
    if not width:
        height, width = mask.shape
    linear = _linear(mask.shape, size, rng.normal(0, 0.1), rng)
    # The box of the box when that is turned and sheared
    shown = np.abs(linear) @ (width, height)
    zoom = min(NEAREST, np.exp(rng.uniform(*np.log(HEADS))) * size / shown[1])
    room = np.maximum(0, size - zoom * shown)
    centre = size / 2 + room * rng.uniform(-0.5, 0.5, 2)
    return _about(zoom * linear, np.array([left + width / 2, top + height / 2]), centre)


def move(
    picture: np.ndarray, other: np.ndarray, size: int, rng: Generator, person: np.ndarray | None
) -> np.ndarray:
    """`picture`, or only the person, before `other`, whose mask counts where it shows."""
    below = warp(other, crop_matrix(other.shape, size, rng), size, _border(rng))
    matrix = head_matrix(picture[..., 3], size, rng)
    if person is not None:
        # Nobody floats: the lower edge of the picture goes down to that of the frame.
        bottom = matrix[1] @ (picture.shape[1] / 2, picture.shape[0], 1)
        matrix[1, 2] += max(0, size - bottom)
    above = warp(picture, matrix, size, {"borderMode": cv2.BORDER_REPLICATE})
    front = np.full(picture.shape[:2], 255, np.uint8) if person is None else person
    front = warp(front, matrix, size, {"borderMode": cv2.BORDER_CONSTANT})
    if person is not None:
        # No camera makes an edge as sharp as that of a mask.
        front = cv2.GaussianBlur(front, (0, 0), rng.uniform(0.4, 1.5) * size / 128)
    weight = front.astype(np.float32) / 255
    return cv2.blendLinear(above, below, weight, 1 - weight)


def previous_mask(kind: str, mask: np.ndarray, other: np.ndarray, size: int, rng: Generator) -> np.ndarray:
    """The mask of the frame before, uint8 [size, size], of one of the kinds in `PREVIOUS`."""
    if kind == "empty":
        return np.zeros_like(mask)
    if kind == "small":
        previous = _jitter(mask, 0.04, rng)
    elif kind == "large":
        previous = _jitter(mask, 0.15, rng)
    elif kind == "bent":
        previous = mask
    elif kind == "wrong":
        previous = np.full_like(mask, 255)
        if rng.random() < 0.8:
            matrix = crop_matrix(other.shape, size, rng)
            previous = warp(np.ascontiguousarray(other[..., 3]), matrix, size, REFLECTED)
    else:
        previous = _damage(_jitter(mask, 0.03, rng), rng)
    if rng.random() < 0.7:
        previous = cv2.GaussianBlur(previous, (0, 0), rng.uniform(0.3, 2.0) * size / 128)
    return previous


def _border(rng: Generator) -> dict:
    if rng.random() < 0.6:
        return REFLECTED
    return {"borderMode": cv2.BORDER_CONSTANT, "borderValue": (*rng.integers(0, 256, 3).tolist(), 0)}


def _linear(shape: tuple[int, ...], size: int, angle: float, rng: Generator) -> np.ndarray:
    """Stretch to the square after a turn by `angle`, shear and, at times, a mirror: float64 [2, 2]."""
    height, width = shape[:2]
    stretch = np.exp(rng.uniform(-0.28, 0.28))
    shear = rng.normal(0, 0.06)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1.0, shear], [0.0, 1.0]])
    return np.diag([mirror * stretch, 1 / stretch]) @ np.diag([size / width, size / height]) @ turned


def _jitter(mask: np.ndarray, strength: float, rng: Generator) -> np.ndarray:
    size = mask.shape[0]
    linear = np.eye(2) + rng.normal(0, strength, (2, 2))
    middle = np.array([size / 2, size / 2])
    matrix = _about(linear, middle, middle + size * rng.normal(0, strength, 2))
    return cv2.warpAffine(mask, matrix, (size, size), flags=cv2.INTER_LINEAR)


def _damage(mask: np.ndarray, rng: Generator) -> np.ndarray:
    """A mask with a part missing and a false part: what a network's own output looks like when it errs."""
    size = mask.shape[0]
    mask = mask.copy()
    for value in (0, 255):
        centre = tuple(int(v) for v in rng.uniform(0, size, 2))
        axes = tuple(int(v) for v in rng.uniform(0.05, 0.35, 2) * size)
        cv2.ellipse(mask, centre, axes, float(rng.uniform(0, 180)), 0, 360, value, -1)
    return mask


def _about(linear: np.ndarray, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The affine map with this linear part that takes pixel edge coordinates `source` to `target`."""
    return np.column_stack([linear, target - 0.5 - linear @ (source - 0.5)])
