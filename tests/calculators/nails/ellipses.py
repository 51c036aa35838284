"""Nails as ellipses: what a network would make of them, and the exact answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calculators.nails.nail import CLASSES, Nail


@dataclass(frozen=True)
class Ellipse:
    """A nail in pixels of its picture; the middle of the upper left pixel is (0, 0)."""

    x: float
    y: float
    angle: float = 0.0
    length: float = 20.0
    width: float = 14.0
    finger: int = 0


def inside(ellipse: Ellipse, size: tuple[int, int], scale: float = 1.0) -> np.ndarray:
    """About the distance to the outline in pixels, > 0 inside, of a picture (height, width)."""
    y, x = np.mgrid[: size[0], : size[1]] * scale
    x, y = x - ellipse.x, y - ellipse.y
    along = (x * np.cos(ellipse.angle) + y * np.sin(ellipse.angle)) / (ellipse.length / 2)
    across = (y * np.cos(ellipse.angle) - x * np.sin(ellipse.angle)) / (ellipse.width / 2)
    radius = np.hypot(along, across)
    slope = np.hypot(along / (ellipse.length / 2), across / (ellipse.width / 2)) / np.maximum(radius, 1e-6)
    return (1 - radius) / np.maximum(slope, 1e-6)


def network_maps(
    ellipses: Sequence[Ellipse], size: tuple[int, int], sharpness: float = 2.5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Foreground, fingers and direction of a picture (height, width), as a good network makes them."""
    small = -(-size[0] // 4), -(-size[1] // 4)
    depth = np.full(size, -50.0)
    nearest = np.full(small, -np.inf)
    fingers = np.full((*small, len(CLASSES)), 0.1, np.float32)
    direction = np.zeros((*small, 2), np.float32)
    for ellipse in ellipses:
        depth = np.maximum(depth, inside(ellipse, size))
        # A pixel of the small maps covers 4 x 4, whose middle is 1.5 from the first one's.
        here = inside(replace(ellipse, x=ellipse.x - 1.5, y=ellipse.y - 1.5), small, 4.0)
        mine = here > nearest
        nearest = np.maximum(nearest, here)
        fingers[mine] = 0.1 / (len(CLASSES) - 1)
        fingers[mine, ellipse.finger] = 0.9
        direction[mine] = np.cos(ellipse.angle), np.sin(ellipse.angle)
    foreground = 1 / (1 + np.exp(-np.clip(sharpness * depth, -20, 20)))
    return foreground.astype(np.float32), fingers, direction


def true_nail(ellipse: Ellipse, size: tuple[int, int], **values: object) -> Nail:
    """The nail of a frame (height, width) without a network's errors, its mask as large as it must be."""
    reach = int(np.hypot(ellipse.length, ellipse.width) / 2) + 2
    x, y = max(round(ellipse.x) - reach, 0), max(round(ellipse.y) - reach, 0)
    window = (
        min(round(ellipse.y) + reach, size[0] - 1) + 1 - y,
        min(round(ellipse.x) + reach, size[1] - 1) + 1 - x,
    )
    mask = np.clip(inside(replace(ellipse, x=ellipse.x - x, y=ellipse.y - y), window) + 0.5, 0, 1)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    nail = {
        "mask": mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32),
        "left": x + int(columns[0]),
        "top": y + int(rows[0]),
        "center": (ellipse.x, ellipse.y),
        "angle": ellipse.angle,
        "length": ellipse.length,
        "width": ellipse.width,
        "finger": ellipse.finger,
        "score": 0.9,
    }
    return Nail(**(nail | values))


def full_mask(nail: Nail, size: tuple[int, int]) -> np.ndarray:
    """The nail's mask in the whole frame (height, width)."""
    frame = np.zeros(size, np.float32)
    height, width = nail.mask.shape
    frame[nail.top : nail.top + height, nail.left : nail.left + width] = nail.mask
    return frame


def iou(first: np.ndarray, second: np.ndarray) -> float:
    """Intersection over union of soft masks."""
    return float(np.minimum(first, second).sum() / np.maximum(first, second).sum())
