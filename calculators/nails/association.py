"""Which nail of a frame is which of the frame before, as pure functions."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from calculators.nails.maps import Numbers
from calculators.nails.nail import Nail

FARTHEST: Final = 1.5
"""How far a nail may be from where it is expected, in sizes of a nail, less what follows."""

OTHER_FINGER: Final = 0.75
"""What another finger counts, as a distance in sizes of a nail."""

OPPOSITE: Final = 0.5
"""What the opposite direction counts, as a distance in sizes of a nail."""

TWICE_AS_LARGE: Final = 0.35
"""What twice or half the size counts, as a distance in sizes of a nail."""


def nail_size(nail: Nail) -> float:
    """The side of a square as large as the nail, in pixels, at least 1."""
    return max(math.sqrt(nail.length * nail.width), 1.0)


def associate(expected: Sequence[Nail], nails: Sequence[Nail]) -> list[tuple[int, int]]:
    """Pairs of the same nail, the likeliest first; none is in two pairs, and the order does not matter.

    Args:
        expected: the nails of before, where they should be by now.
        nails: those that are seen.

    Returns:
        Indices into both.
    """
    costs = association_costs(expected, nails)
    pairs: list[tuple[int, int]] = []
    left, right = set(range(len(expected))), set(range(len(nails)))
    for place in np.argsort(costs, axis=None, kind="stable").tolist():
        first, second = divmod(place, len(nails))
        if costs[first, second] > FARTHEST:
            break
        if first in left and second in right:
            left.remove(first)
            right.remove(second)
            pairs.append((first, second))
    return pairs


def association_costs(expected: Sequence[Nail], nails: Sequence[Nail]) -> Numbers:
    """How unlike each expected nail and each that is seen are, [expected, nails], in sizes of a nail."""
    x, y, angle, size, finger = (values[:, None] for values in _features(expected))
    other_x, other_y, other_angle, other_size, other_finger = _features(nails)
    cost = np.hypot(x - other_x, y - other_y) / np.sqrt(size * other_size)
    cost += OTHER_FINGER * ((finger != other_finger) & (finger >= 0) & (other_finger >= 0))
    turn = np.abs((angle - other_angle + math.pi) % (2 * math.pi) - math.pi)
    cost += OPPOSITE / math.pi * turn
    cost += TWICE_AS_LARGE * np.abs(np.log2(size / other_size))
    return np.asarray(cost)


def _features(nails: Sequence[Nail]) -> Numbers:
    """x, y, angle, size and finger (-1 if unknown) of nails, [5, nails]."""
    features = [
        (*nail.center, nail.angle, nail_size(nail), -1 if nail.finger is None else nail.finger)
        for nail in nails
    ]
    return np.array(features, np.float64).reshape(-1, 5).T
