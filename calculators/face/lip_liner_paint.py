"""Lip liner: a line along the border of the lips."""

from functools import partial
from typing import Final

import numpy as np

from calculators.color.light import ByteArray
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.lit_face import LitFace
from calculators.face.paint import middle, paint_over, repaint
from calculators.face.parts import fill, lips, mouth

COVER: Final = 0.8
# What holds where the look leaves the thickness out, in percent; what this is, in widths of the mouth.
THICKNESS: Final = 50.0
WIDTH: Final = 0.03


def paint_lip_liner(canvas: ByteArray, face: LitFace, effect: LookEffect) -> None:
    """Draws lip liner onto a picture: sharp outside, fading inwards.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        face: to paint on.
        effect: of the category "lip_liner".
    """
    found = face.lips
    if found is None:
        return
    (palette,) = effect.palettes
    place, mask = found.region.place, found.free
    width = WIDTH * found.width * 3 ** (2 * percent(effect.line, "thickness", THICKNESS) - 1)
    inside = fill([lips(face.shape)], found.region.box, width, [mouth(face.shape)])
    # At a border the softened mask is a half, whatever its softness.
    line = mask * np.clip(2.2 - 2.2 * inside, 0, 1) * np.clip(4 * np.abs(found.depth) - 1, 0, 1)
    cover = np.float32(COVER * percent(palette, "color_intensity", 100))
    bare = middle(canvas[place], mask)
    coat = partial(paint_over, bare=bare, color=face.light.worn(palette.color), contrast=0.9)
    repaint(canvas, place, np.asarray(line * cover, np.float32), coat)
