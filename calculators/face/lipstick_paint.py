"""Lipstick: its finishes, and how it lies on lips."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray, soften
from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.color.look_values import percent
from calculators.color.oklab_picture import blend, oklab_to_values, picture_to_oklab
from calculators.face.axes import bump, rise
from calculators.face.canvas import Canvas, Coat, Place
from calculators.face.face_light import FaceLight
from calculators.face.lip_shape import LipShape
from calculators.face.lit_face import LitFace
from calculators.face.paint import middle, mix, paint_over
from calculators.face.sparkle import sparkle

# What is lighter than its surroundings on the lips by more than this is a highlight, not the lips' colour.
SHINES: Final = 1.06
# The widths over which surroundings are averaged and the lips' own light is smoothed, in widths of the mouth.
AROUND: Final = 0.07
# What holds where the look leaves a field out, in percent.
POSITION, SOFTNESS, FLAKE = 55.0, 50.0, 35.0


@dataclass(frozen=True)
class Finish:
    """How a lipstick takes up light.

    Attributes:
        cover: opacity, 1 hides the lips' own colour.
        contrast: how much of the shading and the creases of the lips stays, 1 is all.
        own: how much of the lips' own highlights stays.
        wet: strength of the highlight of a wet surface.
        glow: strength of the broad sheen in the lipstick's own colour, as pigment gives it.
        grain: strength of the pigment's grain.
    """

    cover: float
    contrast: float
    own: float
    wet: float = 0.0
    glow: float = 0.0
    grain: float = 0.0


FINISHES: Final = {
    "satin": Finish(cover=0.84, contrast=0.9, own=0.8, wet=0.05),
    "matte": Finish(cover=0.9, contrast=0.75, own=0.15),
    "gloss": Finish(cover=0.66, contrast=1.0, own=1.3, wet=0.24),
    "sheer": Finish(cover=0.38, contrast=1.0, own=1.1, wet=0.1),
    "metallic": Finish(cover=0.9, contrast=1.0, own=0.9, wet=0.03, glow=0.2, grain=0.5),
    "shimmer": Finish(cover=0.72, contrast=0.95, own=1.0, wet=0.08, glow=0.06, grain=1.0),
}


def paint_lipstick(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
    """Paints lipstick onto a picture.

    Args:
        canvas: to paint on.
        face: on it.
        effect: of the category "lipstick".
    """
    found = face.lips
    if found is None:
        return
    place, mask = found.region.place, found.free
    pixels = canvas.pixels(place)
    lab, bare = picture_to_oklab(pixels), middle(pixels, mask)
    light = np.ascontiguousarray(lab[..., 0])
    around = soften(light * mask, AROUND * found.width) / (soften(mask, AROUND * found.width) + 1e-3)
    shine = np.maximum(light - SHINES * around, 0) * rise(mask, 0.2, 0.8)
    canvas.lay(place, mask, LipCoats(found, face.light, effect, lab, bare, shine))


@dataclass(frozen=True, eq=False)
class LipCoats(Coat):
    """The palettes of a lipstick on lips.

    Attributes:
        found: the lips.
        light: on the face.
        effect: of the category "lipstick".
        lab: the lips' part of the frame, OKLab [height, width, 3].
        bare: the middle of their colours, OKLab [3].
        shine: how much lighter than its surroundings a highlight is, 0 elsewhere, [height, width].
    """

    found: LipShape
    light: FaceLight
    effect: LookEffect
    lab: FloatArray
    bare: FloatArray
    shine: FloatArray

    def lay(self, picture: ByteArray, place: Place, mask: FloatArray) -> None:
        painted = self.lab.copy()
        for palette, share in zip(self.effect.palettes, shares(self.effect, self.found), strict=True):
            coat = _coat(self.lab, self.bare, self.shine, palette, self.found, self.light)
            painted += mix(self.lab, coat, share * cover(palette)) - self.lab
        picture[place] = blend(picture[place], oklab_to_values(painted), mask)


def cover(palette: LookPalette) -> np.float32:
    """How opaque a palette is, [0, 1]."""
    finish = FINISHES[palette.texture or "satin"]
    return np.float32(finish.cover * percent(palette, "color_intensity", 100))


def shares(effect: LookEffect, found: LipShape) -> list[FloatArray]:
    """How much of each palette of an effect lies where, [height, width] in [0, 1], 1 in sum."""
    if effect.pattern == "two_tone":
        second = rise(found.depth, -0.08, 0.08)
    elif effect.pattern == "ombre":
        position = percent(effect.ombre, "position", POSITION)
        softness = max(percent(effect.ombre, "softness", SOFTNESS), 0.05)
        # The corners of the mouth are its border, too.
        inward = np.minimum(1 - np.abs(found.depth), 3.5 * np.minimum(found.x, 1 - found.x))
        second = rise(inward, position - softness / 2, position + softness / 2)
    else:
        return [np.ones_like(found.depth)]
    return [1 - second, second]


def _coat(
    lab: FloatArray,
    bare: FloatArray,
    shine: FloatArray,
    palette: LookPalette,
    found: LipShape,
    light: FaceLight,
) -> FloatArray:
    """A palette on the whole of the lips as opaque as can be, OKLab."""
    finish, color = FINISHES[palette.texture or "satin"], light.worn(palette.color)
    dull = lab.copy()
    dull[..., 0] -= shine
    coat = paint_over(dull, bare, color, finish.contrast)
    more = 1 + palette.shine / 100
    creases = np.square(np.square(np.minimum(dull[..., 0] * np.float32(1 / max(float(bare[0]), 0.05)), 1.3)))
    full = float(light.worn("#FFFFFF")[0])
    gleam = finish.own * shine
    if finish.wet:
        gleam += np.float32(finish.wet * full) * wet(found) * creases
    if finish.glow or finish.grain:
        sheen = finish.glow * broad(found) * creases
        if finish.grain:
            sheen = sheen + grain(palette, found)
        coat[..., 0] += more * sheen * (0.3 + 0.7 * coat[..., 0])
    lightness, red, yellow = (np.asarray(plane, np.float32) for plane in cv2.split(coat))
    gleam = np.minimum(more * gleam, np.maximum(full - lightness, 0))
    # Highlights of a clear surface are white.
    fade = 1 - gleam / np.maximum(lightness + gleam, 1e-3)
    return np.asarray(cv2.merge((lightness + gleam, red * fade, yellow * fade)))


def wet(found: LipShape) -> FloatArray:
    """Where a wet surface throws back light from above: along the lower lip, on both peaks of the upper."""
    x, depth = found.x - 0.5, found.depth
    lower = bump(depth, 0.42, 0.16) * bump(x, 0, 0.2) + 0.35 * bump(depth, 0.6, 0.2) * bump(x, -0.13, 0.07)
    upper = bump(depth, -0.78, 0.13) * (bump(x, -0.11, 0.07) + 0.8 * bump(x, 0.11, 0.07))
    return np.asarray(np.minimum(lower + 0.5 * upper, 1.2), np.float32)


def broad(found: LipShape) -> FloatArray:
    """Where pigment throws back light: the middle of both lips, [height, width] in [0, 1]."""
    return bump(np.abs(found.depth), 0.45, 0.35)


def grain(palette: LookPalette, found: LipShape) -> FloatArray:
    """The light of a palette's grain, [height, width]."""
    strength, flake = FINISHES[palette.texture or "satin"].grain, percent(palette, "flake", FLAKE)
    return np.asarray(0.2 * strength * flake * sparkle(found.axes, found.region.box, flake))
