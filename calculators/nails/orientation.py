"""Where nails point, as pure functions."""

import math
from typing import Final

import numpy as np

from calculators.nails.maps import Labels, Map, Numbers, nail_pixels

SURE: Final = 0.8
"""Length of a nail's mean direction from which on its own axis is not asked."""

LOST: Final = 0.2
"""Length of a nail's mean direction up to which only its own axis counts."""


def principal_axes(labels: Labels, count: int, foreground: Map) -> Numbers:
    """The angle, in (-pi / 2, pi / 2], of the line along which each nail is longest."""
    places = nail_pixels(labels)
    found = labels.ravel()[places] - 1
    weights = foreground.ravel()[places].astype(np.float64)
    rows, columns = np.divmod(places, labels.shape[1])
    total = np.bincount(found, weights, count)
    x = columns - (np.bincount(found, weights * columns, count) / total)[found]
    y = rows - (np.bincount(found, weights * rows, count) / total)[found]
    xx, yy, xy = (np.bincount(found, weights * product, count) for product in (x * x, y * y, x * y))
    return np.asarray(np.arctan2(2 * xy, xx - yy) / 2)


def corrected_angle(x: float, y: float, axis: float) -> float:
    """Where a nail points, from base to tip, in (-pi, pi].

    Where the network's mean direction is long, it counts alone. The shorter it is, the further the angle goes
    to the nail's own axis: along the nail's longest line, or across it where that is nearer, as nails may be
    wider than long. Where the direction is next to nothing, it is the longest line, and of its two ends
    the one towards which the direction points, or else the upper one.

    Args:
        x, y: the network's mean direction.
        axis: angle of the nail's longest line.
    """
    length, angle = math.hypot(x, y), math.atan2(y, x)
    if length >= SURE:
        return wrapped(angle)  # Of y = -0.0 it is -pi.
    if length <= LOST:
        along = x * math.cos(axis) + y * math.sin(axis) if length else -math.sin(axis)
        return axis if along >= 0 else wrapped(axis + math.pi)
    share = (SURE - length) / (SURE - LOST)
    return wrapped(angle + share * wrapped(4 * (axis - angle)) / 4)


def wrapped(angle: float) -> float:
    """The same angle in (-pi, pi]."""
    return math.pi - (math.pi - angle) % (2 * math.pi)
