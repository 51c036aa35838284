"""Which nails of a frame are of one hand, as pure functions."""

from typing import Final

import numpy as np

from calculators.nails.maps import Labels, Numbers, nail_pixels
from calculators.nails.nail import FINGERS

FARTHEST: Final = 20.0
"""How far a nail may be from the next one of its hand, in sizes of a nail: a thumb is spread far."""

TURNED: Final = 0.75
"""What it adds to a distance, as a share, that two nails are turned by a right angle; twice for opposite."""


def places_and_sizes(labels: Labels, count: int) -> tuple[Numbers, Numbers]:
    """The middle of each nail, [count, 2] as x and y, and the side of a square as large as it, [count]."""
    places = nail_pixels(labels)
    nails = labels.ravel()[places].astype(np.int64) - 1
    rows, columns = np.divmod(places, labels.shape[1])
    areas = np.bincount(nails, minlength=count)
    sums = [np.bincount(nails, values, count) for values in (columns, rows)]
    return np.stack(sums, axis=1) / areas[:, None], np.sqrt(areas)


def find_hands(centers: Numbers, sizes: Numbers, angles: Numbers) -> list[list[int]]:
    """Nails that may be of one hand: the nearest ones that point the same way join first, at most five.

    Two thumbs side by side are nearer to each other than to their hands: from such a pair a nail goes over to
    the four of its hand.

    Args:
        centers: [nails, 2], x and y.
        sizes: [nails], in the same unit.
        angles: [nails], from base to tip in radians.

    Returns:
        Indices of the nails of each hand; every nail is in one.
    """
    count = len(sizes)
    x, y = centers.T
    gaps = np.hypot(x[:, None] - x, y[:, None] - y) * 2 / (sizes[:, None] + sizes)
    gaps *= 1 + TURNED * (1 - np.cos(angles[:, None] - angles))
    gaps[np.tri(count, dtype=bool)] = np.inf  # Each pair once.
    order = np.argsort(gaps, axis=None, kind="stable")[: np.count_nonzero(gaps <= FARTHEST)].tolist()
    hands = [[nail] for nail in range(count)]
    for one, other in (divmod(pair, count) for pair in order):
        hand, joins = hands[one], hands[other]
        if hand is joins:
            continue
        if len(hand) + len(joins) <= len(FINGERS):
            hand += joins
            for nail in joins:
                hands[nail] = hand
        elif {len(hand), len(joins)} == {2, len(FINGERS) - 1}:
            nail, hand, joins = (one, joins, hand) if len(hand) == 2 else (other, hand, joins)
            joins.remove(nail)
            hand.append(nail)
            hands[nail] = hand
    return [hand for nail, hand in enumerate(hands) if hand[0] == nail]
