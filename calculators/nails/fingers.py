"""Which finger each nail belongs to, from what all nails of a hand show together, as pure functions."""

import itertools
import math
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calculators.nails.hands import across, find_hands
from calculators.nails.maps import Map, Numbers
from calculators.nails.nail import CLASSES, FINGERS

THUMB_ASIDE: Final = math.log(20), math.log(0.4)
"""What speaks for a thumb, as a logarithm: that the nail is turned aside, and that it is not."""

STRAY: Final = 0.3
"""How probable it is that a nail is not of the hand of those around it, as where two hands touch."""

MIRRORED: Final = math.log(0.05)
"""Logarithm of how often two nails stand the wrong way round. With each further nail the order is surer."""

THUMB_BETWEEN: Final = math.log(0.07)
"""Logarithm of how often the thumb does not lie beside the index finger, but before the others."""

FINGER_HIDDEN: Final = math.log(0.1)
"""Logarithm of how often a finger between others that are seen is not."""

LEAST: Final = 0.005
"""Probability of a finger that the network rules out: it may err."""

RIVAL: Final = 0.5
"""How probable a nail's next best finger must be, compared with its best, to take the best's place."""


def hand_shares(shares: Map, centers: Numbers, sizes: Numbers, angles: Numbers) -> Map:
    """How probable each finger is for each nail, once the other nails of its hand are looked at.

    Seen from the side of the nails, and these point up, the thumb of a right hand is on the left, whichever
    way the palm is turned. So the nails' order says which hand it is, and each nail's place in it which
    fingers it may be; the thumb alone may lie anywhere.

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
            order, aside = across(centers[hand], angles[hand])
            nails = np.array(hand)[order]
            result[nails] = pooled(shares[nails], aside[order])
    return result


def pooled(shares: Map, aside: NDArray[np.bool_]) -> Map:
    """The probabilities of fingers of a hand's nails, which are in order from left to right.

    Args:
        shares: [nails, 10], of each nail for itself.
        aside: [nails], whether it is turned aside from the others.

    Returns:
        [nails, 10].
    """
    guesses, priors = hand_guesses(len(shares))
    single = np.maximum(shares, LEAST)
    single /= single.sum(axis=1, keepdims=True)
    evidence = np.log(single * len(CLASSES))
    evidence[:, :: len(FINGERS)] += np.where(aside, *THUMB_ASIDE)[:, None]
    weights = np.exp(priors + guesses @ evidence.ravel())
    no_hand = STRAY ** (len(shares) - 1)
    sums = (weights @ guesses).reshape(single.shape) + no_hand * single
    return np.asarray(sums / (weights.sum() + no_hand), np.float32)


@cache
def hand_guesses(count: int) -> tuple[Map, Numbers]:
    """All ways in which nails in order from left to right may be a hand's fingers.

    Returns:
        [guesses, count * 10], 1 for the class of each nail and 0 for its others; and the logarithm of how
        probable each guess is before anything is seen.
    """
    guesses, priors = [], []
    for fingers in itertools.combinations(range(len(FINGERS)), count):
        hidden = sum(finger not in fingers for finger in range(max(fingers[0], 1), fingers[-1]))
        for place in range(count if fingers[0] == 0 else 1):
            # As on a right hand; on a left one they run the other way.
            order = [*fingers[1 : place + 1], fingers[0], *fingers[place + 1 :]]
            prior = hidden * FINGER_HIDDEN + (THUMB_BETWEEN if place else 0.0)
            for hand, reverse in itertools.product((0, 1), (False, True)):
                guesses.append([hand * len(FINGERS) + finger for finger in order[:: -1 if reverse else 1]])
                priors.append(prior + ((count - 1) * MIRRORED if reverse == (hand == 1) else 0.0))
    table = np.array(priors)
    chosen = np.eye(len(CLASSES), dtype=np.float32)[guesses].reshape(len(guesses), -1)
    logarithms: Numbers = table - math.log(np.exp(table).sum())
    # They are kept: whoever wrote into them would change every graph's hands.
    chosen.flags.writeable = logarithms.flags.writeable = False
    return chosen, logarithms


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
