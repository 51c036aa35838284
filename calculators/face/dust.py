"""Powders and creams on the skin of a face, reckoned small.

What they change has no detail: how much lighter, darker and redder a place gets is reckoned on a small
picture of the face and multiplied into the large one, whose texture thereby stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray, soften
from calculators.color.oklab_picture import oklab_to_values, picture_to_oklab
from calculators.face.axes import rise
from calculators.face.face_light import FaceLight
from calculators.face.parts import (
    SIDES,
    Box,
    FaceShape,
    Outline,
    box_around,
    closed,
    eye,
    face_outline,
    fill,
    lips,
)

# The size of the face in the small picture, in pixels.
SMALL: Final = 56.0
# Keeps the change of nearly black pixels within bounds, in sRGB values.
FLOOR: Final = 6.0
# How many times as far from the face's skin as half of its pixels are: what is certainly skin, what is not.
LIKE_SKIN: Final = (3.0, 6.5)


@dataclass(frozen=True)
class SmallFace:
    """A face in a small picture.

    Attributes:
        shape: the face in its pixels.
        lab: the picture, OKLab [height, width, 3].
        light: on the face.
    """

    shape: FaceShape
    lab: FloatArray
    light: FaceLight

    @property
    def box(self) -> Box:
        """All of the picture."""
        return 0, 0, *self.shape.frame

    def skin(self) -> FloatArray:
        """How sure a pixel shows skin of the face, by its place and its colour, [height, width] in [0, 1]."""
        size = self.shape.size
        face = fill([face_outline(self.shape)], self.box, 0.03 * size)
        bare = fill([lips(self.shape), *(eye(self.shape, side) for side in SIDES)], self.box, 0.02 * size)
        away = (self.lab - self.light.skin) / self.light.spread
        # Light and shadow move lightness further than the colour of skin.
        away[..., 0] *= np.where(away[..., 0] < 0, np.float32(0.5), np.float32(0.7))
        like = 1 - rise(np.sqrt(np.square(away).sum(axis=-1)), *LIKE_SKIN)
        return np.asarray(face * (1 - bare) * soften(np.asarray(like, np.float32), 1.0), np.float32)

    def average(self, mask: FloatArray, radius: float) -> FloatArray:
        """The colours around each pixel that lie in a mask, OKLab [height, width, 3]."""
        weights = soften(mask, radius) + np.float32(1e-3)
        # Where nothing is near, the colour of the skin as a whole is as good as any.
        sums = soften(self.lab * mask[..., None], radius) + np.float32(1e-3) * self.light.skin
        return np.asarray(sums / weights[..., None])


def dust(
    canvas: ByteArray,
    shape: FaceShape,
    light: FaceLight,
    outline: Outline,
    recolor: Callable[[SmallFace], FloatArray],
) -> None:
    """Changes the colours of a face within an outline.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        shape: the face.
        light: on it.
        outline: of what can change, in pixels.
        recolor: what the small picture, OKLab, becomes; pixels that it gives back as they were stay so.
    """
    box = box_around(outline, 2, shape.frame)
    if box is None:
        return
    left, top, width, height = box
    scale = min(1.0, SMALL / shape.size)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    ratio = np.array((size[0] / width, size[1] / height), np.float32)
    pixels = canvas[top : top + height, left : left + width]
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    points = (shape.points - (left, top) + 0.5) * ratio - 0.5
    inside = FaceShape(points.astype(np.float32), size, shape.size * float(ratio.mean()), shape.down)
    lab = picture_to_oklab(small)
    after = recolor(SmallFace(inside, lab, light))
    changed = (after != lab).any(axis=-1)
    gain = (oklab_to_values(after) + FLOOR) / (small + np.float32(FLOOR))
    gain = np.where(changed[..., None], gain, np.float32(1))
    gain = np.asarray(cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR))
    values = pixels + np.float32(FLOOR)
    values *= gain
    values -= np.float32(FLOOR)
    np.clip(values, 0, 255, out=values)
    canvas[top : top + height, left : left + width] = np.rint(values, out=values)


def spot(center: FloatArray, along: FloatArray, across: FloatArray) -> Outline:
    """An ellipse, [24, 2]: around a place, reaching as far as two vectors."""
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False, dtype=np.float32)[:, None]
    return np.asarray(center + np.cos(turns) * along + np.sin(turns) * across, np.float32)


def stroke(begin: FloatArray, end: FloatArray, width: FloatArray, end_width: FloatArray) -> Outline:
    """A brush stroke between two places that gets narrower, [24, 2]."""
    part = np.linspace(0, 1, 13, dtype=np.float32)[:, None]
    middle = begin + part * (end - begin)
    half = (1 - part) * width + part * end_width
    half = half * np.sqrt(np.maximum(1 - np.abs(2 * part - 1) ** 4, 0))
    return closed(np.asarray(middle - half, np.float32), np.asarray(middle + half, np.float32))
