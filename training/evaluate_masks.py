"""The quick validation in a training run: a network's mask, enlarged and compared, without a graph.

What a model scores for its users says `training.evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from training import metrics


@dataclass(frozen=True)
class Report:
    """Scores in [0, 1]; `per_set` and `mean_iou` average over pictures, `pooled_iou` over pixels."""

    mean_iou: float
    pooled_iou: float
    pictures: int
    per_set: dict[str, float]


def first_frame(image: np.ndarray, size: int) -> np.ndarray:
    """The network's input for an RGB uint8 picture without a previous mask: float32 [size, size, 4]."""
    frame = np.zeros((size, size, 4), np.float32)
    frame[..., :3] = metrics.resize(image, size, size).astype(np.float32) / 255
    return frame


def evaluate_masks(
    predict: Callable[[np.ndarray], np.ndarray],
    size: int,
    pictures: Iterable[tuple[str, np.ndarray, np.ndarray]],
    batch: int = 16,
) -> Report:
    """Score a segmenter.

    Args:
        predict: takes float32 [N, size, size, 4] and returns masks float32 [N, size, size, 1].
        size: side of the network's input.
        pictures: set, RGB picture uint8 [H, W, 3] and mask uint8 [H, W] of every example.
        batch: how many pictures are given to `predict` at once.
    """
    scores: dict[str, list[float]] = {}
    intersections = unions = 0
    waiting: list[tuple[str, np.ndarray, np.ndarray]] = []

    def score() -> None:
        nonlocal intersections, unions
        masks = predict(np.stack([first_frame(image, size) for _, image, _ in waiting]))
        for (name, image, truth), mask in zip(waiting, masks, strict=True):
            height, width = image.shape[:2]
            found = cv2.resize(mask[..., 0], (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
            intersection, union = metrics.overlap(found, truth > 127)
            intersections, unions = intersections + intersection, unions + union
            scores.setdefault(name, []).append(metrics.iou(intersection, union))
        waiting.clear()

    for example in pictures:
        waiting.append(example)
        if len(waiting) == batch:
            score()
    if waiting:
        score()
    every = [value for values in scores.values() for value in values]
    return Report(
        mean_iou=float(np.mean(every)),
        pooled_iou=metrics.iou(intersections, unions),
        pictures=len(every),
        per_set={name: float(np.mean(values)) for name, values in sorted(scores.items())},
    )
