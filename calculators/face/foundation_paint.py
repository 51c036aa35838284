"""Foundation: an even tone, in a shade, on skin whose texture stays."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, soften
from calculators.color.look_makeup import FOUNDATION, texture_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.dust import dust
from calculators.face.lit_face import LitFace

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


def paint_foundation(canvas: ByteArray, face: LitFace, effect: LookEffect) -> None:
    """Puts foundation onto a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        face: to paint on.
        effect: of the category "foundation".
    """
    small = face.small
    if small is None:
        return
    (palette,) = effect.palettes
    strength = np.float32(percent(palette, "color_intensity", 100))
    evenness = strength * np.float32(percent(effect.skin, "evenness", EVENNESS))
    shade = np.clip(face.light.worn(palette.color) - face.light.skin, -FURTHEST, FURTHEST) * COVER * strength
    shine = strength * np.float32(FINISHES[texture_of(FOUNDATION, palette)].shine)
    size = small.shape.size
    change = []
    weights = [soften(small.skin, radius * size) + np.float32(1e-3) for radius in (SPOT, WIDE)]
    for channel, plane in enumerate(cv2.split(small.lab)):
        lit = np.asarray(plane, np.float32) * small.skin
        # Where nothing is near, the colour of the skin as a whole is as good as any.
        rest = np.float32(1e-3) * face.light.skin[channel]
        spots, around = (
            (soften(lit, radius * size) + rest) / weight
            for radius, weight in zip((SPOT, WIDE), weights, strict=True)
        )
        away = spots - around
        even = np.float32(COLOR) if channel else np.where(away < 0, np.float32(DARK), np.float32(PALE))
        away = shade[channel] - evenness * even * away + (0 if channel else shine * np.maximum(away, 0))
        change.append(away)
    dust(canvas, small, small.lab + np.asarray(cv2.merge(change)), small.skin)
