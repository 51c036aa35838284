"""A small picture of a face, for what needs no detail."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray, soften
from calculators.color.oklab_picture import picture_to_oklab
from calculators.face.axes import rise
from calculators.face.face_light import FaceLight
from calculators.face.parts import (
    SIDES,
    Box,
    FaceShape,
    Outline,
    box_around,
    eye,
    face_outline,
    fill,
    lips,
    region,
)

# The size of the face in the small picture, in pixels.
SMALL: Final = 56.0
# How many times as far from the face's skin as half of its pixels are: what is certainly skin, what is not.
LIKE_SKIN: Final = (3.0, 6.5)

# An outline in the small picture, the softness of its border in sizes of the face, and how strong it is.
Layer = tuple[Outline, float, float]


@dataclass(frozen=True, eq=False)
class SmallFace:
    """A face in a small picture.

    Attributes:
        box: the part of the frame that it shows.
        shape: the face in its pixels.
        picture: RGB uint8 [height, width, 3].
        lab: the same in OKLab.
        skin: how sure a pixel shows skin of the face, by its place and its colour, [height, width] in [0, 1].
    """

    box: Box
    shape: FaceShape
    picture: ByteArray
    lab: FloatArray
    skin: FloatArray

    def layers(self, given: Iterable[Layer]) -> FloatArray:
        """The strongest of some layers at each pixel, [height, width] in [0, 1]."""
        alike: dict[tuple[float, float], list[Outline]] = defaultdict(list)
        for outline, feather, strength in given:
            alike[feather, strength].append(outline)
        strongest = np.zeros_like(self.skin)
        for (feather, strength), outlines in alike.items():
            found = region(outlines, self.shape.frame, feather * self.shape.size)
            if found is not None:
                part = strongest[found.place]
                np.maximum(part, found.mask * np.float32(strength), out=part)
        return strongest


def small_face(shape: FaceShape, light: FaceLight, image: ByteArray) -> SmallFace | None:
    """A face made small; None outside the frame.

    Args:
        shape: the face.
        light: on it.
        image: RGB uint8 [height, width, 3], the frame.
    """
    box = box_around(face_outline(shape), 2, shape.frame)
    if box is None:
        return None
    left, top, width, height = box
    scale = min(1.0, SMALL / shape.size)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    ratio = np.array((size[0] / width, size[1] / height), np.float32)
    pixels = image[top : top + height, left : left + width]
    # A quarter of the time of INTER_AREA.
    side = 2 * round((1 / scale - 1) / 2) + 1
    picture = np.asarray(cv2.resize(cv2.blur(pixels, (side, side)), size), np.uint8)
    points = (shape.points - (left, top) + 0.5) * ratio - 0.5
    inside = FaceShape(points.astype(np.float32), size, shape.size * float(ratio.mean()), shape.down)
    lab = picture_to_oklab(picture)
    return SmallFace(box, inside, picture, lab, _skin(inside, light, lab))


def _skin(shape: FaceShape, light: FaceLight, lab: FloatArray) -> FloatArray:
    box = 0, 0, *shape.frame
    face = fill([face_outline(shape)], box, 0.03 * shape.size)
    bare = fill([lips(shape), *(eye(shape, side) for side in SIDES)], box, 0.02 * shape.size)
    # Light and shadow move lightness further than the colour of skin, shadow further than light.
    scale = np.array([(0.5, 0, 0), (0.7, 0, 0), (0, 1, 0), (0, 0, 1)], np.float32) / light.spread
    away = cv2.transform(lab, np.column_stack((scale, -scale @ light.skin)))
    dark, lit, red, yellow = (np.asarray(plane, np.float32) for plane in cv2.split(away))
    lit = np.maximum(dark, lit, out=lit)
    like = 1 - rise(np.sqrt(lit * lit + red * red + yellow * yellow), *LIKE_SKIN)
    return np.asarray(face * (1 - bare) * soften(like, 1.0), np.float32)
