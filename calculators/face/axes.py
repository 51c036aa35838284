"""Coordinates of a part of a face: along a line between two of its points, and across it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from calculators.color.light import FloatArray
from calculators.face.parts import Box, Outline

IndexArray = npt.NDArray[np.intp]

# Curves are looked up between these places along the axis, in so many steps.
BEGIN: Final = -1.0
END: Final = 2.0
ENTRIES: Final = 1536
PLACES: Final = np.linspace(BEGIN, END, ENTRIES, dtype=np.float32)


@dataclass(frozen=True)
class Axes:
    """A part's own coordinates; what is painted in them moves, turns and grows with the part.

    Attributes:
        origin: the pixel where both are 0.
        along: the step in pixels to where the first is 1.
        across: likewise for the second, as long and at a right angle.
    """

    origin: FloatArray
    along: FloatArray
    across: FloatArray

    @property
    def unit(self) -> float:
        """Pixels in a step."""
        return math.hypot(*self.along)

    @property
    def matrix(self) -> FloatArray:
        """From coordinates to pixels, [2, 3]: what x, y and 1 are multiplied by."""
        return np.stack((self.along, self.across, self.origin), axis=-1).astype(np.float32)

    def grid(self, box: Box) -> tuple[FloatArray, FloatArray]:
        """Both coordinates of each pixel of a part of the frame, float32 [height, width]."""
        left, top, width, height = box
        columns = np.arange(width, dtype=np.float32) + np.float32(left - self.origin[0])
        rows = (np.arange(height, dtype=np.float32) + np.float32(top - self.origin[1]))[:, None]
        square = np.float32(self.unit**2)
        x = columns * (self.along[0] / square) + rows * (self.along[1] / square)
        y = columns * (self.across[0] / square) + rows * (self.across[1] / square)
        return x, y

    def local(self, points: FloatArray) -> FloatArray:
        """Pixels [n, 2] to coordinates [n, 2]."""
        turn = np.array((self.along, self.across)).T / np.float32(self.unit**2)
        return np.asarray((points - self.origin) @ turn)

    def pixels(self, points: FloatArray) -> FloatArray:
        """Coordinates [..., 2] to pixels [..., 2]."""
        return np.asarray(
            self.origin + points[..., :1] * self.along + points[..., 1:] * self.across, np.float32
        )


def axes_between(first: FloatArray, second: FloatArray, towards: FloatArray) -> Axes:
    """Coordinates from one point to another; the other axis goes to the side on which a third one lies."""
    along = second - first
    x, y = along.tolist()
    right, down = (towards - first).tolist()
    turn = 1 if x * down >= y * right else -1
    return Axes(first, along, np.array((-turn * y, turn * x), np.float32))


def height_of(curve: Outline, before: float = 0.0, after: float = 0.0) -> FloatArray:
    """A curve from left to right as a table of heights, for `at`.

    Args:
        curve: coordinates [n, 2]; where it turns back the place is that of the furthest point.
        before, after: how steeply it rises to both sides beyond its ends.
    """
    places = np.maximum.accumulate(curve[:, 0])
    y = np.interp(PLACES, places, curve[:, 1])
    if before:
        y += before * np.maximum(places[0] - PLACES, 0)
    if after:
        y += after * np.maximum(PLACES - places[-1], 0)
    return np.asarray(y, np.float32)


def at(table: FloatArray, x: FloatArray) -> FloatArray:
    """The heights of a curve at places along the axis, of the same shape."""
    return np.asarray(table.take(entries(x), mode="wrap"))


def entries(x: FloatArray) -> IndexArray:
    """Where places along the axis are in tables of heights, of the same shape."""
    found = x * np.float32((ENTRIES - 1) / (END - BEGIN))
    found += np.float32(0.5 - BEGIN * (ENTRIES - 1) / (END - BEGIN))
    np.maximum(found, 0, out=found)
    np.minimum(found, ENTRIES - 1, out=found)
    return np.asarray(found, np.intp)


def rise(values: FloatArray, begin: float | FloatArray, end: float | FloatArray) -> FloatArray:
    """From 0 at `begin` to 1 at `end`, without corners; falls where `end` is the smaller."""
    part = np.asarray((values - _single(begin)) * _single(1 / (end - begin)))
    # In place, as this is most of what masks of make-up are made of.
    np.maximum(part, 0, out=part)
    np.minimum(part, 1, out=part)
    slope = np.float32(3) - part
    slope -= part
    part *= part
    part *= slope
    return part


def _single(value: float | FloatArray) -> FloatArray:
    """Of float32, so that arrays of it stay so."""
    return np.asarray(value, np.float32)


def bump(values: FloatArray, middle: float, width: float) -> FloatArray:
    """1 at the middle, falling to both sides as Gauss's bell does."""
    away = np.asarray((values - np.float32(middle)) * np.float32(1 / width), np.float32)
    return np.asarray(np.exp(-away * away), np.float32)
