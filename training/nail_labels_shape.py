"""The shape of a nail in a picture, and how far it is from the fingertips of a hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

REACH: Final = 0.6
"""A fingertip claims nails that are not farther, in `unit`s."""

BEFORE_TIP, BEHIND_TIP = 0.5, 0.5
"""Where a nail's middle lies: along the last bone, this much of it before and behind the tip."""

TIPS: Final = np.array([4, 8, 12, 16, 20])
"""MediaPipe's landmarks of the fingertips, thumb first; the last joint of a finger is one before."""

WRIST, INDEX_ROOT, MIDDLE_ROOT, LITTLE_ROOT = 0, 5, 9, 17


@dataclass(frozen=True)
class NailShape:
    """What the mask of a nail tells.

    Attributes:
        value: of its pixels in the instance picture.
        center: (x, y), the mask's centroid.
        size: root of the area.
        axis: unit vector along the longer principal axis, either way round.
        elongation: longer over shorter axis, at least 1.
    """

    value: int
    center: tuple[float, float]
    size: float
    axis: tuple[float, float]
    elongation: float


def nail_shapes(instances: np.ndarray) -> list[NailShape]:
    """The nails of an instance picture, integers [H, W]: 0 is background, every other value a nail."""
    shapes = []
    for value in np.unique(instances[instances > 0]):
        y, x = np.nonzero(instances == value)
        spread = np.cov(np.stack([x, y]), bias=True) + np.eye(2) / 12
        lengths, axes = np.linalg.eigh(spread)
        axis = axes[:, 1]
        shapes.append(
            NailShape(
                int(value),
                (float(x.mean()), float(y.mean())),
                float(np.sqrt(len(x))),
                (float(axis[0]), float(axis[1])),
                float(np.sqrt(lengths[1] / lengths[0])),
            )
        )
    return shapes


def unit(points: np.ndarray) -> float:
    """About the length of a fingertip's bone of a hand, float [21, 2], even where that is foreshortened."""
    bones = np.linalg.norm(points[TIPS] - points[TIPS - 1], axis=1)
    palm = np.linalg.norm(points[MIDDLE_ROOT] - points[WRIST])
    knuckles = np.linalg.norm(points[INDEX_ROOT] - points[LITTLE_ROOT])
    return float(max(np.median(bones), 0.22 * palm, 0.29 * knuckles, 1e-6))


def tip_distances(nails: Sequence[NailShape], points: np.ndarray) -> np.ndarray:
    """How far nails are from where a hand's (float [21, 2]) fingertips want them, in `unit`s: [nails, 5]."""
    tips, bones = points[TIPS], points[TIPS] - points[TIPS - 1]
    centers = np.array([nail.center for nail in nails]).reshape(-1, 1, 2)
    along = ((centers - tips) * bones).sum(axis=2) / np.maximum((bones**2).sum(axis=1), 1e-12)
    along = np.clip(along, -BEFORE_TIP, BEHIND_TIP)
    return np.linalg.norm(centers - tips - along[..., None] * bones, axis=2) / unit(points)
