"""Paints polish on a nail."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.flakes import Flakes, FloatArray, twinkle
from calculators.color.light import LUMA, SQUARES, ByteArray, scene_light, soften
from calculators.nails.nail import Nail
from calculators.nails.polish_coat import BLEED, Coat
from calculators.nails.polish_light import nail_light
from calculators.nails.polish_warp import lay, lay_flakes

# How thick a coat looks: how much darker it is at its border, and how wide that is, in widths of the nail.
THICKNESS: Final = 0.35
BORDER: Final = 0.05
# How far a highlight, left of the middle by itself, moves to the side light comes from, in half widths.
LEAN: Final = 0.6
LEAN_BACK: Final = 0.2


def paint_nails(image: ByteArray, nails: Sequence[Nail], coats: Mapping[int | None, Coat]) -> ByteArray:
    """A picture with polish on its nails.

    Args:
        image: RGB uint8 [height, width, 3].
        nails: on it; where they overlap the later one lies on top.
        coats: what to paint, by the nail's finger; other fingers stay as they are.
    """
    scene = scene_light(image)
    painted = image.copy()
    for nail in nails:
        if nail.finger in coats:
            height, width = nail.mask.shape
            place = slice(nail.top, nail.top + height), slice(nail.left, nail.left + width)
            painted[place] = paint_nail(painted, nail, coats[nail.finger], scene)
    return painted


@dataclass(frozen=True)
class CoatLight:
    """How the light of a frame falls on a coat of polish; arrays [height, width] like the nail's mask.

    Attributes:
        pixels: RGB uint8 [height, width, 3], the nail as it is.
        before: the same in light.
        inner: from 0 at the nail's outline to 1 further inside.
        shade: how much light there is.
        shine: the nail's own highlights, as far as they stay.
        lean: how far the coat's highlights move to the nail's right, in half widths.
    """

    pixels: ByteArray
    before: FloatArray
    inner: FloatArray
    shade: FloatArray
    shine: FloatArray
    lean: float


def light_on_coat(image: ByteArray, nail: Nail, coat: Coat, scene: FloatArray) -> CoatLight:
    """Measures the light on a nail's coat; the arguments are those of `paint_nail`."""
    height, width = nail.mask.shape
    pixels = image[nail.top : nail.top + height, nail.left : nail.left + width]
    before = np.asarray(cv2.LUT(pixels, SQUARES), np.float32)
    on_nail = nail_light(before, nail, float(scene @ LUMA[0]))
    return CoatLight(
        pixels,
        before,
        _inner(nail, image.shape[0], image.shape[1]),
        # NumPy's power takes six times as long.
        np.asarray(cv2.pow(on_nail.shade, coat.shading) * on_nail.level),
        coat.gloss * on_nail.shine,
        (LEAN if on_nail.side > 0 else LEAN_BACK) * on_nail.side,
    )


def paint_nail(image: ByteArray, nail: Nail, coat: Coat, scene: FloatArray) -> ByteArray:
    """The nail's part of a picture with polish, [height, width, 3] like its mask; where that is 0 as it was.

    Args:
        image: RGB uint8 [height, width, 3], the frame.
        nail: where it is.
        coat: what to paint.
        scene: the light of the frame, see `scene_light`.
    """
    light = light_on_coat(image, nail, coat, scene)
    before, inner, shade = light.before, light.inner, light.shade
    *colors, alpha = cv2.split(lay(coat.body, nail).sampled(nail))
    paint, cover = np.asarray(cv2.merge(colors), np.float32), _three(np.asarray(alpha))
    gleam = lay(coat.gleam, nail, light.lean).sampled(nail)
    for flakes in coat.flakes:
        paint, gleam = _strew(paint, gleam, flakes, nail)
    # In place from here on, as new arrays take longer than what is reckoned.
    paint *= 1 - _three(THICKNESS * (1 - inner)) * (1 - BLEED * paint)
    gleam *= _three(inner)
    paint += gleam
    paint *= cv2.merge([shade * part for part in scene])
    paint += _three(light.shine) * cover
    before *= 1 - cover
    paint += before
    after = np.sqrt(np.minimum(paint, 1, out=paint), out=paint)
    bare = light.pixels.astype(np.float32)
    after *= 255
    after -= bare
    after *= _three(nail.mask)
    after += bare
    return np.asarray(np.rint(after, out=after), np.uint8)


def _three(plane: FloatArray) -> FloatArray:
    """The same for red, green and blue: quicker than broadcasting along the last axis."""
    return np.asarray(cv2.merge((plane, plane, plane)))


def _strew(paint: FloatArray, gleam: FloatArray, flakes: Flakes, nail: Nail) -> tuple[FloatArray, FloatArray]:
    """Paint and highlights with particles among them."""
    field = lay_flakes(flakes, nail).sampled(nail)
    spread = lay(flakes.spread, nail).sampled(nail)
    light = flakes.strength * spread * np.maximum(twinkle(field, nail.angle) - flakes.dark, 0)
    gleam = gleam + cv2.merge([light * part for part in flakes.color])
    if flakes.base:
        covered = cv2.extractChannel(field, 0) * spread
        paint = paint * (1 - _three(covered)) + cv2.merge(
            [covered * part for part in flakes.base * flakes.color]
        )
    return paint, gleam


def _inner(nail: Nail, frame_height: int, frame_width: int) -> FloatArray:
    """From 0 at the nail's outline to 1 further inside; the border of the frame is no outline."""
    height, width = nail.mask.shape
    pad = math.ceil(4 * BORDER * nail.width) + 1
    beyond = (
        pad * (nail.top == 0),
        pad * (nail.top + height == frame_height),
        pad * (nail.left == 0),
        pad * (nail.left + width == frame_width),
    )
    mask = nail.mask
    if any(beyond):
        mask = np.asarray(cv2.copyMakeBorder(mask, *beyond, cv2.BORDER_REPLICATE))
    inside = np.maximum(2 * soften(mask, BORDER * nail.width) - 1, 0)
    return np.ascontiguousarray(inside[beyond[0] : beyond[0] + height, beyond[2] : beyond[2] + width])
