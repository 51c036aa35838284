"""Highlighter: a gleam where light falls on a face."""

from collections.abc import Callable
from functools import partial
from typing import Final

import cv2
import numpy as np

from calculators.color.light import FloatArray
from calculators.color.look_makeup import HIGHLIGHTER, PRODUCTS, texture_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.canvas import Canvas
from calculators.face.cheeks import brow_bone, cheekbone, chin, cupids_bow, inner_corner, nose_ridge
from calculators.face.dust import dust
from calculators.face.gleam import add_grain
from calculators.face.lit_face import LitFace
from calculators.face.parts import SIDES, FaceShape, Outline

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
AREAS: Final[dict[str, Callable[[FaceShape], list[Outline]]]] = {
    "cheekbones": lambda shape: [cheekbone(shape, side) for side in SIDES],
    "nose": lambda shape: [nose_ridge(shape)],
    "brow_bones": lambda shape: [brow_bone(shape, side) for side in SIDES],
    "inner_corners": lambda shape: [inner_corner(shape, side) for side in SIDES],
    "cupids_bow": lambda shape: [cupids_bow(shape)],
    "chin": lambda shape: [chin(shape)],
}


def paint_highlighter(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
    """Puts highlighter onto a picture.

    Args:
        canvas: to paint on.
        face: on it.
        effect: of the category "highlighter".
    """
    small = face.small
    if small is None:
        return
    (palette,) = effect.palettes
    strength = np.float32(COVER * percent(palette, "color_intensity", 100))
    bare, color = float(face.light.skin[0]), face.light.worn(palette.color)
    color[0] = min(color[0], bare + LIGHTER)
    areas = effect.areas or PRODUCTS[HIGHLIGHTER].areas
    layers = [(outline, *PLACES[area]) for area in areas for outline in AREAS[area](small.shape)]
    dust(canvas, small, partial(_gleam, bare=bare, color=color), strength * small.layers(layers) * small.skin)
    if texture_of(HIGHLIGHTER, palette) == "shimmer":
        outlines = [outline for area in areas for outline in AREAS[area](face.shape)]
        add_grain(canvas, face, palette, outlines, float(strength))


def _gleam(lab: FloatArray, bare: float, color: FloatArray) -> FloatArray:
    """Opaque highlighter on skin, OKLab: it only adds light, and more of it where skin is lit."""
    light, red, yellow = (np.asarray(plane, np.float32) for plane in cv2.split(lab))
    lit = np.clip(light * np.float32(1 / max(bare, 0.05)), 0, 1.15)
    half = np.float32(0.5)
    coat = np.maximum(light, lit * color[0]), half * (red + color[1]), half * (yellow + color[2])
    return np.asarray(cv2.merge(coat))
