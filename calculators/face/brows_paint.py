"""Brow colour: on the hairs that are there, and between them."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import soften
from calculators.color.look_makeup import pattern_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.color.oklab_picture import picture_to_oklab
from calculators.face.axes import at, axes_between, height_of, rise
from calculators.face.canvas import Canvas
from calculators.face.lit_face import LitFace
from calculators.face.paint import SkinCoat
from calculators.face.parts import SIDES, box_around

# The brow's thickness on both sides of its points, in lengths of it, at its thickest place: above and below.
ABOVE: Final = 0.045
BELOW: Final = 0.1
# How much darker than skin hairs are, in OKLab: where they begin to count, and where they fully do.
HAIRS: Final = (0.02, 0.16)


@dataclass(frozen=True)
class Style:
    """A way to make up brows.

    Attributes:
        hairs: how strongly the hairs are coloured.
        powder: how strongly what lies between them is filled.
        soft: of the border, in lengths of the brow.
    """

    hairs: float
    powder: float
    soft: float


STYLES: Final = {
    "natural": Style(hairs=0.75, powder=0.12, soft=0.045),
    "powder": Style(hairs=0.75, powder=0.38, soft=0.045),
    "defined": Style(hairs=0.85, powder=0.45, soft=0.025),
}


def paint_brows(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
    """Colours the brows in a picture.

    Args:
        canvas: to paint on.
        face: on it.
        effect: of the category "brows".
    """
    shape, style, (palette,) = face.shape, STYLES[pattern_of(effect)], effect.palettes
    cover, color = np.float32(percent(palette, "color_intensity", 100)), face.light.worn(palette.color)
    for side in SIDES:
        outer, inner = shape.points[side.brow[0]], shape.points[side.brow[-1]]
        length = float(np.linalg.norm(inner - outer))
        curve = shape.curve(side.brow)
        box = box_around(curve, 0.25 * length + 1, shape.frame)
        if length < 5 or box is None:
            continue
        axes = axes_between(outer, inner, outer - shape.down)
        x, y = axes.grid(box)
        away = y - at(height_of(axes.local(curve)), x)
        thick = np.asarray(0.3 + 0.7 * rise(x, 0.0, 0.55), np.float32)
        soft = max(style.soft, 0.8 / length)
        mask = rise(away, -BELOW * thick - soft, -BELOW * thick + soft)
        mask *= 1 - rise(away, ABOVE * thick - soft, ABOVE * thick + soft)
        mask *= rise(x, -0.05, 0.08) * (1 - rise(x, 0.9, 1.03))
        left, top, width, height = box
        place = slice(top, top + height), slice(left, left + width)
        light = np.asarray(cv2.extractChannel(picture_to_oklab(canvas.pixels(place)), 0), np.float32)
        # Skin around the brow is what hairs stand out from.
        around = soften(light * (1 - mask), 0.15 * length) / (soften(1 - mask, 0.15 * length) + 1e-3)
        hairs = rise(around - light, *HAIRS)
        # Over skin the colour is laid thinner, over hairs it takes their shading along.
        bare = np.array((float(around.mean()) * 0.8, *face.light.skin[1:]), np.float32)
        share = np.maximum(style.hairs * hairs, style.powder) * mask * cover
        canvas.lay(place, np.asarray(share, np.float32), SkinCoat(bare, color, contrast=0.6, own=0.2))
