"""Mask measures, of one picture and added up over many."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

BOUNDARY_TOLERANCE = 2
"""Pixels of the picture by which an outline may be off and still count as found."""

ROC_BINS = 4096
SUREST = 1e-7
"""Probabilities nearer to 0 or 1 than this are not told apart."""

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def resize(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """Stretch to `width` x `height`, INTER_AREA when both sides shrink, else INTER_LINEAR, like MediaPipe."""
    shrinks = width < image.shape[1] and height < image.shape[0]
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def overlap(predicted: np.ndarray, target: np.ndarray) -> tuple[int, int]:
    """Pixels in the intersection and in the union of two bool masks [H, W]."""
    return int(np.count_nonzero(predicted & target)), int(np.count_nonzero(predicted | target))


def iou(intersection: int, union: int) -> float:
    """Intersection over union; two empty masks agree: 1.0."""
    return intersection / union if union else 1.0


def f1(intersection: int, union: int) -> float:
    """Harmonic mean of precision and recall of the pixels; two empty masks agree: 1.0."""
    return 2 * intersection / (union + intersection) if union else 1.0


def boundary_f(predicted: np.ndarray, target: np.ndarray, tolerance: int = BOUNDARY_TOLERANCE) -> float:
    """How well the outlines of two bool masks [H, W] agree, whatever lies inside.

    Precision is the share of the predicted outline with some of the target's within
    `tolerance` pixels (a disc), recall the other way round; the measure is their harmonic mean. Without any
    outline in both it is 1.0, in one of them 0.0.
    """
    found, wanted = outline(predicted), outline(target)
    found_count, wanted_count = int(np.count_nonzero(found)), int(np.count_nonzero(wanted))
    if not found_count or not wanted_count:
        return float(found_count == wanted_count)
    y, x = np.ogrid[-tolerance : tolerance + 1, -tolerance : tolerance + 1]
    disc = (x * x + y * y <= tolerance * tolerance).astype(np.uint8)
    precision = np.count_nonzero(found & cv2.dilate(wanted, disc)) / found_count
    recall = np.count_nonzero(wanted & cv2.dilate(found, disc)) / wanted_count
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def outline(mask: np.ndarray) -> np.ndarray:
    """Where a bool mask [H, W] ends: its pixels with a neighbour left, right, above or below outside it.

    Where the picture ends is no outline. Returns uint8 [H, W], 0 or 1.
    """
    filled = mask.astype(np.uint8)
    inside: np.ndarray = cv2.erode(filled, _CROSS)
    return filled - inside


def roc_histogram(scores: np.ndarray, target: np.ndarray) -> np.ndarray:
    """How often each score occurs, int64 [2, ROC_BINS]: row 0 where `target` is False, row 1 where True.

    Networks are nearly always very sure, so the bins have equal widths of log(p / (1 - p)), not of p: 0.001
    and 0.002 are told apart as well as 0.4 and 0.5. A bin is 0.8 % wide at 0 and at 1 and 0.002 at 0.5.

    Args:
        scores: float in [0, 1].
        target: bool, of the same shape.
    """
    p = np.clip(scores.astype(np.float64).ravel(), SUREST, 1 - SUREST)
    widest = np.log((1 - SUREST) / SUREST)
    places = (np.log(p / (1 - p)) / widest + 1) / 2
    bins = np.minimum((places * ROC_BINS).astype(np.int64), ROC_BINS - 1)
    counts = np.bincount(bins + ROC_BINS * target.ravel(), minlength=2 * ROC_BINS)
    return counts.reshape(2, ROC_BINS)


def auroc(histogram: np.ndarray) -> float | None:
    """Area under the ROC curve: how probably a True pixel has a higher score than a False one.

    Scores in the same bin count half. None where there are no True or no False pixels.

    Args:
        histogram: sum of `roc_histogram`s.
    """
    false, true = histogram.astype(np.float64)
    if not false.sum() or not true.sum():
        return None
    below = np.cumsum(false) - false
    return float(true @ (below + false / 2) / (false.sum() * true.sum()))


@dataclass(frozen=True)
class PictureScore:
    """The measures of one picture, at threshold 0.5."""

    intersection: int
    union: int
    boundary_f: float
    histogram: np.ndarray

    @property
    def iou(self) -> float:
        return iou(self.intersection, self.union)

    @property
    def f1(self) -> float:
        return f1(self.intersection, self.union)


def score_picture(found: np.ndarray, target: np.ndarray, histogram: np.ndarray) -> PictureScore:
    """Compare a mask with the truth, both bool [H, W]; `histogram` is the `roc_histogram` behind the mask."""
    return PictureScore(*overlap(found, target), boundary_f(found, target), histogram)


class Totals:
    """Adds up the measures of pictures."""

    def __init__(self) -> None:
        self._pictures = self._intersection = self._union = 0
        self._iou = self._f1 = self._boundary_f = 0.0
        self._histogram = np.zeros((2, ROC_BINS), np.int64)

    def add(self, score: PictureScore) -> None:
        """Counts one more picture."""
        self._pictures += 1
        self._intersection += score.intersection
        self._union += score.union
        self._iou += score.iou
        self._f1 += score.f1
        self._boundary_f += score.boundary_f
        self._histogram += score.histogram

    def scores(self) -> Scores:
        """The scores of the pictures so far, at least one."""
        return Scores(
            pictures=self._pictures,
            mean_iou=self._iou / self._pictures,
            pooled_iou=iou(self._intersection, self._union),
            f1=self._f1 / self._pictures,
            boundary_f=self._boundary_f / self._pictures,
            auroc=auroc(self._histogram),
        )


@dataclass(frozen=True)
class Scores:
    """Scores in [0, 1], 1 is best.

    Attributes:
        pictures: how many.
        mean_iou: intersection over union, mean of the pictures.
        pooled_iou: the same over all pixels of all pictures, so that large pictures count more.
        f1: mean of the pictures' F1 (Dice).
        boundary_f: mean of the pictures' `metrics.boundary_f`.
        auroc: area under the ROC curve of the network's probabilities, over all pixels of all pictures; None
            where all or none are hair.
    """

    pictures: int
    mean_iou: float
    pooled_iou: float
    f1: float
    boundary_f: float
    auroc: float | None
