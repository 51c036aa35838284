"""Paints polish on a nail."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import cv2
import numpy as np

from calculators.nails.nail import Nail
from calculators.nails.polish_coat import BLEED, Coat
from calculators.nails.polish_flakes import ROWS, STEP, WIDTH, Flakes, FloatArray, twinkle
from calculators.nails.polish_light import LUMA, SQUARES, ByteArray, nail_light, scene_light, soften

# How thick a coat looks: how much darker it is at its border, and how wide that is, in widths of the nail.
THICKNESS: Final = 0.35
BORDER: Final = 0.05
# How far a highlight lies to the side from which the nail is lit, in half widths.
LEAN: Final = 0.6


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


def paint_nail(image: ByteArray, nail: Nail, coat: Coat, scene: FloatArray) -> ByteArray:
    """The nail's part of a picture, [height, width, 3] like its mask, with polish; 0 in the mask is unchanged.

    Args:
        image: RGB uint8 [height, width, 3], the frame.
        nail: where it is.
        coat: what to paint.
        scene: the light of the frame, see `scene_light`.
    """
    height, width = nail.mask.shape
    pixels = image[nail.top : nail.top + height, nail.left : nail.left + width]
    before = np.asarray(cv2.LUT(pixels, SQUARES))
    white = float(scene @ LUMA[0])
    on_nail = nail_light(before, nail, white)
    inner = _inner(nail, image.shape[:2])
    shade = on_nail.shade**coat.shading
    rim = THICKNESS * (1 - inner[..., None])
    body = warp(coat.body, nail, 0)
    gleam = warp(coat.gleam, nail, LEAN * max(on_nail.side, 0) - 0.2 * max(-on_nail.side, 0))
    paint, cover = body[..., :3], body[..., 3:]
    for i, flakes in enumerate(coat.flakes):
        spread = warp(coat.spread, nail, 0).reshape(height, width, -1)[..., i]
        paint, gleam = _strew(paint, gleam, flakes, spread, nail)
    paint = paint * (1 - rim * (1 - BLEED * paint))
    lit = (paint + gleam * inner[..., None]) * shade[..., None] * (scene * on_nail.level)
    lit += cover * (coat.gloss * on_nail.shine)[..., None]
    after = 255 * np.sqrt(np.clip(before * (1 - cover) + lit, 0, 1))
    return np.rint(pixels + nail.mask[..., None] * (after - pixels)).astype(np.uint8)


def warp(levels: Sequence[FloatArray], nail: Nail, lean: float) -> FloatArray:
    """A picture of a coat, laid on a nail: [height, width, channels] like its mask.

    Args:
        levels: the picture, each half as large as the one before.
        nail: where to.
        lean: moves the picture to the nail's right, in half widths.
    """
    length, width = max(nail.length, 1.0), max(nail.width, 1.0)
    picture = levels[_level(len(levels), levels[0].shape[0] / max(length, width))]
    size = len(picture)
    scales = size / width, size / length
    return _sample(picture, nail, scales, (size * (0.5 - lean / 2), size / 2), cv2.BORDER_REPLICATE)


def _strew(
    paint: FloatArray, gleam: FloatArray, flakes: Flakes, spread: FloatArray, nail: Nail
) -> tuple[FloatArray, FloatArray]:
    """Paint and highlights with particles among them."""
    width = max(nail.width, 1.0)
    level = _level(len(flakes.levels), WIDTH / width)
    rows, columns = ROWS >> level, WIDTH >> level
    middle = (np.array([WIDTH, ROWS]) / 2 + STEP * (nail.id or 0)) % (WIDTH, ROWS) / 2**level
    field = _sample(
        flakes.levels[level], nail, (columns / width, columns / width), tuple(middle), cv2.BORDER_WRAP
    )
    covered = (field[..., 0] * spread)[..., None]
    light = flakes.strength * spread * np.maximum(twinkle(field, nail.angle) - flakes.dark, 0)
    return (
        paint + covered * (flakes.base * flakes.color - paint),
        gleam + light[..., None] * flakes.color,
    )


def _level(count: int, shrinking: float) -> int:
    """The smallest level that is not enlarged."""
    return min(max(math.floor(math.log2(shrinking)), 0), count - 1)


def _sample(
    picture: FloatArray, nail: Nail, scales: tuple[float, float], middle: tuple[float, float], border: int
) -> FloatArray:
    """A picture turned with a nail.

    Args:
        picture: [rows, columns, channels]; its rows go from base to tip, its columns to the nail's right.
        nail: where to.
        scales: pixels of the picture for one of the frame, across and along.
        middle: the place in the picture that lies on the nail's centre.
        border: what is beyond the picture.
    """
    cosine, sine = math.cos(nail.angle), math.sin(nail.angle)
    turn = np.array([[-sine * scales[0], cosine * scales[0]], [cosine * scales[1], sine * scales[1]]])
    place = np.array(middle) - 0.5 + turn @ (nail.left - nail.center[0], nail.top - nail.center[1])
    matrix = np.column_stack((turn, place))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, matrix, nail.mask.shape[::-1], flags=flags, borderMode=border))


def _inner(nail: Nail, frame: tuple[int, int]) -> FloatArray:
    """From 0 at the nail's outline to 1 further inside, in a frame of this size, whose border is no outline."""
    (height, width), (frame_height, frame_width) = nail.mask.shape, frame
    pad = math.ceil(4 * BORDER * nail.width) + 1
    beyond = (
        pad * (nail.top == 0),
        pad * (nail.top + height == frame_height),
        pad * (nail.left == 0),
        pad * (nail.left + width == frame_width),
    )
    mask = nail.mask
    if any(beyond):
        mask = cv2.copyMakeBorder(mask, *beyond, cv2.BORDER_REPLICATE)
    inside = np.clip(2 * soften(mask, max(BORDER * nail.width, 0.5)) - 1, 0, 1)
    return np.asarray(inside[beyond[0] : beyond[0] + height, beyond[2] : beyond[2] + width])
