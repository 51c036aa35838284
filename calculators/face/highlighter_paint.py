"""Highlighter: a gleam where light falls on a face."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_makeup import HIGHLIGHTER, PRODUCTS, texture_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.cheeks import brow_bone, cheekbone, chin, cupids_bow, inner_corner, nose_ridge
from calculators.face.dust import SmallFace, dust
from calculators.face.face_light import FaceLight
from calculators.face.gleam import add_grain
from calculators.face.paint import mix
from calculators.face.parts import SIDES, FaceShape, Outline, face_outline, fill

# How much lighter it makes skin at most, as the part of the way to its own colour in full light.
COVER: Final = 0.5
# It is at most this much lighter than the skin, in OKLab: on dark skin a white gleam is paint.
LIGHTER: Final = 0.3
# How soft its border is, in sizes of the face, and how strong it is there.
PLACES: Final = {
    "cheekbones": (0.05, 1.0),
    "nose": (0.022, 0.7),
    "brow_bones": (0.03, 0.7),
    "inner_corners": (0.03, 0.9),
    "cupids_bow": (0.02, 0.8),
    "chin": (0.05, 0.5),
}
AREAS: Final[dict[str, Callable[[FaceShape], Sequence[Outline]]]] = {
    "cheekbones": lambda shape: [cheekbone(shape, side) for side in SIDES],
    "nose": lambda shape: [nose_ridge(shape)],
    "brow_bones": lambda shape: [brow_bone(shape, side) for side in SIDES],
    "inner_corners": lambda shape: [inner_corner(shape, side) for side in SIDES],
    "cupids_bow": lambda shape: [cupids_bow(shape)],
    "chin": lambda shape: [chin(shape)],
}


def paint_highlighter(canvas: ByteArray, shape: FaceShape, light: FaceLight, effect: LookEffect) -> None:
    """Puts highlighter onto a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        shape: the face.
        light: on it.
        effect: of the category "highlighter".
    """
    (palette,) = effect.palettes
    strength = np.float32(COVER * percent(palette, "color_intensity", 100))
    color = light.worn(palette.color)
    color[0] = min(color[0], light.skin[0] + LIGHTER)
    areas = effect.areas or PRODUCTS[HIGHLIGHTER].areas

    def recolor(face: SmallFace) -> FloatArray:
        masks = []
        for area in areas:
            soft, strong = PLACES[area]
            masks.append(strong * fill(AREAS[area](face.shape), face.box, soft * face.shape.size))
        share = strength * np.maximum.reduce(masks) * face.skin()
        # A gleam only adds light, and more of it where skin is lit.
        coat = np.empty_like(face.lab)
        lit = np.clip(face.lab[..., :1] / max(float(light.skin[0]), 0.05), 0, 1.15)
        coat[..., :1] = np.maximum(face.lab[..., :1], lit * color[:1])
        coat[..., 1:] = 0.5 * face.lab[..., 1:] + 0.5 * color[1:]
        return mix(face.lab, coat, share)

    dust(canvas, shape, light, face_outline(shape), recolor)
    if texture_of(HIGHLIGHTER, palette) == "shimmer":
        outlines = [outline for area in areas for outline in AREAS[area](shape)]
        add_grain(canvas, shape, light, palette, outlines, float(strength))
