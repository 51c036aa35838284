"""An eye in a frame: its lids, its brow and its own coordinates."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calculators.color.light import FloatArray
from calculators.face.axes import Axes, IndexArray, axes_between, entries, height_of
from calculators.face.parts import Box, FaceShape, Side, box_around, eye, eye_opening, fill

# Smaller eyes, in pixels from corner to corner, and in sizes of the face, are not painted: the latter are
# those on the far side of a face in profile.
SMALLEST: Final = 5.0
FAR: Final = 0.1
# The part of the frame that is looked at, in widths of the eye: beyond the outer corner, beyond the inner
# one, below the corners, above the brow.
REACH: Final = (-0.6, 1.3, -0.4, 0.25)
# How steeply lids are taken to go on beyond their outer corner.
OUTWARD: Final = 0.35
# The lower edge of the brow lies this far below its points; the brow is at least this far above the lid.
BROW: Final = 0.13
LID: Final = 0.3
# The crease lies at this part of the way from the lid to the brow: of an open lid never higher above it than
# this, of a closed one never further below the brow than that.
CREASE: Final = 0.42
ABOVE_LID: Final = 0.27
BELOW_BROW: Final = 0.34
# Eyeshadow reaches at most this far above an open and a closed lid, however high the brow is.
HIGHEST: Final = (0.75, 0.95)
# How far the lids are apart, in widths of the eye, where it is closed and where it is open.
CLOSED: Final = 0.08
OPEN: Final = 0.2


@dataclass(frozen=True)
class EyeShape:
    """An eye; coordinates are in widths of it, from the outer corner to the inner one, and up to the brow.

    Attributes:
        box: the part of the frame that it and its make-up take.
        width: from corner to corner, in pixels.
        axes: its own coordinates.
        x, y: those of each pixel of the box, [height, width].
        columns: where its x is in tables of heights, [height, width].
        above: how high each pixel is above the upper lid, [height, width].
        lids: the heights of the lids as tables for `at`: the upper and the lower one.
        crease, brow: how high above the upper lid the crease is, and where eyeshadow ends, as tables.
        opening: 0 closed, 1 open.
        bare: 0 on the eye itself, 1 around it, [height, width].
    """

    box: Box
    width: float
    axes: Axes
    x: FloatArray
    y: FloatArray
    columns: IndexArray
    above: FloatArray
    lids: tuple[FloatArray, FloatArray]
    crease: FloatArray
    brow: FloatArray
    opening: float
    bare: FloatArray

    @property
    def place(self) -> tuple[slice, slice]:
        """The rows and columns of the frame."""
        left, top, width, height = self.box
        return slice(top, top + height), slice(left, left + width)

    @property
    def below(self) -> FloatArray:
        """How far each pixel is below the lower lid, [height, width]."""
        return np.asarray(self.lids[1].take(self.columns, mode="wrap") - self.y)

    def strip(self, low: float, high: float) -> "EyeShape":
        """The same in fewer rows of the frame: in those with pixels of a height between two."""
        left, top, width, height = self.box
        corners = self.axes.pixels(np.array([(x, y) for x in REACH[:2] for y in (low, high)], np.float32))
        begin = min(max(math.floor(corners[:, 1].min()) - top, 0), height - 1)
        end = max(min(math.ceil(corners[:, 1].max()) - top + 1, height), begin + 1)
        rows = slice(begin, end)
        return replace(
            self,
            box=(left, top + begin, width, end - begin),
            x=self.x[rows],
            y=self.y[rows],
            columns=self.columns[rows],
            above=self.above[rows],
            bare=self.bare[rows],
        )


def eye_shape(shape: FaceShape, side: Side) -> EyeShape | None:
    """An eye of a face; None where it is too small to paint, or outside the frame."""
    outer, inner = shape.points[side.upper[0]], shape.points[side.upper[-1]]
    width = math.hypot(*(inner - outer))
    if width < max(SMALLEST, FAR * shape.size):
        return None
    axes = axes_between(outer, inner, shape.points[side.brow[2]])
    brow_curve = axes.local(shape.curve(side.brow)) - (0, BROW)
    highest = float(brow_curve[:, 1].max()) + REACH[3]
    corners = [(x, y) for x in REACH[:2] for y in (REACH[2], highest)]
    box = box_around(axes.pixels(np.array(corners, np.float32)), 0, shape.frame)
    if box is None:
        return None
    x, y = axes.grid(box)
    columns = entries(x)
    upper = height_of(axes.local(shape.curve(side.upper)), OUTWARD)
    lower = height_of(axes.local(shape.curve(side.lower)), OUTWARD)
    opening = min(max((eye_opening(shape, side) - CLOSED) / (OPEN - CLOSED), 0.0), 1.0)
    most = HIGHEST[1] + opening * (HIGHEST[0] - HIGHEST[1])
    gap = np.clip(height_of(brow_curve) - upper, LID, most)
    low = np.minimum(CREASE * gap, ABOVE_LID)
    crease = low + (1 - opening) * (np.maximum(CREASE * gap, gap - BELOW_BROW) - low)
    above = y - upper.take(columns, mode="wrap")
    bare = np.ones_like(x)
    if opening > 0:
        bare = 1 - fill([eye(shape, side)], box, 0.012 * width)
    return EyeShape(box, width, axes, x, y, columns, above, (upper, lower), crease, gap, opening, bare)
