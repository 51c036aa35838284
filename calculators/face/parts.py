"""From a face's 68 points to its parts: smooth outlines, local coordinates and soft masks.

Everything is in pixels of the frame, pixel centres at whole numbers, x to the right and y down. "Left" and
"right" are those of the picture. The points of the two halves are listed from the outside inwards, so that
what is said about one eye, brow or cheek holds for the other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from calculators.color.light import FloatArray
from calculators.face.types import Face

Outline = FloatArray

# Points that a curve gets for each point it goes through.
STEPS: Final = 6
# Masks that are softened over more pixels than this are drawn smaller and enlarged.
FINEST: Final = 3.0
# cv2 draws polygons in this part of a pixel.
SHIFT: Final = 4
# The forehead reaches this far above the eyes, in sizes of the face.
FOREHEAD: Final = 0.82
# What the points of its border are made of, [19, 3]: the middle between the temples, half of their distance
# across, and its own height down. It is squarer than an ellipse, as foreheads are.
TURNS: Final = np.linspace(np.pi, 0, 19, dtype=np.float32)
ARC: Final = np.stack((np.ones_like(TURNS), np.cos(TURNS), -(np.maximum(np.sin(TURNS), 0) ** 0.8)), axis=-1)
# Faces smaller than this, in pixels between the outer corners of the eyes, are not painted.
SMALLEST: Final = 12.0


@dataclass(frozen=True)
class Side:
    """The points of one half of a face, from the outside inwards, from the top down.

    Attributes:
        jaw: from the ear to the chin.
        brow: of the brow.
        upper, lower: of the eye's lids, both corners included.
        wing: of the nose.
        mouth: the corner of the mouth.
    """

    jaw: tuple[int, ...]
    brow: tuple[int, ...]
    upper: tuple[int, ...]
    lower: tuple[int, ...]
    wing: int
    mouth: int


LEFT: Final = Side(tuple(range(9)), (17, 18, 19, 20, 21), (36, 37, 38, 39), (36, 41, 40, 39), 31, 48)
RIGHT: Final = Side(tuple(range(16, 7, -1)), (26, 25, 24, 23, 22), (45, 44, 43, 42), (45, 46, 47, 42), 35, 54)
SIDES: Final = (LEFT, RIGHT)
CHIN: Final = 8
# All points of both eyes, to take the mean of.
EYES: Final = tuple((index, 1) for index in range(36, 48))
NOSE: Final = (27, 28, 29, 30)
LIPS_ABOVE: Final = (48, 49, 50, 51, 52, 53, 54)
LIPS_BELOW: Final = (48, 59, 58, 57, 56, 55, 54)
MOUTH_ABOVE: Final = (60, 61, 62, 63, 64)
MOUTH_BELOW: Final = (60, 67, 66, 65, 64)


@dataclass(frozen=True)
class FaceShape:
    """A face in the pixels of a frame.

    Attributes:
        points: float32 [68, 2].
        frame: width and height of the frame.
        size: of the face, about the distance of the outer corners of the eyes when it looks ahead.
        down: unit vector from the eyes to the chin.
    """

    points: FloatArray
    frame: tuple[int, int]
    size: float
    down: FloatArray

    def curve(self, indices: Sequence[int]) -> Outline:
        """A smooth open curve through some of the points, [n, 2]."""
        return smooth(self.points[list(indices)])

    def place(self, *weights: tuple[int, float]) -> FloatArray:
        """A weighted mean of points, [2]: (index, weight), ..."""
        return np.asarray(_shares(weights) @ self.points)


def face_shape(face: Face, frame: tuple[int, int]) -> FaceShape | None:
    """A face in pixels; None where it is too small to paint or its points are no numbers.

    Args:
        face: with 68 landmarks.
        frame: width and height.
    """
    points = (face.landmarks * np.array(frame) - 0.5).astype(np.float32)
    if not np.isfinite(points).all():
        return None
    eyes = _shares(EYES) @ points
    down = points[CHIN] - eyes
    height = math.hypot(*down)
    size = max(math.hypot(*(points[45] - points[36])), 0.75 * height)
    # Points far outside any frame are a mistake, not a face.
    if size < SMALLEST or height == 0 or np.abs(points).max() > 20 * max(frame):
        return None
    return FaceShape(points, frame, size, down / height)


@cache
def _shares(weights: tuple[tuple[int, float], ...]) -> FloatArray:
    """What each of the points counts in a weighted mean, [68]."""
    shares = np.zeros(68, np.float32)
    for index, part in weights:
        shares[index] += part
    return np.asarray(shares / shares.sum())


@cache
def _spline(count: int) -> FloatArray:
    """Catmull-Rom's curve through `count` points as a matrix, [(count - 1) * STEPS + 1, count]."""
    part = np.arange(STEPS) / STEPS
    weights = 0.5 * np.stack(
        (
            -(part**3) + 2 * part**2 - part,
            3 * part**3 - 5 * part**2 + 2,
            -3 * part**3 + 4 * part**2 + part,
            part**3 - part**2,
        ),
        axis=-1,
    )
    matrix = np.zeros(((count - 1) * STEPS + 1, count))
    for i in range(count - 1):
        for k in range(4):
            # Beyond its ends the curve goes on as it came.
            index, rows = i + k - 1, slice(i * STEPS, (i + 1) * STEPS)
            if index < 0:
                matrix[rows, 0] += 2 * weights[:, k]
                matrix[rows, 1] -= weights[:, k]
            elif index >= count:
                matrix[rows, count - 1] += 2 * weights[:, k]
                matrix[rows, count - 2] -= weights[:, k]
            else:
                matrix[rows, index] += weights[:, k]
    matrix[-1, -1] = 1
    return matrix.astype(np.float32)


def smooth(points: FloatArray) -> Outline:
    """A smooth open curve through points, [n, 2] to [(n - 1) * STEPS + 1, 2]."""
    return np.asarray(_spline(len(points)) @ points)


def closed(above: Outline, below: Outline) -> Outline:
    """The outline between two curves that begin and end alike; it has corners at both ends."""
    return np.concatenate((above, below[-2:0:-1]))


def lips(shape: FaceShape) -> Outline:
    """The outer border of the lips."""
    return closed(shape.curve(LIPS_ABOVE), shape.curve(LIPS_BELOW))


def mouth(shape: FaceShape) -> Outline | None:
    """The opening between the lips; None where the mouth is closed."""
    if mouth_opening(shape) < 1:
        return None
    above, below = inner_lips(shape)
    return closed(above, below)


def mouth_opening(shape: FaceShape) -> float:
    """How far the lips are apart at their middle, in pixels; below 0 where their borders cross."""
    gaps = (shape.points[[67, 66, 65]] - shape.points[[61, 62, 63]]) @ shape.down
    return float(max(gaps.tolist()))


def inner_lips(shape: FaceShape) -> tuple[Outline, Outline]:
    """The inner borders of the upper and the lower lip, the same where the lips touch."""
    above, below = shape.points[list(MOUTH_ABOVE)], shape.points[list(MOUTH_BELOW)]
    gaps = (below - above) @ shape.down
    touch = np.maximum(-gaps, 0)[:, None] / 2 * shape.down
    return smooth(above - touch), smooth(below + touch)


def eye(shape: FaceShape, side: Side) -> Outline:
    """The border of an eye between its lids."""
    return closed(shape.curve(side.upper), shape.curve(side.lower))


def eye_opening(shape: FaceShape, side: Side) -> float:
    """How far the lids are apart, in widths of the eye: about 0.3 open, below 0.12 closed."""
    upper, lower = side.upper, side.lower
    width = math.hypot(*(shape.points[upper[0]] - shape.points[upper[-1]]))
    gap = shape.place((lower[1], 1), (lower[2], 1)) - shape.place((upper[1], 1), (upper[2], 1))
    return float(gap @ shape.down) / max(width, 1.0)


def face_outline(shape: FaceShape) -> Outline:
    """The border of the face: the jaw, and the forehead as far as it can be guessed from the points."""
    begin, end = shape.points[0], shape.points[16]
    middle = (begin + end) / 2
    top = float((middle - shape.place(*EYES)) @ shape.down) + FOREHEAD * shape.size
    arc = ARC @ np.array((middle, (end - begin) / 2, top * shape.down), np.float32)
    return closed(shape.curve(range(17)), np.asarray(arc))


@dataclass(frozen=True)
class Region:
    """A mask in a part of the frame.

    Attributes:
        mask: float32 [height, width] in [0, 1].
        left, top: the frame's pixel that the mask begins at.
    """

    mask: FloatArray
    left: int
    top: int

    @property
    def place(self) -> tuple[slice, slice]:
        """The rows and columns of the frame."""
        height, width = self.mask.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    @property
    def box(self) -> "Box":
        """The part of the frame: left, top, width, height."""
        height, width = self.mask.shape
        return self.left, self.top, width, height


Box = tuple[int, int, int, int]


def box_around(outline: Outline, margin: float, frame: tuple[int, int]) -> Box | None:
    """The part of the frame around an outline: left, top, width, height; None outside the frame."""
    # So few numbers are compared sooner in Python.
    x, y = outline.T.tolist()
    left, top = max(math.floor(min(x) - margin), 0), max(math.floor(min(y) - margin), 0)
    right = min(math.ceil(max(x) + margin) + 1, frame[0])
    bottom = min(math.ceil(max(y) + margin) + 1, frame[1])
    if right <= left or bottom <= top:
        return None
    return left, top, right - left, bottom - top


def fill(
    outlines: Sequence[Outline], box: Box, feather: float = 0, holes: Sequence[Outline | None] = ()
) -> FloatArray:
    """What lies inside outlines, antialiased, float32 [height, width] in [0, 1]; about half a pixel wider.

    Args:
        outlines: closed; where they overlap counts once.
        box: the part of the frame.
        feather: the standard deviation of the soft border in pixels.
        holes: outlines of what is left out, with a border of the same softness; None is nothing.
    """
    left, top, width, height = box
    scale = min(1.0, FINEST / max(feather, FINEST))
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    across, down = size[0] / width, size[1] / height
    shrink = np.array(
        ((across, 0, (0.5 - left) * across - 0.5), (0, down, (0.5 - top) * down - 0.5)), np.float32
    )
    mask = np.zeros((size[1], size[0]), np.uint8)
    given = [*outlines, *(hole for hole in holes if hole is not None)]
    points, begin = fixed(np.concatenate(given), shrink), 0
    for i, path in enumerate(given):
        end = begin + len(path)
        value = 255 if i < len(outlines) else 0
        cv2.fillPoly(mask, [points[begin:end]], (value,), cv2.LINE_AA, SHIFT)
        begin = end
    if not feather:
        return np.asarray(mask * np.float32(1 / 255))
    # cv2.GaussianBlur takes several times as long.
    across_bell, down_bell = _bells(min(feather, FINEST))
    soft = cv2.sepFilter2D(mask, cv2.CV_32F, across_bell, down_bell, borderType=cv2.BORDER_REPLICATE)
    if scale < 1:
        soft = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(soft, np.float32)


@lru_cache(maxsize=64)
def _bells(deviation: float) -> tuple[FloatArray, FloatArray]:
    """Gauss's bell; the first is of 255ths."""
    bell = cv2.getGaussianKernel(2 * math.ceil(3 * deviation) + 1, deviation, cv2.CV_32F)
    return np.asarray(bell * np.float32(1 / 255)), np.asarray(bell)


def fixed(points: FloatArray, change: FloatArray) -> npt.NDArray[np.int32]:
    """Points as cv2 draws them, with `SHIFT` bits behind the point.

    Args:
        points: [n, 2].
        change: what is done to them before, [2, 3]: x, y and 1 are multiplied by it.

    Returns:
        [n, 2].
    """
    return np.asarray(np.rint(cv2.transform(points[None], change * (1 << SHIFT))[0]).astype(np.int32))


def region(
    outlines: Sequence[Outline],
    frame: tuple[int, int],
    feather: float = 0,
    holes: Sequence[Outline | None] = (),
) -> Region | None:
    """The mask of what lies inside outlines, in the part of the frame where they are; None outside it.

    Args:
        outlines: closed.
        frame: width and height.
        feather: the standard deviation of the soft border in pixels.
        holes: outlines of what is left out; None is nothing.
    """
    box = box_around(np.concatenate(outlines), 3 * feather + 1, frame)
    if box is None:
        return None
    return Region(fill(outlines, box, feather, holes), box[0], box[1])
