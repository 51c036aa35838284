"""Eyeliner: its styles, drawn along the lashes."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_makeup import WINGED, pattern_of
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.face.axes import PLACES, at, rise
from calculators.face.eye_shape import EyeShape
from calculators.face.lit_face import LitFace
from calculators.face.paint import paint_over, repaint
from calculators.face.parts import fill

COVER: Final = 0.92
# What holds where the look leaves a field out, in percent; the longest wing in widths of the eye.
THICKNESS, WING = 50.0, 50.0
LONGEST: Final = 0.5
# Along the eye, as tables: where the line gets slim, where it is, and where that along the lower lashes is.
SLIM: Final = rise(PLACES, 0.25, 1.0)
LINE: Final = rise(PLACES, -0.06, 0.02) * (1 - rise(PLACES, 0.9, 1.02))
BELOW: Final = 1 - rise(PLACES, 0.7, 0.95)
LINED: Final = slice(*np.flatnonzero(LINE)[[0, -1]].tolist())
# Where the wing begins, from there to the corner of the eye, and parts of its way on to the tip.
BEGIN: Final = np.linspace(0.35, 0.0, 6, dtype=np.float32)
PART: Final = np.linspace(0.2, 1, 6, dtype=np.float32)[:, None]


@dataclass(frozen=True)
class Style:
    """A style of eyeliner; lengths are in widths of the eye.

    Attributes:
        width: of the line over the outer third of the eye.
        inner: of the line at the inner corner, in parts of that.
        soft: of its border.
        below: of the line along the lower lashes, in parts of the upper one.
        steep: how steeply its wing rises.
    """

    width: float
    inner: float = 0.35
    soft: float = 0.012
    below: float = 0.0
    steep: float = 0.0


STYLES: Final = {
    "thin": Style(width=0.035, inner=0.6),
    "classic": Style(width=0.05),
    "winged": Style(width=0.05, steep=0.5),
    "cat_eye": Style(width=0.075, inner=0.25, steep=0.62),
    "smudged": Style(width=0.09, inner=0.5, soft=0.05, below=0.7),
    "encircled": Style(width=0.06, inner=0.7, soft=0.018, below=0.6),
}


def paint_eyeliner(canvas: ByteArray, face: LitFace, effect: LookEffect) -> None:
    """Draws eyeliner onto a picture.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        face: to paint on.
        effect: of the category "eyeliner".
    """
    (palette,) = effect.palettes
    cover = np.float32(COVER * percent(palette, "color_intensity", 100))
    skin, color = face.light.skin, face.light.worn(palette.color)
    coat = partial(paint_over, bare=skin, color=color, contrast=0.7)
    for eye in face.eyes:
        place, line = _line(effect, eye)
        repaint(canvas, place, line * cover, coat)


def _line(effect: LookEffect, eye: EyeShape) -> tuple[tuple[slice, slice], FloatArray]:
    """Where the line goes: a part of the frame, and a mask of it, [height, width] in [0, 1]."""
    pattern = pattern_of(effect)
    style = STYLES[pattern]
    width = style.width * 3 ** (2 * percent(effect.line, "thickness", THICKNESS) - 1)
    # A border of a pixel keeps the line from stairs, whatever its size.
    soft = max(style.soft, 0.8 / eye.width)
    wing = None
    if pattern in WINGED:
        wing = _wing(style, eye, width, LONGEST * percent(effect.line, "wing", WING))
    found = eye.strip(*_reach(style, eye, width, soft, wing))
    wide = np.asarray(width * (1 - (1 - style.inner) * SLIM), np.float32).take(found.columns, mode="wrap")
    along = LINE.take(found.columns, mode="wrap")
    line = rise(found.above, -soft - 0.01, 0) * (1 - rise(found.above - wide, -soft, soft)) * along
    if style.below:
        away, low = found.below, np.float32(style.below) * wide
        below = rise(away, -soft - 0.01, 0) * (1 - rise(away - low, -soft, soft))
        below *= np.float32(0.8) * along * BELOW.take(found.columns, mode="wrap")
        line = np.maximum(line, below)
    line = line * found.bare
    if wing is not None:
        outline = found.axes.pixels(wing)
        line = np.maximum(line, fill([outline], found.box, 0.5 * soft * found.width))
    return found.place, np.asarray(line, np.float32)


def _reach(
    style: Style, eye: EyeShape, width: float, soft: float, wing: FloatArray | None
) -> tuple[float, float]:
    """The lowest and the highest place of the line, in the eye's coordinates."""
    upper, lower = (lid[LINED] for lid in eye.lids)
    low, high = float(upper.min()), float(upper.max()) + width
    if style.below:
        low = min(low, float(lower.min()) - style.below * width)
    if wing is not None:
        low, high = min(low, float(wing[:, 1].min())), max(high, float(wing[:, 1].max()))
    return low - 2 * soft - 0.01, high + 2 * soft


def _wing(style: Style, found: EyeShape, width: float, length: float) -> FloatArray:
    """The outline of the wing in the eye's coordinates: from the line's upper border to the tip and back."""
    top = np.stack((BEGIN, at(found.lids[0], BEGIN) + width * (1 + 0.25 * (1 - BEGIN / 0.35))), axis=-1)
    tip = np.array((-length, style.steep * length + 0.5 * width), np.float32)
    # Bent a little, as a brush draws it.
    rest = top[-1] + PART * (tip - top[-1]) - PART * (1 - PART) * np.array((0, 0.3 * width), np.float32)
    rim = at(found.lids[0], np.full(1, 0.15, np.float32))
    back = np.array([(0.0, -0.01), (0.15, rim[0])], np.float32)
    return np.asarray(np.concatenate((top, rest, back)), np.float32)
