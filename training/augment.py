"""Augmentation for masks: picture, mask and previous mask stay aligned.

The previous mask follows Tkachenka et al. 2019 (arXiv:1907.06740): empty, the truth under a small or a large
affine transform, or the truth with the picture bent smoothly. Besides, masks that are wrong, so that the
network learns to use the previous mask and not to believe it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

PREVIOUS = {"empty": 0.65, "small": 0.03, "large": 0.06, "bent": 0.03, "wrong": 0.08, "damaged": 0.15}
"""How often each kind of previous mask is drawn."""


OVER = 0.28
"""How often a picture is shown small upon another: a person at a distance, in front of something."""

REFLECTED = {"borderMode": cv2.BORDER_REFLECT_101}


def augment(
    picture: np.ndarray, other: np.ndarray, size: int, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one training example.

    Args:
        picture: uint8 [H, W, 4], RGB and the mask (0..255).
        other: another picture of the same form: at times the background, or a wrong previous mask.
        size: side of the square result.
        rng: all randomness.

    Returns:
        The network's input, float32 [size, size, 4] (RGB / 255 and the previous mask in [0, 1]), and the
        target mask, float32 [size, size, 1] in [0, 1].
    """
    warped = warp(picture, crop_matrix(picture.shape, size, rng), size, _border(rng))
    if rng.random() < OVER:
        warped = _over(picture, other, size, rng)
    kind = rng.choice(list(PREVIOUS), p=list(PREVIOUS.values()))
    mask = warped[..., 3]
    if kind == "bent":
        warped = bend(warped, rng)
    previous = previous_mask(kind, mask, other, size, rng)
    colours = change_colours(np.ascontiguousarray(warped[..., :3]), rng)
    frame = np.dstack([colours, previous]).astype(np.float32) / 255
    return frame, warped[..., 3:].astype(np.float32) / 255


def crop_matrix(shape: tuple[int, ...], size: int, rng: Generator) -> np.ndarray:
    """Affine matrix float64 [2, 3] from picture pixels to a `size` square: one composition of everything.

    The whole picture stretched to the square is the centre of the distribution, as at inference; around it
    zoom, stretch, rotation, shear, shift and mirroring.
    """
    height, width = shape[:2]
    zoom = np.exp(rng.normal(0.08, 0.18) if rng.random() < 0.75 else rng.uniform(-0.9, 0.6))
    stretch = np.exp(rng.uniform(-0.28, 0.28))
    angle = rng.normal(0, 0.2) if rng.random() < 0.75 else rng.uniform(-0.9, 0.9)
    shear = rng.normal(0, 0.06)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    cos, sin = np.cos(angle), np.sin(angle)
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1.0, shear], [0.0, 1.0]])
    fit = np.diag([size / width, size / height])
    linear = zoom * np.diag([mirror * stretch, 1 / stretch]) @ fit @ linear
    slack = 0.12 + 0.5 * abs(1 - min(zoom, 1.5))
    centre = size * (0.5 + rng.uniform(-slack, slack, 2))
    return _about(linear, np.array([width / 2, height / 2]), centre)


def warp(picture: np.ndarray, matrix: np.ndarray, size: int, border: dict) -> np.ndarray:
    """Warp to a `size` square; a strong reduction is first halved by area, so that hair does not alias."""
    while np.sqrt(abs(np.linalg.det(matrix[:, :2]))) < 0.6 and min(picture.shape[:2]) >= 64:
        height, width = picture.shape[:2]
        picture = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        back = np.array([[width / (width // 2), 0], [0, height / (height // 2)]])
        # Pixel centres: x_full + 0.5 = (x_half + 0.5) * ratio
        shift = back @ [0.5, 0.5] - 0.5
        matrix = np.column_stack([matrix[:, :2] @ back, matrix[:, :2] @ shift + matrix[:, 2]])
    return cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR, **border)


def bend(picture: np.ndarray, rng: Generator, strength: float = 0.06) -> np.ndarray:
    """Bend a square picture smoothly: a 4x4 grid of random shifts (`strength` of the side), interpolated."""
    size = picture.shape[0]
    grid = rng.normal(0, strength * size, (4, 4, 2)).astype(np.float32)
    shift = cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
    return cv2.remap(
        picture, xs + shift[..., 0], ys + shift[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )


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


def change_colours(image: np.ndarray, rng: Generator) -> np.ndarray:
    """Light, camera and compression: uint8 [H, W, 3] to the same."""
    # Exposure, contrast, tint and gamma in one table a channel
    levels = np.linspace(0, 1, 256)[:, None]
    if rng.random() < 0.8:
        middle = image.mean() / 255
        levels = (levels - middle) * rng.uniform(0.75, 1.3) + middle
        levels = levels * rng.uniform(0.7, 1.35) * rng.normal(1, 0.06, 3)
    if rng.random() < 0.3:
        levels = np.clip(levels, 0, 1) ** np.exp(rng.normal(0, 0.3))
    table = np.broadcast_to(np.clip(255 * levels, 0, 255), (256, 3)).astype(np.uint8)
    image = cv2.LUT(image, table[None])
    if rng.random() < 0.3:
        grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        colour = 0.0 if rng.random() < 0.3 else rng.uniform(0.2, 1.5)
        image = cv2.addWeighted(image, colour, grey, 1 - colour, 0)
    if rng.random() < 0.15:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.2) * image.shape[0] / 128)
    if rng.random() < 0.2:
        noise = rng.standard_normal(image.shape, np.float32) * np.float32(rng.uniform(1, 12))
        image = cv2.add(image, noise, dtype=cv2.CV_8U)
    if rng.random() < 0.12:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))]
        image = cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR)
    return image


def _border(rng: Generator) -> dict:
    if rng.random() < 0.6:
        return REFLECTED
    return {"borderMode": cv2.BORDER_CONSTANT, "borderValue": (*rng.integers(0, 256, 3).tolist(), 0)}


def _over(picture: np.ndarray, other: np.ndarray, size: int, rng: Generator) -> np.ndarray:
    """`picture`, smaller, upon `other`; where `other` shows through, its mask counts."""
    height, width = picture.shape[:2]
    below = warp(other, crop_matrix(other.shape, size, rng), size, _border(rng))
    linear = rng.uniform(0.2, 0.8) * np.diag([size / width, size / height])
    if rng.random() < 0.5:
        linear[:, 0] *= -1
    matrix = _about(linear, np.array([width / 2, height / 2]), size * rng.uniform(0.3, 0.7, 2))
    above = warp(picture, matrix, size, {"borderMode": cv2.BORDER_REPLICATE})
    inside = np.full((height, width), 255, np.uint8)
    inside = cv2.warpAffine(inside, matrix, (size, size), flags=cv2.INTER_NEAREST)
    return np.where(inside[..., None] > 0, above, below)


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
