"""Lip liner: a line along the border of the lips."""

from typing import Final

import numpy as np

from calculators.color.light import ByteArray
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.color.oklab_picture import blend, oklab_to_values, picture_to_oklab
from calculators.face.face_light import FaceLight
from calculators.face.lip_shape import free_lips, lip_shape
from calculators.face.paint import middle, paint_over
from calculators.face.parts import FaceShape, fill, lips, mouth

COVER: Final = 0.8
# What holds where the look leaves the thickness out, in percent; what this is, in widths of the mouth.
THICKNESS: Final = 50.0
WIDTH: Final = 0.03


def paint_lip_liner(canvas: ByteArray, shape: FaceShape, light: FaceLight, effect: LookEffect) -> None:
    """Draws lip liner onto a picture: sharp outside, fading inwards.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        shape: the face.
        light: on it.
        effect: of the category "lip_liner".
    """
    found = lip_shape(shape)
    if found is None:
        return
    (palette,) = effect.palettes
    pixels = canvas[found.region.place]
    lab = picture_to_oklab(pixels)
    mask = free_lips(shape, found, lab)
    if mask.max() < 0.1:
        return
    width = WIDTH * found.width * 3 ** (2 * percent(effect.line, "thickness", THICKNESS) - 1)
    inside = fill([lips(shape)], found.region.box, width, [mouth(shape)])
    # At a border the softened mask is a half, whatever its softness.
    line = mask * np.clip(2.2 - 2.2 * inside, 0, 1) * np.clip(4 * np.abs(found.depth) - 1, 0, 1)
    coat = paint_over(lab, middle(lab, mask), light.worn(palette.color), contrast=0.9)
    cover = np.float32(COVER * percent(palette, "color_intensity", 100))
    canvas[found.region.place] = blend(pixels, oklab_to_values(coat), np.asarray(line * cover, np.float32))
