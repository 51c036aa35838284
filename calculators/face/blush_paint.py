"""Blush: its places on the cheeks, and how it lies on skin."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_makeup import BLUSH, pattern_of, texture_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.cheeks import apples, lifted, nose_bridge
from calculators.face.dust import SmallFace, dust
from calculators.face.face_light import FaceLight
from calculators.face.gleam import add_grain
from calculators.face.paint import mix, paint_over
from calculators.face.parts import SIDES, FaceShape, Outline, fill

COVER: Final = 0.4
# How soft its border is, in sizes of the face; how much lighter its satin finish is.
SOFT: Final = 0.075
SATIN: Final = 0.02
# How strong it is on the nose.
NOSE: Final = 0.55
# Blush lies thin: the skin stays this much as light as it is.
LIGHT: Final = 0.55


def paint_blush(canvas: ByteArray, shape: FaceShape, light: FaceLight, effect: LookEffect) -> None:
    """Puts blush onto a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        shape: the face.
        light: on it.
        effect: of the category "blush".
    """
    (palette,) = effect.palettes
    strength = np.float32(COVER * percent(palette, "color_intensity", 100))
    color = light.worn(palette.color)
    color[0] += LIGHT * (light.skin[0] - color[0])
    texture = texture_of(BLUSH, palette)

    def recolor(face: SmallFace) -> FloatArray:
        share = strength * _mask(effect, face) * face.skin()
        coat = paint_over(face.lab, light.skin, color, own=0.6)
        if texture != "matte":
            coat[..., 0] += SATIN / COVER
        return mix(face.lab, coat, share)

    cheeks, nose = _spots(effect, shape)
    spots = [*cheeks, *nose]
    reach = 3 * SOFT * shape.size
    everywhere = np.concatenate(spots)
    corners = np.array((everywhere.min(axis=0) - reach, everywhere.max(axis=0) + reach), np.float32)
    dust(canvas, shape, light, corners, recolor)
    if texture == "shimmer":
        add_grain(canvas, shape, light, palette, spots, float(strength))


def _mask(effect: LookEffect, face: SmallFace) -> FloatArray:
    cheeks, nose = _spots(effect, face.shape)
    soft = SOFT * face.shape.size
    return np.maximum(fill(cheeks, face.box, soft), np.float32(NOSE) * fill(nose, face.box, soft))


def _spots(effect: LookEffect, shape: FaceShape) -> tuple[Sequence[Outline], Sequence[Outline]]:
    """Where blush goes: on the cheeks, and on the nose."""
    pattern = pattern_of(effect)
    cheek = lifted if pattern == "lifted" else apples
    return [cheek(shape, side) for side in SIDES], [nose_bridge(shape)] if pattern == "sunkissed" else []
