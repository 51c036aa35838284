"""The lips in a frame: where they are, their own coordinates, and what of them lies free."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray, quantile, soften
from calculators.color.oklab_picture import picture_to_oklab
from calculators.face.axes import Axes, axes_between, entries, height_of, rise
from calculators.face.parts import (
    CHIN,
    LIPS_ABOVE,
    LIPS_BELOW,
    FaceShape,
    Outline,
    Region,
    fill,
    inner_lips,
    lips,
    mouth,
    region,
)

# The softness of the lips' border, in widths of the mouth.
SOFT: Final = 0.014
# Lips and skin are told apart where their colours differ by this much, in parts of lightness. On the way
# from skin to lips, what lies nearer to skin than this is skin: as a whole, over the thickness of a lip, and
# at the place itself.
APART: Final = 0.06
SKIN_AROUND: Final = (0.02, 0.2)
SKIN_HERE: Final = (0.2, 0.5)
# The averages that this is about, and the reach of the skin around the lips, in widths of the mouth.
AROUND: Final = 0.08
HERE: Final = 0.03
BESIDE: Final = 0.15
# How far teeth may reach over the points of the inner lips, in widths of the mouth; their chroma, in parts of
# that of the lips; and how much lighter than lips they are.
NEAR: Final = 0.05
PALE: Final = (0.4, 0.7)
LIGHT: Final = (0.98, 1.12)


@dataclass(frozen=True)
class LipShape:
    """Lips.

    Attributes:
        region: where they are, the opening of the mouth left out.
        width: of the mouth, in pixels.
        axes: from the left corner of the mouth to the right one, and down; the steps are widths of the mouth.
        x, y: coordinates of each pixel of the region, [height, width].
        depth: of each pixel, 0 where the lips meet, 1 at their outer border; below 0 for the upper lip.
        free: the mask of the region without teeth, and without a hand before it as far as colours tell.
    """

    region: Region
    width: float
    axes: Axes
    x: FloatArray
    y: FloatArray
    depth: FloatArray
    free: FloatArray


def lip_shape(shape: FaceShape, image: ByteArray) -> LipShape | None:
    """The lips of a face; None where none is in the frame, or they are too small or hidden.

    Args:
        shape: the face.
        image: RGB uint8 [height, width, 3], the frame.
    """
    left, right = shape.points[48], shape.points[54]
    width = math.hypot(*(right - left))
    if width < 4:
        return None
    outline, opening = lips(shape), mouth(shape)
    found = region([outline], shape.frame, SOFT * width, [opening])
    if found is None:
        return None
    axes = axes_between(left, right, shape.points[CHIN])
    x, y = axes.grid(found.box)
    curves = [shape.curve(LIPS_ABOVE), *inner_lips(shape), shape.curve(LIPS_BELOW)]
    top, inner_top, inner_bottom, bottom = (height_of(axes.local(curve)) for curve in curves)
    columns, thin = entries(x), np.float32(0.01)
    # Where they touch, the inner borders are not above one another.
    middle = (inner_top + inner_bottom) / 2
    inner_top, inner_bottom = np.minimum(inner_top, middle), np.maximum(inner_bottom, middle)
    depth = np.zeros_like(x)
    for inner, outer, cut in ((inner_top, top, np.minimum), (inner_bottom, bottom, np.maximum)):
        scale = 1 / np.maximum(np.abs(outer - inner), thin)
        part = (y - inner.take(columns, mode="wrap")) * scale.take(columns, mode="wrap")
        depth += cut(part, 0, out=part)
    free = _free(found, width, picture_to_oklab(image[found.place]), outline, opening)
    if free.max() < 0.1:
        return None
    return LipShape(found, width, axes, x, y, depth, free)


def _free(
    found: Region, width: float, lab: FloatArray, outline: Outline, opening: Outline | None
) -> FloatArray:
    """The mask of the lips without teeth, and without a hand before them as far as colours tell.

    A hand has the colour of the skin around the mouth. Where the lips differ from that, places that do not
    are left out; pale lips are not told from a hand and stay whole.

    Args:
        found: the lips.
        width: of the mouth.
        lab: the lips' part of the frame, OKLab [height, width, 3].
        outline: of the lips.
        opening: of the mouth; None where it is closed.

    Returns:
        float32 [height, width] in [0, 1].
    """
    planes = [np.asarray(plane, np.float32) for plane in cv2.split(lab)]
    mask = found.mask * _not_skin(found, width, planes, outline)
    if opening is not None:
        mask = mask * (1 - _teeth(found, width, planes, opening))
    return np.asarray(mask, np.float32)


def _not_skin(found: Region, width: float, lab: Sequence[FloatArray], outline: Outline) -> FloatArray:
    """How sure a pixel of the lips does not show skin: 1 where the lips cannot be told from it."""
    mask = found.mask
    beside = 1 - fill([outline], found.box, 0.02 * width)
    light = np.maximum(lab[0], 0.1)
    # Colour in parts of lightness does not depend on how much light falls on a place.
    colors = lab[1] / light, lab[2] / light
    here, around = _averages(colors, mask, HERE * width), _averages(colors, beside, BESIDE * width)
    red, yellow = here[0] - around[0], here[1] - around[1]
    inside = mask > 0.6
    redness = red[inside]
    if not len(redness):
        return mask
    reddest = redness >= quantile(redness, 0.5)
    lip_red, lip_yellow = float(redness[reddest].mean()), float(yellow[inside][reddest].mean())
    apart = math.hypot(lip_red, lip_yellow)
    if apart < APART:
        return np.ones_like(mask)
    nearness = red * np.float32(lip_red / apart**2) + yellow * np.float32(lip_yellow / apart**2)
    (wide,) = _averages([nearness], mask, AROUND * width)
    # A highlight is as pale as skin, but not all over a lip.
    return np.maximum(rise(wide, *SKIN_AROUND), rise(nearness, *SKIN_HERE))


def _averages(planes: Sequence[FloatArray], mask: FloatArray, radius: float) -> list[FloatArray]:
    """Averages around each pixel of what lies in a mask, of each plane, [height, width]."""
    sums = cv2.split(soften(np.asarray(cv2.merge([mask, *(plane * mask for plane in planes)])), radius))
    weights = sums[0] + np.float32(1e-4)
    return [np.asarray(plane / weights, np.float32) for plane in sums[1:]]


def _teeth(found: Region, width: float, lab: Sequence[FloatArray], opening: FloatArray) -> FloatArray:
    """How sure a pixel shows a tooth: light, pale and in one piece with the opening of the mouth."""
    seed = fill([opening], found.box)
    chroma = np.sqrt(lab[1] * lab[1] + lab[2] * lab[2])
    inside = found.mask > 0.9
    if not inside.any():
        return np.zeros_like(seed)
    lip_chroma, lip_light = quantile(chroma[inside], 0.5), quantile(lab[0][inside], 0.5)
    pale = 1 - rise(chroma / np.float32(max(lip_chroma, 1e-3)), *PALE)
    light = rise(lab[0] / np.float32(max(lip_light, 1e-3)), *LIGHT)
    tooth = np.maximum(pale * light, seed)
    # Between a highlight on the lip and the opening lies lip.
    for _ in range(round(NEAR * width)):
        seed = np.minimum(cv2.dilate(seed, np.ones((3, 3), np.uint8)), tooth)
    return soften(np.asarray(seed, np.float32), 0.7)
