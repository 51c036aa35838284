"""Lip liner: a line along the border of the lips."""

from typing import Final

import numpy as np

from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.canvas import Canvas
from calculators.face.lit_face import LitFace
from calculators.face.paint import SkinCoat, middle
from calculators.face.parts import fill, lips, mouth

COVER: Final = 0.8
# What holds where the look leaves the thickness out, in percent; what this is, in widths of the mouth.
THICKNESS: Final = 50.0
WIDTH: Final = 0.03


def paint_lip_liner(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
    """Draws lip liner onto a picture: sharp outside, fading inwards.

    Args:
        canvas: to paint on.
        face: on it.
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
    bare = middle(canvas.pixels(place), mask)
    coat = SkinCoat(bare, face.light.worn(palette.color), contrast=0.9)
    canvas.lay(place, np.asarray(line * cover, np.float32), coat)
