"""Losses of the landmark network, backend-agnostic.

Li et al., "Lightweight Real-time Makeup Try-on in Mobile Browsers with Tiny CNN Models for Facial Tracking"
(arXiv:1906.02260), section 3: pixelwise sigmoid cross-entropy on Gaussian heatmaps, in which cells near the
landmark weigh more, plus the distance of the expected coordinates, in proportion to the eyes' distance. The
figures are ours.

All take the target, float32 [N, 2 n + 1]: x and y of the points in turn, as fractions of the picture's
sides, and 1 where there is a face. Pictures without one count for the presence alone.
"""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from calculators.face.landmark_layout import LandmarkLayout
from models.landmarks import STEP, cell_centers, expected_coordinates, offset_centers

SIGMA = 1.0
"""Of the Gaussians, in cells of a heatmap."""

PEAK_WEIGHT = 30.0
"""How much more the cell at a landmark counts than an empty one."""

PRESENCE_WEIGHT = 0.2


def coarse_loss(layout: LandmarkLayout, cells: int, heatmap: float = 1.0, distance: float = 4.0) -> Callable:
    """The loss of the first stage.

    Args:
        layout: of the points.
        cells: of the heatmaps, a side.
        heatmap: weight of the cross-entropy.
        distance: weight of the distance, which is in inter-ocular distances.

    Returns:
        A function of the target and of logits, float32 [N, n, cells^2], to a scalar.
    """
    centers = cell_centers(cells)

    def loss(target, logits):
        points, present = split_target(target)
        total = 0.0
        if heatmap:
            truth = gaussians(points, centers, SIGMA / cells)
            total += heatmap * mean_of_faces(cross_entropy(truth, logits), present)
        if distance:
            error = distances(expected_coordinates(logits, centers), points, layout)
            total += distance * mean_of_faces(error, present)
        return total

    return loss


def fine_loss(layout: LandmarkLayout, cells: int, heatmap: float = 1.0, distance: float = 4.0) -> Callable:
    """The loss of the second stage.

    Args:
        cells: of the shared features, a side.
        layout, heatmap, distance: as in `coarse_loss`.

    Returns:
        A function of the target and of the refinement, float32 [N, n, 2 + OFFSETS^2]: the first stage's
        coordinates, then logits; to a scalar.
    """
    centers = offset_centers(cells)

    def loss(target, refinement):
        points, present = split_target(target)
        coarse, logits = refinement[..., :2], refinement[..., 2:]
        total = 0.0
        if heatmap:
            truth = gaussians(points - coarse, centers, SIGMA * STEP / cells)
            total += heatmap * mean_of_faces(cross_entropy(truth, logits), present)
        if distance:
            error = distances(coarse + expected_coordinates(logits, centers), points, layout)
            total += distance * mean_of_faces(error, present)
        return total

    return loss


def presence_loss(target, logit):
    """Cross-entropy of the presence, a logit, float32 [N, 1]; a scalar."""
    losses = keras.losses.binary_crossentropy(target[:, -1:], logit, from_logits=True)
    return PRESENCE_WEIGHT * ops.mean(losses)


def split_target(target):
    """Points, float32 [N, n, 2], and presence, float32 [N]."""
    return ops.reshape(target[:, :-1], (-1, (target.shape[-1] - 1) // 2, 2)), target[:, -1]


def gaussians(points, centers: np.ndarray, sigma: float):
    """Heatmaps with a Gaussian of height 1 at each point.

    Args:
        points: float32 [N, n, 2].
        centers: of the cells, float32 [cells, 2], in the points' unit.
        sigma: in the same unit.

    Returns:
        float32 [N, n, cells].
    """
    x, y = ops.convert_to_tensor(centers[:, 0]), ops.convert_to_tensor(centers[:, 1])
    away = ops.square(points[..., :1] - x) + ops.square(points[..., 1:] - y)
    return ops.exp(-away / (2 * sigma**2))


def cross_entropy(truth, logits):
    """Sigmoid cross-entropy of the cells, weighted: float32 [N, n, cells] twice to [N, n].

    A cell's weight is 1 and `PEAK_WEIGHT` times what the truth says: else the empty cells, a hundred times
    as many as the others, would win.
    """
    weight = 1.0 + PEAK_WEIGHT * truth
    losses = ops.softplus(logits) - truth * logits
    return ops.sum(weight * losses, axis=-1) / ops.sum(weight, axis=-1)


def distances(found, points, layout: LandmarkLayout):
    """How far off points are, in inter-ocular distances: float32 [N, n, 2] twice to [N, n]."""
    right, left = layout.eye_corners
    eyes = ops.sqrt(ops.sum(ops.square(points[:, left] - points[:, right]), axis=-1) + 1e-6)
    # The root's slope has no bound at 0.
    away = ops.sqrt(ops.sum(ops.square(found - points), axis=-1) + 1e-8)
    return away / eyes[:, None]


def mean_of_faces(losses, present):
    """Mean of float32 [N, n] over the pictures with a face."""
    return ops.sum(ops.mean(losses, axis=-1) * present) / ops.maximum(ops.sum(present), 1.0)
