"""Foundation: an even tone, in a shade, on skin whose texture stays."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import FloatArray, soften
from calculators.color.look_makeup import FOUNDATION, texture_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.axes import IndexArray
from calculators.face.canvas import Canvas
from calculators.face.dust import recolor
from calculators.face.lit_face import LitFace
from calculators.face.paint import FAINT

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


def paint_foundation(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
    """Puts foundation onto a picture.

    Args:
        canvas: to paint on.
        face: on it.
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
    chosen = np.flatnonzero(small.skin > FAINT)
    skin = small.skin.take(chosen)
    # The mask goes along, as the weight of the averages.
    planes = [np.asarray(plane) * small.skin for plane in cv2.split(small.lab)]
    lit = np.asarray(cv2.merge((*planes, small.skin)), np.float32)
    spots, around = (_averages(lit, radius * size, chosen, face.light.skin) for radius in (SPOT, WIDE))
    changes = []
    for channel in range(3):
        away = spots[channel] - around[channel]
        even = np.float32(COLOR) if channel else np.where(away < 0, np.float32(DARK), np.float32(PALE))
        change = shade[channel] - evenness * even * away
        if shine and not channel:
            change += shine * np.maximum(away, 0)
        changes.append(change * skin)
    lab = small.lab.reshape(-1, 3).take(chosen, axis=0)[None]
    recolor(canvas, small, chosen, lab + cv2.merge(changes).reshape(lab.shape))


def _averages(lit: FloatArray, radius: float, chosen: IndexArray, skin: FloatArray) -> list[FloatArray]:
    """Averages of the skin's OKLab around chosen pixels, three of [n].

    Args:
        lit: OKLab of a picture times the mask of skin, and this mask, [height, width, 4].
        radius: of an average, in pixels.
        chosen: the pixels' places in the flattened picture, [n].
        skin: OKLab of the skin as a whole, [3].
    """
    sums = soften(lit, radius).reshape(-1, 4).take(chosen, axis=0)
    weight = sums[:, 3] + np.float32(1e-3)
    # Where nothing is near, the colour of the skin as a whole is as good as any.
    return [(sums[:, channel] + np.float32(1e-3) * skin[channel]) / weight for channel in range(3)]
