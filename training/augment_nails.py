"""Augmentation for nails: picture, instances, fingers and directions stay aligned."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from calculators.image.warp import warp
from training.augment_light import change_light
from training.data_nails import NailPicture

FITTED = 352
"""Side of the square that the whole picture is fitted into at zoom 1."""

ANY_ANGLE = 0.3
"""How often a picture is turned by any angle; else by up to 30 degrees."""

ON_NAIL = 0.7
"""How often the part that is shown has a nail of the picture near its middle."""

POLISHED = 0.2
"""How often the nails are given another colour."""

TIPPED = 0.15
"""How often nails whose direction is known are given a tip of another colour: French manicures are rare, and
their tips are easily taken for what lies behind."""

TIP = 0.45, 0.85
"""Where a tip begins, as a share of the nail's length."""

WHITE = 0.6
"""How often a tip is whitish."""

CLOSE = 0.12
"""Share of a picture from which on its nails are seen from close by: zooming in would show parts of them
only, as no picture does; zoomed out they are nails like others."""

CLOSE_ZOOM = 0.45, 1.1


def augment_nails(
    picture: NailPicture,
    size: int,
    rng: Generator,
    zoom: tuple[float, float] = (0.7, 1.7),
    blur: float = 1.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one training example.

    Args:
        picture: what to show a part of.
        size: side of the square result.
        rng: all randomness.
        zoom: smallest and largest, against the whole picture fitted into a square of `FITTED`.
        blur: as in `change_light`.

    Returns:
        The network's input, float32 [size, size, 3] (RGB in [-1, 1]), and the target, float32
        [size, size, 4]: foreground in [0, 1], finger (-1 where there is no nail or it is unknown) and the
        direction's x and y (zeros where unknown).
    """
    mirrored = rng.random() < 0.5
    mask = np.where(picture.instances > 0, 255, 0).astype(np.uint8)
    is_close = np.count_nonzero(mask) > CLOSE * mask.size
    matrix = _matrix(picture, size, mirrored, CLOSE_ZOOM if is_close else zoom, rng)
    border = {"borderMode": cv2.BORDER_CONSTANT, "borderValue": _outside(rng)}
    shown = warp(np.dstack([picture.image, mask]), matrix, size, border)
    instances = cv2.warpAffine(picture.instances, matrix, (size, size), flags=cv2.INTER_NEAREST)
    image, mask = np.ascontiguousarray(shown[..., :3]), shown[..., 3]
    directions = _directions(picture, matrix)
    if rng.random() < POLISHED:
        image = _polish(image, mask, rng.uniform(0, 255, 3), rng)
    if rng.random() < TIPPED:
        tips = _tips(instances, directions, rng.uniform(*TIP))
        color = rng.uniform(190, 255, 3) if rng.random() < WHITE else rng.uniform(0, 255, 3)
        image = _polish(image, cv2.min(mask, cv2.blur(tips, (3, 3))), color, rng)
    image = change_light(image, rng, blur)
    target = np.empty((size, size, 4), np.float32)
    target[..., 0] = mask / np.float32(255)
    target[..., 1] = _fingers(picture, mirrored)[instances]
    target[..., 2:] = directions[instances]
    return image.astype(np.float32) / 127.5 - 1, target


def _matrix(
    picture: NailPicture, size: int, mirrored: bool, zoom: tuple[float, float], rng: Generator
) -> np.ndarray:
    """Affine matrix float64 [2, 3] to the result: zoom, stretch, turn, mirror, place."""
    height, width = picture.instances.shape
    scale = FITTED / max(height, width) * np.exp(rng.uniform(*np.log(zoom)))
    angle = rng.uniform(-np.pi, np.pi) if rng.random() < ANY_ANGLE else np.radians(rng.uniform(-30, 30))
    stretch = np.exp(rng.normal(0, 0.06))
    cos, sin = np.cos(angle), np.sin(angle)
    linear = scale * np.array([[cos, -sin], [sin, cos]]) @ np.diag([stretch, 1 / stretch])
    if mirrored:
        linear = linear @ np.diag([-1.0, 1.0])
    nails = np.argwhere(picture.instances)
    if len(nails) and rng.random() < ON_NAIL:
        middle = nails[rng.integers(len(nails))][::-1].astype(float)
        target = size * rng.uniform(0.15, 0.85, 2)
    else:
        middle = np.array([width, height]) * rng.uniform(0.25, 0.75, 2)
        target = size * rng.uniform(0.3, 0.7, 2)
    return np.column_stack([linear, target - linear @ middle])


def _outside(rng: Generator) -> tuple[int, ...]:
    """What is beside the picture: the bars of a fitted frame are black."""
    return (0, 0, 0, 0) if rng.random() < 0.75 else (*rng.integers(0, 256, 3).tolist(), 0)


def _polish(image: np.ndarray, mask: np.ndarray, color: np.ndarray, rng: Generator) -> np.ndarray:
    """What the mask covers in another colour, its light and shade kept."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    inside = mask > 127
    if not inside.any():
        return image
    shade = np.clip(grey / max(20.0, float(grey[inside].mean())), 0, 2.5)[..., None]
    weight = rng.uniform(0.5, 1) * mask[..., None] / np.float32(255)
    return np.clip(image + weight * (shade * color.astype(np.float32) - image), 0, 255).astype(np.uint8)


def _tips(instances: np.ndarray, directions: np.ndarray, begin: float) -> np.ndarray:
    """Mask uint8 [H, W] of the tips of the nails whose direction is known, 255 inside."""
    tips = np.zeros(instances.shape, np.uint8)
    for nail in np.unique(instances[instances > 0]).tolist():
        rows, columns = np.nonzero(instances == nail)
        along = columns * directions[nail, 0] + rows * directions[nail, 1]
        far = along > along.min() + begin * np.ptp(along)
        tips[rows[far], columns[far]] = 255
    return tips


def _fingers(picture: NailPicture, mirrored: bool) -> np.ndarray:
    """Fingers by value; a mirrored left hand is a right one."""
    if not mirrored:
        return picture.fingers
    return np.where(picture.fingers >= 0, (picture.fingers + 5) % 10, -1)


def _directions(picture: NailPicture, matrix: np.ndarray) -> np.ndarray:
    """Directions by value after the transform."""
    moved = picture.directions @ matrix[:, :2].T
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    return moved / np.where(length > 0, length, 1)
