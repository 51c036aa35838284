"""How the nails of one hand lie to each other: a Gaussian shape model, as pure functions.

The numbers are in hand_shape.json, which `training.nail_hand_shape` writes from real hands.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calculators.nails.maps import Numbers
from calculators.nails.nail import FINGERS

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
class Subset:
    """Some fingers of a hand.

    Attributes:
        orders: [orders, n], which fingers the n nails may be.
        mean: [4 n], the features of a left hand's nails, finger by finger.
        whitener: [4 n, 4 n], makes what is left of them independent and of variance 1.
        offset: logarithm of the density at the mean, and of how often these fingers are seen among as many.
    """

    orders: NDArray[np.int64]
    mean: Numbers
    whitener: Numbers
    offset: float


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


def log_densities(nails: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """How well nails fit all ways in which they may be fingers of a hand.

    Args:
        nails: [n, 4] from `features`, 2 to 5 of them.

    Returns:
        [guesses, n], indices into `nail.CLASSES`, and the logarithm of each guess's density and prior.
    """
    classes, densities = [], []
    for hand, seen in enumerate((nails, nails * MIRROR)):
        for subset in subsets(len(nails)):
            # In the order of the subset's fingers, as its mean is.
            ordered = seen[subset.orders.argsort(axis=1)].reshape(len(subset.orders), -1)
            apart = (ordered - subset.mean) @ subset.whitener
            classes.append(subset.orders + hand * len(FINGERS))
            densities.append(subset.offset - 0.5 * np.einsum("ij,ij->i", apart, apart))
    return np.concatenate(classes), np.concatenate(densities)


@cache
def subsets(count: int) -> tuple[Subset, ...]:
    """All choices of that many fingers."""
    table = json.loads(FILE.read_text(encoding="utf-8"))
    seen = {tuple(row["fingers"]): row["hands"] for row in table["seen"]}
    shapes = {tuple(row["fingers"]): (row["mean"], row["covariance"]) for row in table["shapes"]}
    choices = list(combinations(range(len(FINGERS)), count))
    total = sum(seen.get(choice, 0) + 1 for choice in choices)
    result = []
    for choice in choices:
        fingers = choice if choice in shapes else tuple(range(len(FINGERS)))
        kept = np.ravel([[4 * fingers.index(finger) + k for k in range(4)] for finger in choice])
        mean, covariance = (np.array(values) for values in shapes[fingers])
        covariance = covariance[np.ix_(kept, kept)] + np.diag(np.tile(LEAST, count))
        covariance += np.tile(np.diag(ANYWHERE), (count, count))
        whitener = np.linalg.inv(np.linalg.cholesky(covariance)).T
        density = np.log(np.diag(whitener)).sum() - 2 * count * math.log(2 * math.pi)
        offset = density + math.log((seen.get(choice, 0) + 1) / total)
        orders = np.array(list(permutations(choice)))
        result.append(Subset(orders, mean.ravel()[kept], whitener, float(offset)))
    return tuple(result)
