"""Contour: soft shadows that shape a face."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_makeup import CONTOUR, PRODUCTS
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.cheeks import hairline, jaw_line, nose_side, under_cheekbone
from calculators.face.dust import SmallFace, dust
from calculators.face.face_light import FaceLight
from calculators.face.paint import mix, paint_over
from calculators.face.parts import SIDES, FaceShape, Outline, face_outline, fill

COVER: Final = 0.4
# Contour is at least this much darker than the skin, in parts of its lightness.
DARKER: Final = 0.86
# How soft its border is, in sizes of the face.
SOFT: Final = {"cheeks": 0.055, "jaw": 0.06, "nose": 0.022, "forehead": 0.07}
AREAS: Final[dict[str, Callable[[FaceShape], Sequence[Outline]]]] = {
    "cheeks": lambda shape: [under_cheekbone(shape, side) for side in SIDES],
    "jaw": lambda shape: [jaw_line(shape)],
    "nose": lambda shape: [nose_side(shape, side) for side in SIDES],
    "forehead": lambda shape: [hairline(shape)],
}
# How strong it is there.
STRENGTH: Final = {"cheeks": 1.0, "jaw": 0.8, "nose": 0.55, "forehead": 0.7}


def paint_contour(canvas: ByteArray, shape: FaceShape, light: FaceLight, effect: LookEffect) -> None:
    """Puts contour onto a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        shape: the face.
        light: on it.
        effect: of the category "contour".
    """
    (palette,) = effect.palettes
    strength = np.float32(COVER * percent(palette, "color_intensity", 100))
    color = light.worn(palette.color)
    color[0] = min(color[0], DARKER * light.skin[0])
    areas = effect.areas or PRODUCTS[CONTOUR].areas

    def recolor(face: SmallFace) -> FloatArray:
        masks = [
            STRENGTH[area] * fill(AREAS[area](face.shape), face.box, SOFT[area] * face.shape.size)
            for area in areas
        ]
        share = strength * np.maximum.reduce(masks) * face.skin()
        return mix(face.lab, paint_over(face.lab, light.skin, color, own=0.6), share)

    dust(canvas, shape, light, face_outline(shape), recolor)
