"""Eyeshadow: its zones on the lid, its finishes, and how it lies on the skin."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Final

import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_makeup import EYESHADOW, pattern_of, texture_of
from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.color.look_values import percent
from calculators.face.axes import PLACES, bump, rise
from calculators.face.eye_shape import EyeShape
from calculators.face.lit_face import LitFace
from calculators.face.paint import FAINT, middle, mix, paint_over, places, repaint
from calculators.face.sparkle import sparkle

# What holds where the look leaves the grain out, in percent.
FLAKE: Final = 35.0
# The middle of the lid, and how far eyeshadow reaches outwards and inwards from there, in widths of the eye.
DOME: Final = (0.42, 0.85, 0.68)
# Along the eye, as tables: how far it is from there, 1 where eyeshadow ends; how high this gets, in parts of
# its height there; where it ends, and where that in the crease does.
AWAY: Final = np.maximum((PLACES - DOME[0]) / DOME[2], (DOME[0] - PLACES) / DOME[1])
HEIGHTS: Final = np.asarray(np.sqrt(np.maximum(1 - AWAY**2, 0.01)), np.float32)
ENDS: Final = 1 - rise(AWAY, 0.8, 1.0)
CREASE: Final = 1 - rise(PLACES, 0.6, 0.95)
# The middle of the lid, where it gleams.
GLEAM: Final = bump(PLACES, 0.52, 0.35)


@dataclass(frozen=True)
class Finish:
    """How an eyeshadow takes up light.

    Attributes:
        cover: opacity, 1 hides the skin.
        sheen: strength of the gleam in the middle of the lid.
        grain: strength of the pigment's grain.
    """

    cover: float
    sheen: float = 0.0
    grain: float = 0.0


FINISHES: Final = {
    "matte": Finish(cover=0.72),
    "satin": Finish(cover=0.7, sheen=0.06),
    "shimmer": Finish(cover=0.7, sheen=0.09, grain=1.0),
    "metallic": Finish(cover=0.82, sheen=0.17, grain=0.6),
}


@dataclass(frozen=True, eq=False)
class Coat:
    """A palette on the painted pixels of a lid.

    Attributes:
        color: OKLab [3], in this light.
        share: how opaque it is, [n] in [0, 1].
        gleam: the light that it throws back where the skin is fully lit, [n]; None is none.
    """

    color: FloatArray
    share: FloatArray
    gleam: FloatArray | None


def paint_eyeshadow(canvas: ByteArray, face: LitFace, effect: LookEffect) -> None:
    """Paints eyeshadow onto a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        face: to paint on.
        effect: of the category "eyeshadow".
    """
    colors = [face.light.worn(palette.color) for palette in effect.palettes]
    for found in face.eyes:
        layers = zones(effect, found)
        lid = reduce(np.maximum, layers)
        if lid.max() < 0.05:
            continue
        bare = middle(canvas[found.place], lid)
        # Lashes, glasses and shadows in the crease are darker than skin and say nothing about it.
        bare[0] = max(float(bare[0]), 0.8 * float(face.light.skin[0]))
        mask = found.bare * rise(lid, 0, 0.04)
        seen = places(mask, FAINT)
        coats = [
            Coat(color, _cover(palette) * zone.take(seen), gleam if gleam is None else gleam.take(seen))
            for palette, color, zone, gleam in zip(
                effect.palettes, colors, layers, _gleams(effect, found), strict=True
            )
        ]
        repaint(canvas, found.place, mask, partial(_laid, bare=bare, coats=coats))


def _laid(lab: FloatArray, bare: FloatArray, coats: Sequence[Coat]) -> FloatArray:
    """All palettes on the skin, OKLab [1, n, 3]."""
    painted = lab
    # As bright as the skin there is lit, or flakes would glow in the dark.
    lit = np.minimum(lab[..., 0] / max(float(bare[0]), 0.05), 1.2)
    for coat in coats:
        paint = paint_over(lab, bare, coat.color)
        if coat.gleam is not None:
            paint[..., 0] += coat.gleam * lit
        painted = mix(painted, paint, coat.share[None])
    return painted


def _cover(palette: LookPalette) -> np.float32:
    finish = FINISHES[texture_of(EYESHADOW, palette)]
    return np.float32(finish.cover * percent(palette, "color_intensity", 100))


def _gleams(effect: LookEffect, found: EyeShape) -> list[FloatArray | None]:
    """How much light each palette throws back in the middle of the lid, [height, width]; None is none."""
    up = found.above * (1 / found.crease).take(found.columns, mode="wrap")
    middle_of_lid = GLEAM.take(found.columns, mode="wrap") * bump(up, 0.55, 0.5)
    gleams: list[FloatArray | None] = []
    for palette in effect.palettes:
        finish = FINISHES[texture_of(EYESHADOW, palette)]
        gleam = np.float32(finish.sheen) * middle_of_lid if finish.sheen else None
        if gleam is not None and finish.grain:
            flake = percent(palette, "flake", FLAKE)
            gleam += np.float32(0.22 * finish.grain * flake) * sparkle(found.axes, found.box, flake)
        gleams.append(gleam)
    return gleams


def _over(found: EyeShape) -> FloatArray:
    """How far each pixel is on the way from the crease to the brow, [height, width]."""
    way = found.brow - found.crease
    scale, begin = 1 / (way * HEIGHTS), found.crease / way
    columns = found.columns
    return np.asarray(found.above * scale.take(columns, mode="wrap") - begin.take(columns, mode="wrap"))


def zones(effect: LookEffect, found: EyeShape) -> list[FloatArray]:
    """Where each palette of an effect goes, [height, width] in [0, 1]; later ones lie on earlier ones."""
    x, columns = found.x, found.columns
    # Towards both corners it gets lower, as a brush leaves it: heights there count more.
    up = found.above * (1 / (found.crease * HEIGHTS)).take(columns, mode="wrap")
    above = rise(found.above, -0.02, 0.04) * ENDS.take(columns, mode="wrap")
    lid = above * (1 - rise(up, 0.75, 1.5))
    pattern, count = pattern_of(effect), len(effect.palettes)
    if pattern == "halo":
        return [above * (1 - rise(_over(found), -0.3, 0.55)), lid * bump(x, 0.5, 0.2)]
    if pattern == "smoky":
        height = np.float32(0.5) * np.where(up < 1, up, 1 + _over(found))
        below = rise(found.below, -0.03, 0.02) * (1 - rise(found.below, 0.03, 0.17))
        below = 0.7 * below * rise(x, -0.25, 0.05) * (1 - rise(x, 0.75, 1.0))
        layers = []
        for i in range(count):
            end = 0.25 + 0.6 * (i + 1) / count
            layers.append(above * (1 - rise(height, end - 0.3, end + 0.1)))
            if i:
                # What lies nearer to the lashes is darker and stays on top.
                layers[i] = layers[i] * rise(height, end - 0.75 / count - 0.25, end - 0.35 / count)
        layers[0] = np.maximum(layers[0], below)
        return layers
    if count == 1:
        return [np.maximum(lid, np.float32(0.75) * above * (1 - rise(_over(found), -0.3, 0.55)))]
    layers = [lid, np.float32(0.9) * above * bump(up, 1.1, 0.45) * CREASE.take(columns, mode="wrap")]
    if count > 2:
        outer = above * (1 - rise(x + 0.12 * up, 0.1, 0.42)) * (1 - rise(_over(found), -0.2, 0.4))
        layers.append(np.float32(0.9) * outer)
    if count > 3:
        layers.append(bump(x, 1.0, 0.16) * bump(found.y, 0.0, 0.14))
    if count > 4:
        bone = above * bump(_over(found), 0.75, 0.35) * (1 - rise(x, 0.35, 0.7)) * rise(x, -0.25, 0.05)
        layers.append(np.float32(0.6) * bone)
    return layers
