"""How the nails of one hand lie to each other: a Gaussian shape model, as pure functions.

The numbers are in hand_shape.json, which `training.nail_hand_shape` writes from real hands.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from calculators.nails.maps import Numbers
from calculators.nails.nail import CLASSES, FINGERS

AnyArray = TypeVar("AnyArray", bound=NDArray[Any])

FILE: Final = Path(__file__).with_name("hand_shape.json")

FEATURES: Final = ("across", "along", "turn", "size")
"""Of a nail: its place to the right and upwards, in sizes of a nail; how far it is turned clockwise, in
radians; the logarithm of its size. All where most nails point up, and from the middle of the nails."""

MIRROR: Final = np.array([-1.0, 1.0, -1.0, 1.0])
"""What a mirror does to them: a right hand is a left one in it."""

ANYWHERE: Final = np.array([400.0, 400.0, 0.15, 0.1])
"""Variance of what all nails of a hand have in common: where it is, how exactly it points up, its scale."""

LEAST: Final = np.array([0.05, 0.05, 0.01, 0.002])
"""Variance that each nail has at least, as masks are not exact."""

ALIKE: Final = math.radians(45)
"""Nails turned less than this point the same way: those of a hand's fingers do, its thumb mostly does not."""


@dataclass(frozen=True)
class Choices:
    """All choices of n of a hand's fingers, and the shapes of such hands; arrays are read-only, as all graphs
    share them.

    Attributes:
        fingers: [choices, n], from thumb (0) to little finger (4).
        orders: [orders, n], which of n nails each of these fingers may have.
        means: [choices, 4 n], the features of a left hand's nails, finger by finger.
        whiteners: [choices, 4 n, 4 n], make what is left of them independent and of variance 1.
        offsets: [choices], logarithm of the density at the mean and of how often these fingers are seen.
    """

    fingers: NDArray[np.int64]
    orders: NDArray[np.int64]
    means: Numbers
    whiteners: Numbers
    offsets: Numbers


def features(centers: Numbers, sizes: Numbers, angles: Numbers) -> Numbers:
    """`FEATURES` of each nail of a hand: [n, 4].

    Args:
        centers: [n, 2], x and y.
        sizes: [n], in the same unit.
        angles: [n], from base to tip in radians.
    """
    likeness = np.cos(angles[:, None] - angles)
    most = likeness[np.maximum(likeness, 0).sum(axis=1).argmax()] >= math.cos(ALIKE)
    x, y = np.cos(angles[most]).sum(), np.sin(angles[most]).sum()
    up = math.atan2(y, x)
    logarithms = np.log(sizes)
    places = (centers - centers.mean(axis=0)) / math.exp(logarithms.mean())
    across = places @ (-math.sin(up), math.cos(up))
    along = places @ (math.cos(up), math.sin(up))
    turns = np.angle(np.exp(1j * (angles - up)))
    return np.stack([across, along, turns, logarithms - logarithms.mean()], axis=1)


def log_densities(nails: Numbers) -> Numbers:
    """How well nails fit all ways in which they may be fingers of a hand.

    Args:
        nails: [n, 4] from `features`, 2 to 5 of them.

    Returns:
        [guesses], the logarithm of each guess's density and prior, in the order of `guesses(n)`.
    """
    known = choices(len(nails))
    both = np.stack([nails, nails * MIRROR])[:, known.orders].reshape(2, 1, len(known.orders), -1)
    apart = (both - known.means[:, None]) @ known.whiteners
    densities = known.offsets[:, None] - 0.5 * np.square(apart).sum(axis=-1)
    return np.asarray(densities.ravel())


@cache
def guesses(count: int) -> Numbers:
    """All ways in which that many nails may be fingers of a hand, the left one's first.

    Returns:
        [guesses, count * 10], read-only: 1 for the one of `nail.CLASSES` that each nail is, 0 for the others.
    """
    known = choices(count)
    hands = len(FINGERS) * np.arange(len(CLASSES) // len(FINGERS))
    fingers = known.fingers + hands[:, None, None]
    # The finger of each nail: where in the order the nail stands.
    classes = fingers[:, :, known.orders.argsort(axis=1)]
    return _read_only(np.eye(len(CLASSES))[classes].reshape(-1, count * len(CLASSES)))


@cache
def choices(count: int) -> Choices:
    """All choices of that many fingers."""
    table = json.loads(FILE.read_text(encoding="utf-8"))
    seen = {tuple(row["fingers"]): row["hands"] for row in table["seen"]}
    shapes = {tuple(row["fingers"]): (row["mean"], row["covariance"]) for row in table["shapes"]}
    chosen = list(combinations(range(len(FINGERS)), count))
    hands = np.array([seen.get(fingers, 0) + 1 for fingers in chosen])
    means, whiteners = [], []
    for fingers in chosen:
        # Of fingers that have no shape of their own, that of a whole hand's.
        shape = fingers if fingers in shapes else tuple(range(len(FINGERS)))
        kept = np.ravel([[4 * shape.index(finger) + k for k in range(4)] for finger in fingers])
        mean, covariance = (np.array(values) for values in shapes[shape])
        covariance = covariance[np.ix_(kept, kept)] + np.diag(np.tile(LEAST, count))
        covariance += np.tile(np.diag(ANYWHERE), (count, count))
        means.append(mean.ravel()[kept])
        whiteners.append(np.linalg.inv(np.linalg.cholesky(covariance)).T)
    densities = [np.log(np.diag(w)).sum() - 2 * count * math.log(2 * math.pi) for w in whiteners]
    return Choices(
        _read_only(np.array(chosen)),
        _read_only(np.array(list(permutations(range(count))))),
        _read_only(np.array(means)),
        _read_only(np.array(whiteners)),
        _read_only(np.array(densities) + np.log(hands / hands.sum())),
    )


def _read_only(array: AnyArray) -> AnyArray:
    array.flags.writeable = False
    return array
