"""Foundation: an even tone, in a shade, on skin whose texture stays."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_makeup import FOUNDATION, texture_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.dust import SmallFace, dust
from calculators.face.face_light import FaceLight
from calculators.face.parts import FaceShape, face_outline

# How much of the way to its shade foundation takes skin, and the furthest it goes, in OKLab.
COVER: Final = 0.7
FURTHEST: Final = np.array((0.07, 0.03, 0.03), np.float32)
# What holds where the look leaves the evenness out, in percent.
EVENNESS: Final = 50.0
# Spots are smaller than the one and larger than the other radius, in sizes of the face: finer is texture,
# wider is the shape of the face.
SPOT: Final = 0.03
WIDE: Final = 0.15
# How much of a spot is evened out: of one that is darker, lighter, and of its colour.
DARK: Final = 0.55
PALE: Final = 0.25
COLOR: Final = 0.85


@dataclass(frozen=True)
class Finish:
    """What foundation does to the shine of skin, to what is lighter than its surroundings.

    Attributes:
        shine: the part that it takes away (below 0) or adds.
    """

    shine: float = 0.0


FINISHES: Final = {"natural": Finish(), "matte": Finish(-0.5), "dewy": Finish(0.45)}


def paint_foundation(canvas: ByteArray, shape: FaceShape, light: FaceLight, effect: LookEffect) -> None:
    """Puts foundation onto a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        shape: the face.
        light: on it.
        effect: of the category "foundation".
    """
    (palette,) = effect.palettes
    strength = np.float32(percent(palette, "color_intensity", 100))
    evenness = strength * np.float32(percent(effect.skin, "evenness", EVENNESS))
    shade = np.clip(light.worn(palette.color) - light.skin, -FURTHEST, FURTHEST) * COVER * strength
    finish = FINISHES[texture_of(FOUNDATION, palette)]

    def recolor(face: SmallFace) -> FloatArray:
        skin = face.skin()
        spots = face.average(skin, SPOT * face.shape.size)
        away = spots - face.average(skin, WIDE * face.shape.size)
        change = np.empty_like(away)
        change[..., 0] = np.where(away[..., 0] < 0, np.float32(-DARK), np.float32(-PALE)) * away[..., 0]
        change[..., 1:] = -COLOR * away[..., 1:]
        change *= evenness
        change[..., 0] += strength * finish.shine * np.maximum(away[..., 0], 0)
        change += shade.astype(np.float32)
        return np.asarray(face.lab + change * skin[..., None])

    dust(canvas, shape, light, face_outline(shape), recolor)
