"""Which finger a nail is on and where it points, by the hands that were found in several views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from training.nail_labels_hands import Hand
from training.nail_labels_shape import (
    MIDDLE_ROOT,
    REACH,
    TIPS,
    WRIST,
    NailShape,
    tip_distances,
    unit,
)

SAME_HAND: Final = 1.5
"""Hands of two views are one if their landmarks are (in the median) at most this many units apart."""

MARGIN: Final = 0.25
"""A second fingertip or a second nail must be farther by this much, in units."""

MAX_SPREAD: Final = 0.2
"""Most that a fingertip may differ between the views, in units."""

MIN_SURE: Final = 0.8
"""How sure of left or right the plain views must be, and the mirrored ones, each in the mean."""

SIZES: Final = (0.15, 1.6)
"""Roots of nails' areas that fit a hand, in units."""

MAX_TURN: Final = np.radians(25)
"""Most that bones may differ in direction that are to say the same."""

SHORT_BONE: Final = 0.35
"""A shorter one, in units, points at the camera: its direction in the picture says little."""

ELONGATED: Final = (1.15, 1.5)
"""Elongations of a nail: up to the first its axis says nothing, from the second it alone counts."""

OPEN_FINGERS: Final = 3
STRETCHED: Final = 1.8
MAX_BEND: Final = np.radians(40)
LARGE_NAIL: Final = 0.35
MIN_WINDING: Final = 0.5
"""A hand is seen from its back if this many fingers (not the thumb) are stretched, so long in units, the last
bone bent no more, with a nail so large; and the row of tips is so much across the fingers (sine)."""

PLAUSIBLE_PALM, POSSIBLE_PALM = np.radians(60), np.radians(100)
"""Most that a stretched middle finger may be bent away from the palm for the back alone to say left or right,
and to say it at all: the palm may be out of sight and made up."""

MAX_CORRECTION: Final = np.radians(35)
"""Most that the axis of an elongated nail may differ from the bone, or from its normal: such a nail is seen
from its tip, and wide for that."""


@dataclass(frozen=True)
class SeenHand:
    """What the views of one hand say together.

    Attributes:
        points: the median landmarks, float64 [21, 2].
        spread: how much the fingertips differ, in units, float64 [5].
        turn: how much the last bones differ in direction, radians, float64 [5].
        right: whether it is its owner's right hand, by its looks; None if that is in doubt.
    """

    points: np.ndarray
    spread: np.ndarray
    turn: np.ndarray
    right: bool | None


def back_says_right(hand: SeenHand, nails: Sequence[NailShape]) -> bool | None:
    """Whether a hand that is seen from its back is a right one, by the order of its fingertips; else None."""
    points, one = hand.points, unit(hand.points)
    distances = tip_distances(nails, points)
    stretched = 0
    for finger, tip in list(enumerate(TIPS))[1:]:
        nearest = distances[:, finger].argmin()
        bend = abs(angle_between(points[tip] - points[tip - 1], points[tip - 2] - points[tip - 3]))
        stretched += bool(
            distances[nearest, finger] <= REACH
            and nails[nearest].size >= LARGE_NAIL * one
            and bend <= MAX_BEND
            and np.linalg.norm(points[tip] - points[tip - 3]) >= STRETCHED * one
        )
    bones = (points[TIPS[1:]] - points[TIPS[1:] - 1]).sum(axis=0)
    winding = np.sin(angle_between(points[TIPS[4]] - points[TIPS[1]], bones))
    return bool(winding > 0) if stretched >= OPEN_FINGERS and abs(winding) >= MIN_WINDING else None


def palm_bend(points: np.ndarray) -> float:
    """How much the middle finger of a hand, float [21, 2], is bent away from the palm, radians."""
    finger = points[TIPS[2]] - points[MIDDLE_ROOT]
    return float(abs(angle_between(finger, points[MIDDLE_ROOT] - points[WRIST])))


def is_right(hand: SeenHand, nails: Sequence[NailShape]) -> bool | None:
    """Whether a hand is a right one: by its looks or its back, if they do not contradict each other."""
    by_back = back_says_right(hand, nails)
    if by_back is None:
        return hand.right
    if hand.right is None:
        return by_back if palm_bend(hand.points) <= PLAUSIBLE_PALM else None
    return hand.right if hand.right == by_back and palm_bend(hand.points) <= POSSIBLE_PALM else None


@dataclass(frozen=True)
class Verdict:
    """What is known of a nail.

    Attributes:
        finger: index into `calculators.nails.nail.CLASSES`, or None.
        direction: (x, y) from base to tip, unit length, or None.
        finger_doubt, direction_doubt: why not, empty if known.
    """

    finger: int | None
    direction: tuple[float, float] | None
    finger_doubt: str = ""
    direction_doubt: str = ""


def merge(hands: Sequence[Hand]) -> list[SeenHand]:
    """The hands of a picture that at least two views show."""
    clusters: list[list[Hand]] = []
    for hand in hands:
        for cluster in clusters:
            apart = np.linalg.norm(hand.points - cluster[0].points, axis=1)
            if np.median(apart) <= SAME_HAND * unit(cluster[0].points):
                cluster.append(hand)
                break
        else:
            clusters.append([hand])
    return [_agree(cluster) for cluster in clusters if len(cluster) > 1]


def _agree(cluster: Sequence[Hand]) -> SeenHand:
    every = np.stack([hand.points for hand in cluster])
    points = np.median(every, axis=0)
    spread = np.linalg.norm(every - points, axis=2)[:, TIPS].mean(axis=0) / unit(points)
    bones = every[:, TIPS] - every[:, TIPS - 1]
    middle = points[TIPS] - points[TIPS - 1]
    turn = np.abs(angle_between(bones, middle)).mean(axis=0)
    sides = [[hand.right for hand in cluster if hand.mirrored is m] for m in (False, True)]
    right = None
    if all(sides):
        plain, mirrored = np.mean(sides[0]), np.mean(sides[1])
        if min(plain, mirrored) >= MIN_SURE:
            right = True
        elif max(plain, mirrored) <= 1 - MIN_SURE:
            right = False
    return SeenHand(points, spread, turn, right)


def angle_between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """From `other` to `one`, radians in [-pi, pi]; both float [..., 2]."""
    cross = other[..., 0] * one[..., 1] - other[..., 1] * one[..., 0]
    return np.arctan2(cross, (one * other).sum(axis=-1))


def judge(nails: Sequence[NailShape], hands: Sequence[SeenHand]) -> list[Verdict]:
    """What the hands say of each nail."""
    if not hands:
        return [Verdict(None, None, "no hand found", "no hand found") for _ in nails]
    distances = np.hstack([tip_distances(nails, hand.points) for hand in hands])
    sides = [is_right(hand, nails) for hand in hands]
    return [_judge_nail(i, nails[i], hands, sides, distances) for i in range(len(nails))]


def _judge_nail(
    i: int, nail: NailShape, hands: Sequence[SeenHand], sides: Sequence[bool | None], distances: np.ndarray
) -> Verdict:
    best = int(distances[i].argmin())
    hand, right, finger = hands[best // 5], sides[best // 5], best % 5
    size = nail.size / unit(hand.points)
    if distances[i, best] > REACH or not SIZES[0] <= size <= SIZES[1]:
        return Verdict(None, None, "no fingertip near", "no fingertip near")
    direction, direction_doubt = _direction(nail, hand, finger)
    near = [
        int(k)
        for k in np.flatnonzero(distances[i] < distances[i, best] + MARGIN)
        if k % 5 != finger or sides[k // 5] != right
    ]
    if direction and any(_turn(hands, best, k) > MAX_TURN for k in near):
        direction, direction_doubt = None, "two fingertips near"
    rivals = np.delete(distances, i, axis=0)
    rivals = rivals[rivals.argmin(axis=1) == best, best]
    if near:
        doubt = "two fingertips near"
    elif (rivals < distances[i, best] + MARGIN).any():
        doubt = "two nails near one fingertip"
    elif hand.spread[finger] > MAX_SPREAD:
        doubt = "views disagree on the finger"
    elif right is None:
        doubt = "left or right in doubt"
    else:
        return Verdict(finger + 5 * right, direction, "", direction_doubt)
    return Verdict(None, direction, doubt, direction_doubt)


def _bone(hand: SeenHand, finger: int) -> np.ndarray:
    tip = TIPS[finger]
    return hand.points[tip] - hand.points[tip - 1]


def _turn(hands: Sequence[SeenHand], one: int, other: int) -> float:
    bones = [_bone(hands[k // 5], k % 5) for k in (one, other)]
    return float(abs(angle_between(bones[0], bones[1])))


def _direction(nail: NailShape, hand: SeenHand, finger: int) -> tuple[tuple[float, float] | None, str]:
    if hand.turn[finger] > MAX_TURN:
        return None, "views disagree on the bone"
    bone = _bone(hand, finger)
    return correct(bone / unit(hand.points), nail)


def correct(bone: np.ndarray, nail: NailShape) -> tuple[tuple[float, float] | None, str]:
    """The direction of a nail on a bone (x, y, in units), and why it is None if it is.

    The more elongated the nail, the more its own axis counts; but it must not say something else.
    """
    length = float(np.hypot(*bone))
    axis = np.array(nail.axis)
    axis = axis if axis @ bone >= 0 else -axis
    weight = float(np.clip((nail.elongation - ELONGATED[0]) / (ELONGATED[1] - ELONGATED[0]), 0, 1))
    if weight > 0 and abs(angle_between(axis, bone)) <= MAX_CORRECTION:
        mixed = weight * axis + (1 - weight) * bone / max(length, 1e-6)
    elif length < SHORT_BONE:
        return None, "bone points at the camera"
    elif weight == 1 and abs(angle_between(axis, bone)) < np.pi / 2 - MAX_CORRECTION:
        return None, "bone and nail's axis disagree"
    else:
        mixed = bone
    x, y = mixed / np.hypot(*mixed)
    return (float(x), float(y)), ""
