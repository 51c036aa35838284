"""Contour: soft shadows that shape a face."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from calculators.color.look_makeup import CONTOUR, PRODUCTS
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.canvas import Canvas
from calculators.face.cheeks import hairline, jaw_line, nose_side, under_cheekbone
from calculators.face.dust import dust
from calculators.face.lit_face import LitFace
from calculators.face.paint import paint_over
from calculators.face.parts import SIDES, FaceShape, Outline

COVER: Final = 0.4
# Contour is at least this much darker than the skin, in parts of its lightness.
DARKER: Final = 0.86
# How soft its border is, in sizes of the face.
SOFT: Final = {"cheeks": 0.055, "jaw": 0.06, "nose": 0.022, "forehead": 0.07}
AREAS: Final[dict[str, Callable[[FaceShape], list[Outline]]]] = {
    "cheeks": lambda shape: [under_cheekbone(shape, side) for side in SIDES],
    "jaw": lambda shape: [jaw_line(shape)],
    "nose": lambda shape: [nose_side(shape, side) for side in SIDES],
    "forehead": lambda shape: [hairline(shape)],
}
# How strong it is there.
STRENGTH: Final = {"cheeks": 1.0, "jaw": 0.8, "nose": 0.55, "forehead": 0.7}


def paint_contour(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
    """Puts contour onto a picture.

    Args:
        canvas: to paint on.
        face: on it.
        effect: of the category "contour".
    """
    small = face.small
    if small is None:
        return
    (palette,) = effect.palettes
    skin, color = face.light.skin, face.light.worn(palette.color)
    color[0] = min(color[0], DARKER * skin[0])
    layers = [
        (outline, SOFT[area], STRENGTH[area])
        for area in effect.areas or PRODUCTS[CONTOUR].areas
        for outline in AREAS[area](small.shape)
    ]
    strength = np.float32(COVER * percent(palette, "color_intensity", 100))
    share = strength * small.layers(layers) * small.skin
    dust(canvas, small, partial(paint_over, bare=skin, color=color, own=0.6), share)
