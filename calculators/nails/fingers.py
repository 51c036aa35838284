"""Which finger each nail belongs to, from what all nails of a hand show together, as pure functions."""

import math
from typing import Final

import numpy as np

from calculators.nails.hand_shape import features, guesses, log_densities
from calculators.nails.hands import find_hands
from calculators.nails.maps import Map, Numbers
from calculators.nails.nail import CLASSES

STRAY: Final = -9.0
"""Logarithm of the density, for each nail but the first, of nails that are not of one hand, as where two
hands touch. That of real hands is mostly -2 to -5, that of nails strewn about -8 to -20."""

FIRST: Final = -8.0
"""The same for the first nail, which may lie anywhere in either case."""

LEAST: Final = 0.005
"""Probability of a finger that the network rules out: it may err."""

RIVAL: Final = 0.5
"""How probable a nail's next best finger must be, compared with its best, to take the best's place."""


def hand_shares(shares: Map, centers: Numbers, sizes: Numbers, angles: Numbers) -> Map:
    """How probable each finger is for each nail, once the other nails of its hand are looked at.

    Seen from the side of the nails, and these point up, the thumb of a right hand is on the left, whichever
    way the palm is turned; it lies lower and mostly aside, and the little finger's nail is the smallest. So
    how nails lie to each other tells a hand's fingers.

    Args:
        shares: [nails, 10], the mean probability of each of `nail.CLASSES`.
        centers: [nails, 2], x and y.
        sizes: [nails], in the same unit.
        angles: [nails], from base to tip in radians.

    Returns:
        [nails, 10]; that of a nail alone is as given.
    """
    result = shares.astype(np.float32)
    for hand in find_hands(centers, sizes, angles):
        if len(hand) > 1:
            result[hand] = pooled(shares[hand], features(centers[hand], sizes[hand], angles[hand]))
    return result


def pooled(shares: Map, nails: Numbers) -> Map:
    """The probabilities of the fingers of a hand's nails.

    Args:
        shares: [nails, 10], of each nail for itself.
        nails: [nails, 4], from `hand_shape.features`.

    Returns:
        [nails, 10].
    """
    single = np.maximum(shares, LEAST)
    single /= single.sum(axis=1, keepdims=True)
    chosen = guesses(len(nails))
    weights = log_densities(nails) + chosen @ np.log(single * len(CLASSES)).ravel()
    no_hand = FIRST + STRAY * (len(nails) - 1)
    highest = max(weights.max(), no_hand)
    weights, alone = np.exp(weights - highest), math.exp(no_hand - highest)
    sums = (weights @ chosen).reshape(single.shape) + alone * single
    return np.asarray(sums / (weights.sum() + alone), np.float32)


def name_fingers(shares: Map, min_score: float) -> list[int | None]:
    """The finger of each nail, so that two nails claim the same one only if both are sure.

    Args:
        shares: [nails, 10], the mean probability of each of `nail.CLASSES`.
        min_score: the smallest probability of a finger that is named.

    Returns:
        An index into `nail.CLASSES` for each nail, or None.
    """
    fingers: list[int | None] = [None] * len(shares)
    taken: set[int] = set()
    order = np.argsort(-shares.max(axis=1, initial=0), kind="stable")
    for nail, ranking, values in zip(
        order.tolist(),
        np.argsort(-shares[order], axis=1, kind="stable").tolist(),
        shares[order].tolist(),
        strict=True,
    ):
        best = ranking[0]
        if values[best] >= min_score:
            rivals = (finger for finger in ranking if values[finger] >= RIVAL * values[best])
            fingers[nail] = finger = next((finger for finger in rivals if finger not in taken), best)
            taken.add(finger)
    return fingers
