"""How well nails are found, as pure functions: the nails of one picture, and measures over many pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, degrees, pi, sqrt
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from calculators.nails.nail import FINGERS, Nail
from training.data_nails import NailLabel
from training.metrics import boundary_f, iou, overlap

THRESHOLD = 0.5
"""A pixel belongs to a nail from this value of its soft mask."""

MATCH = 0.5
"""A nail is found from this intersection over union on."""

LONGEST_SIDE = 352
"""Sizes of nails are given in pixels of a picture whose longest side is this, to compare all pictures."""

SIZES = {"small": 0.0, "medium": 16.0, "large": 32.0}
"""Classes of nails and the side, sqrt(area), at which each begins."""

NOTABLE = 4.0
"""Side from which a nail on a picture without nails counts as seen there."""

UNKNOWN = NailLabel(None, None)


class Match(NamedTuple):
    """A nail of the truth, by its value in the instances, and the found nail that it is."""

    number: int
    found: int
    iou: float


@dataclass(frozen=True)
class NailScore:
    """A nail of the truth, and what was found of it.

    Attributes:
        number: its value in the instance picture.
        side: square root of its area, in pixels of a picture whose longest side is `LONGEST_SIDE`.
        iou: with the nail that was found; None if none was.
        direction_error: degrees in [0, 180]; None where either is not known.
        finger: what the labels say; None where they do not.
        found_finger: what was found; None where the model is in doubt or there is no nail.
        whole_hand: the labels name all five fingers of its hand in this picture.
    """

    number: int
    side: float
    iou: float | None
    direction_error: float | None
    finger: int | None
    found_finger: int | None
    whole_hand: bool


@dataclass(frozen=True)
class NailPicture:
    """The measures of one picture.

    Attributes:
        name: of the picture.
        pixels: of the picture.
        intersection, union: pixels of found and true nails.
        boundary_f: `metrics.boundary_f` of the outlines of all nails.
        nails: those of the truth.
        false_sides: sides of the found nails that are none of the truth's, as `NailScore.side`.
    """

    name: str
    pixels: int
    intersection: int
    union: int
    boundary_f: float
    nails: list[NailScore]
    false_sides: list[float]

    @property
    def nail_iou(self) -> float:
        """Intersection over union of the nails; 1 where there are none and none are found."""
        return iou(self.intersection, self.union)

    @property
    def binary_iou(self) -> float:
        """The mean of the nails' and of the background's intersection over union."""
        return binary_iou(self.intersection, self.union, self.pixels)


@dataclass(frozen=True)
class SizeScores:
    """How well nails of a size are found.

    Attributes:
        nails: how many there are.
        recall: share of them that was found; None where there are none.
        iou: mean of those found; None where there are none.
    """

    nails: int
    recall: float | None
    iou: float | None


@dataclass(frozen=True)
class NailScores:
    """Scores in [0, 1], 1 is best, unless it says otherwise; None where there is nothing to measure.

    Attributes:
        pictures, nails: how many.
        binary_iou: intersection over union, mean of nail and background, over all pixels of all pictures.
        binary_iou_pictures: the same of each picture, the mean of the pictures.
        nail_iou, nail_iou_pictures: of the nails alone.
        boundary_f: mean of the pictures' `metrics.boundary_f`.
        recall: share of the true nails that a found nail matches, one to one, at an IoU from `MATCH` on.
        precision: share of the found nails that match.
        matched_iou: mean IoU of the nails that match.
        empty_pictures: pictures without nails.
        false_pictures: share of these with a found nail of `NOTABLE` size or larger; 0 is best.
        false_pixels: share of these pictures' pixels that is found to be nail; 0 is best.
        direction_nails: matched nails whose direction is known.
        direction_median, direction_p90: of their error, in degrees; 0 is best.
        finger_nails: matched nails whose finger is known.
        finger_accuracy: share of them with the right finger of the right hand; doubt is wrong.
        finger_accuracy_any_hand: the same where the other hand's finger counts as right.
        whole_hand_nails: those of `finger_nails` whose whole hand is labelled in the picture.
        whole_hand_accuracy, whole_hand_accuracy_any_hand: the accuracy of these.
        sizes: by size of nail.
    """

    pictures: int
    nails: int
    binary_iou: float
    binary_iou_pictures: float
    nail_iou: float
    nail_iou_pictures: float
    boundary_f: float
    recall: float | None
    precision: float | None
    matched_iou: float | None
    empty_pictures: int
    false_pictures: float | None
    false_pixels: float | None
    direction_nails: int
    direction_median: float | None
    direction_p90: float | None
    finger_nails: int
    finger_accuracy: float | None
    finger_accuracy_any_hand: float | None
    whole_hand_nails: int
    whole_hand_accuracy: float | None
    whole_hand_accuracy_any_hand: float | None
    sizes: dict[str, SizeScores]


def nail_mask(nails: Sequence[Nail], height: int, width: int) -> np.ndarray:
    """All nails of a frame in one soft mask, float32 [height, width]: the greatest value counts."""
    mask = np.zeros((height, width), np.float32)
    for nail in nails:
        part = mask[nail.top : nail.top + nail.mask.shape[0], nail.left : nail.left + nail.mask.shape[1]]
        np.maximum(part, nail.mask, out=part)
    return mask


def match_nails(instances: np.ndarray, nails: Sequence[Nail]) -> list[Match]:
    """Which found nail is which true one.

    Args:
        instances: [H, W], 0 is background, any other value is a nail.
        nails: found ones.

    Returns:
        Pairs with an IoU from `MATCH` on: each nail in one at most, the sum of IoUs the greatest.
    """
    numbers, areas = np.unique(instances[instances > 0], return_counts=True)
    ious = np.zeros((len(numbers), len(nails)))
    for column, nail in enumerate(nails):
        mask = nail.mask >= THRESHOLD
        height, width = mask.shape
        part = instances[nail.top : nail.top + height, nail.left : nail.left + width]
        inside = np.searchsorted(numbers, part[mask & (part > 0)])
        shared = np.bincount(inside, minlength=len(numbers))
        ious[:, column] = shared / (areas + np.count_nonzero(mask) - shared)
    ious[ious < MATCH] = 0
    pairs = zip(*linear_sum_assignment(ious, maximize=True), strict=True)
    return [Match(int(numbers[row]), int(c), float(ious[row, c])) for row, c in pairs if ious[row, c]]


def score_nails(
    name: str, instances: np.ndarray, nails: Sequence[Nail], labels: Mapping[int, NailLabel]
) -> NailPicture:
    """Compare the nails found in a picture with the truth.

    Args:
        name: of the picture.
        instances: [H, W], 0 is background, any other value is a nail.
        nails: found ones.
        labels: what is known of the true nails, by their values.
    """
    found, target = nail_mask(nails, *instances.shape) >= THRESHOLD, instances > 0
    matches = {match.number: match for match in match_nails(instances, nails)}
    known = {label.finger for label in labels.values()}
    whole = {hand for hand in (0, 1) if known >= set(range(5 * hand, 5 * hand + 5))}
    scores = []
    for number, area in zip(*np.unique(instances[target], return_counts=True), strict=True):
        match, label = matches.get(int(number)), labels.get(int(number), UNKNOWN)
        nail = nails[match.found] if match else None
        scores.append(
            NailScore(
                number=int(number),
                side=scaled_side(int(area), instances.shape),
                iou=match.iou if match else None,
                direction_error=direction_error(nail.angle, label.direction) if nail else None,
                finger=label.finger,
                found_finger=nail.finger if nail else None,
                whole_hand=label.finger is not None and label.finger // len(FINGERS) in whole,
            )
        )
    taken = {match.found for match in matches.values()}
    false = [nail for index, nail in enumerate(nails) if index not in taken]
    return NailPicture(
        name,
        target.size,
        *overlap(found, target),
        boundary_f(found, target),
        scores,
        [scaled_side(np.count_nonzero(nail.mask >= THRESHOLD), instances.shape) for nail in false],
    )


def scaled_side(area: int, shape: tuple[int, ...]) -> float:
    """Square root of an area in a picture [H, W], as if the longest side were `LONGEST_SIDE`."""
    return sqrt(area) * LONGEST_SIDE / max(shape)


def direction_error(angle: float, direction: tuple[float, float] | None) -> float | None:
    """Degrees in [0, 180] between an angle in radians (x right, y down) and a direction (x, y), if known."""
    if direction is None:
        return None
    return abs(degrees(turn(angle - atan2(direction[1], direction[0]))))


def turn(angle: float) -> float:
    """The same angle in [-pi, pi)."""
    return (angle + pi) % (2 * pi) - pi


def binary_iou(intersection: int, union: int, pixels: int) -> float:
    """Mean of the IoUs of the nails and of the background, of so many pixels in all."""
    return (iou(intersection, union) + iou(pixels - union, pixels - intersection)) / 2


def summarise(pictures: Sequence[NailPicture]) -> NailScores:
    """The scores of pictures, at least one."""
    pooled = [sum(getattr(p, field) for p in pictures) for field in ("intersection", "union", "pixels")]
    nails = [nail for picture in pictures for nail in picture.nails]
    matched = [nail for nail in nails if nail.iou is not None]
    false = sum(len(picture.false_sides) for picture in pictures)
    empty = [picture for picture in pictures if not picture.nails]
    errors = [nail.direction_error for nail in matched if nail.direction_error is not None]
    named = [nail for nail in matched if nail.finger is not None]
    whole = [nail for nail in named if nail.whole_hand]
    return NailScores(
        pictures=len(pictures),
        nails=len(nails),
        binary_iou=binary_iou(*pooled),
        binary_iou_pictures=float(np.mean([picture.binary_iou for picture in pictures])),
        nail_iou=iou(*pooled[:2]),
        nail_iou_pictures=float(np.mean([picture.nail_iou for picture in pictures])),
        boundary_f=float(np.mean([picture.boundary_f for picture in pictures])),
        recall=_share(len(matched), len(nails)),
        precision=_share(len(matched), len(matched) + false),
        matched_iou=_mean_iou(matched),
        empty_pictures=len(empty),
        false_pictures=_share(sum(max(p.false_sides, default=0) >= NOTABLE for p in empty), len(empty)),
        false_pixels=_share(sum(p.union for p in empty), sum(p.pixels for p in empty)),
        direction_nails=len(errors),
        direction_median=float(np.median(errors)) if errors else None,
        direction_p90=float(np.percentile(errors, 90)) if errors else None,
        finger_nails=len(named),
        finger_accuracy=_accuracy(named),
        finger_accuracy_any_hand=_accuracy(named, len(FINGERS)),
        whole_hand_nails=len(whole),
        whole_hand_accuracy=_accuracy(whole),
        whole_hand_accuracy_any_hand=_accuracy(whole, len(FINGERS)),
        sizes={size: _size_scores([n for n in nails if size_of(n.side) == size]) for size in SIZES},
    )


def size_of(side: float) -> str:
    """The class in `SIZES` of a nail."""
    return [size for size, start in SIZES.items() if side >= start][-1]


def _size_scores(nails: Sequence[NailScore]) -> SizeScores:
    matched = [nail for nail in nails if nail.iou is not None]
    return SizeScores(len(nails), _share(len(matched), len(nails)), _mean_iou(matched))


def _mean_iou(matched: Sequence[NailScore]) -> float | None:
    return _share(sum(nail.iou or 0.0 for nail in matched), len(matched))


def _accuracy(nails: Sequence[NailScore], fingers: int = 2 * len(FINGERS)) -> float | None:
    """Share of nails with the right finger, where fingers that differ by a multiple of `fingers` are one."""
    right = [n for n in nails if n.finger is not None and n.found_finger is not None]
    return _share(sum(n.finger % fingers == n.found_finger % fingers for n in right), len(nails))


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
