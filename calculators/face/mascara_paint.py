"""Mascara: lashes, drawn one by one in the eye's own coordinates."""

from functools import cache, partial
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.axes import PLACES, at, rise
from calculators.face.eye_shape import EyeShape
from calculators.face.lit_face import LitFace
from calculators.face.paint import paint_over, repaint
from calculators.face.parts import SHIFT, fixed

COVER: Final = 0.8
# What holds where the look leaves a field out, in percent.
LENGTH, VOLUME = 40.0, 50.0
# Lashes are drawn this many times larger.
LARGER: Final = 3
# Points of a lash, and its width at the root, in widths of the eye.
POINTS: Final = 5
THICK: Final = 0.014
# How strong lower lashes are, of 255.
LOWER: Final = 110
SEED: Final = 5
# How far above and below the middle of lashes and of the line of their roots there can be any.
REACH: Final = 0.05
# How strong the line of their roots is along the eye, as a table.
ROOTS: Final = rise(PLACES, 0.0, 0.1) * (1 - rise(PLACES, 0.85, 1.0))
# How much its bend and its tip count at each point of a lash, from the root on, [POINTS].
ALONG: Final = np.linspace(0, 1, POINTS, dtype=np.float32)
BENT: Final = 2 * ALONG * (1 - ALONG)
ENDING: Final = ALONG**2


def paint_mascara(canvas: ByteArray, face: LitFace, effect: LookEffect) -> None:
    """Darkens and lengthens the lashes in a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        face: to paint on.
        effect: of the category "mascara".
    """
    (palette,) = effect.palettes
    cover = np.float32(COVER * percent(palette, "color_intensity", 100))
    skin, color = face.light.skin, face.light.worn(palette.color)
    coat = partial(paint_over, bare=skin, color=color, contrast=0.6)
    for eye in face.eyes:
        place, lashes = _lashes(effect, eye)
        repaint(canvas, place, lashes * cover, coat)


def _lashes(effect: LookEffect, eye: EyeShape) -> tuple[tuple[slice, slice], FloatArray]:
    """Where lashes are: a part of the frame, and a mask of it, [height, width] in [0, 1]."""
    length = 0.06 + 0.17 * percent(effect.lashes, "length", LENGTH)
    volume = percent(effect.lashes, "volume", VOLUME)
    count = 16 + round(26 * volume)
    lower, upper = _hairs(eye, 1, 0.35 * length, count // 2), _hairs(eye, 0, length, count)
    heights = np.concatenate((lower[..., 1].ravel(), upper[..., 1].ravel()))
    found = eye.strip(float(heights.min()) - REACH, float(heights.max()) + REACH)
    left, top, width, height = found.box
    drawn = np.zeros((height * LARGER, width * LARGER), np.uint8)
    larger = LARGER * found.axes.matrix
    larger[:, 2] += LARGER * (0.5 - np.array((left, top), np.float32)) - np.float32(0.5)
    # A lash is thick at its root and ends in a point.
    thickness = THICK * (0.7 + 0.6 * volume) * found.width * LARGER
    for hairs, strong in ((lower, LOWER), (upper, 255)):
        lines = fixed(hairs.reshape(-1, 2), larger).reshape(hairs.shape)
        for end, thick in ((POINTS, 0.45), (3, 0.9)):
            cv2.polylines(
                drawn,
                list(lines[:, :end]),
                False,
                (strong,),
                max(round(thick * thickness), 1),
                cv2.LINE_AA,
                SHIFT,
            )
    mask = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    # The roots stand so close that they make a line.
    root = np.abs(found.above - np.float32(0.01))
    line = (1 - rise(root, 0.01, 0.035)) * (np.float32(0.3 + 0.3 * volume) * ROOTS).take(found.columns)
    return found.place, np.asarray(np.maximum(mask, line), np.float32)


def _hairs(found: EyeShape, lid: int, length: float, count: int) -> FloatArray:
    """Lashes of a lid as curves in the eye's coordinates, [count, POINTS, 2]."""
    x, scale, outwards = _strands(lid, count)
    # Lashes of a closed lid hang down, those of the lower one always do.
    up = -0.75 if lid else 1.75 * found.opening - 0.75
    # They leave the lid forwards and bend up.
    upwards = np.float32(length) * (BENT * (0.4 * up - 0.06) + ENDING * up)
    hairs = np.empty((count, POINTS, 2), np.float32)
    hairs[..., 0] = x[:, None] - np.float32(length) * outwards
    hairs[..., 1] = at(found.lids[lid], x)[:, None] + scale[:, None] * upwards
    return hairs


@cache
def _strands(lid: int, count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of each lash of a lid: where it grows, how long it is, and how far its points lean outwards.

    Returns:
        [count], [count], and [count, POINTS].
    """
    rng = np.random.default_rng(SEED + lid)
    x = np.linspace(0.05, 0.93, count) + rng.uniform(-0.6, 0.6, count) * 0.9 / count
    scale = (0.5 + 0.6 * np.exp(-(((x - 0.2) / 0.4) ** 2))) * rng.uniform(0.6, 1.15, count)
    lean = np.clip(0.75 - 1.25 * x, -0.35, 0.75) + rng.uniform(-0.25, 0.25, count)
    outwards = (scale * lean)[:, None] * (0.5 * BENT + ENDING)
    return x.astype(np.float32), scale.astype(np.float32), outwards.astype(np.float32)
