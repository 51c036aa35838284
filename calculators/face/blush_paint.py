"""Blush: its places on the cheeks, and how it lies on skin."""

from functools import partial
from typing import Final

import numpy as np

from calculators.color.light import FloatArray
from calculators.color.look_makeup import BLUSH, pattern_of, texture_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.canvas import Canvas
from calculators.face.cheeks import apples, lifted, nose_bridge
from calculators.face.dust import dust
from calculators.face.gleam import add_grain
from calculators.face.lit_face import LitFace
from calculators.face.paint import paint_over
from calculators.face.parts import SIDES, FaceShape, Outline

COVER: Final = 0.4
# How soft its border is, in sizes of the face; how much lighter its satin finish is.
SOFT: Final = 0.075
SATIN: Final = 0.02
# How strong it is on the nose.
NOSE: Final = 0.55
# Blush lies thin: the skin stays this much as light as it is.
LIGHT: Final = 0.55


def paint_blush(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
    """Puts blush onto a picture.

    Args:
        canvas: to paint on.
        face: on it.
        effect: of the category "blush".
    """
    small = face.small
    if small is None:
        return
    (palette,) = effect.palettes
    strength = np.float32(COVER * percent(palette, "color_intensity", 100))
    skin, color = face.light.skin, face.light.worn(palette.color)
    color[0] += LIGHT * (skin[0] - color[0])
    texture = texture_of(BLUSH, palette)
    coat = partial(_coat, bare=skin, color=color, lighter=0 if texture == "matte" else SATIN / COVER)
    layers = [(outline, SOFT, strong) for outline, strong in _spots(effect, small.shape)]
    dust(canvas, small, coat, strength * small.layers(layers) * small.skin)
    if texture == "shimmer":
        outlines = [outline for outline, _ in _spots(effect, face.shape)]
        add_grain(canvas, face, palette, outlines, float(strength))


def _coat(lab: FloatArray, bare: FloatArray, color: FloatArray, lighter: float) -> FloatArray:
    """Opaque blush on skin, OKLab."""
    coat = paint_over(lab, bare, color, own=0.6)
    coat[..., 0] += np.float32(lighter)
    return coat


def _spots(effect: LookEffect, shape: FaceShape) -> list[tuple[Outline, float]]:
    """Where blush goes, and how strong: on the cheeks, and on the nose."""
    pattern = pattern_of(effect)
    cheek = lifted if pattern == "lifted" else apples
    spots = [(cheek(shape, side), 1.0) for side in SIDES]
    return [*spots, (nose_bridge(shape), NOSE)] if pattern == "sunkissed" else spots
