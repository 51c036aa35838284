"""Powders and creams on the skin of a face, reckoned small.

What they change has no detail: how much lighter, darker and redder a place gets is reckoned on a small
picture of the bare face and multiplied into the frame, whose texture thereby stays as it is.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from calculators.color.light import FloatArray
from calculators.color.oklab_picture import oklab_to_values
from calculators.face.axes import IndexArray
from calculators.face.canvas import FLOOR, Canvas
from calculators.face.paint import FAINT, mix
from calculators.face.parts import Outline, closed
from calculators.face.small_face import SmallFace

# Three float32 as one value.
COLOR: Final = np.dtype("V12")
# An ellipse's points around its middle, along and across, [24, 2].
TURNS: Final = np.linspace(0, 2 * np.pi, 24, endpoint=False, dtype=np.float32)
ROUND: Final = np.stack((np.cos(TURNS), np.sin(TURNS)), axis=-1)
# Places along a stroke, and how wide it is there, [13, 1].
ALONG: Final = np.linspace(0, 1, 13, dtype=np.float32)[:, None]
WIDE: Final = np.sqrt(np.maximum(1 - np.abs(2 * ALONG - 1) ** 4, 0))


def dust(
    canvas: Canvas, small: SmallFace, coat: Callable[[FloatArray], FloatArray], share: FloatArray
) -> None:
    """Changes the colours of a face where a powder lies; only there it is reckoned.

    Args:
        canvas: the frame.
        small: the face.
        coat: what pixels become where the paint is opaque, OKLab [1, n, 3] to OKLab.
        share: how opaque the paint is, [small height, small width] in [0, 1]; where it is 0 the frame stays.
    """
    chosen = np.flatnonzero(share > FAINT)
    if len(chosen):
        lab = small.lab.reshape(-1, 3).take(chosen, axis=0)[None]
        recolor(canvas, small, chosen, mix(lab, coat(lab), share.take(chosen)[None]))


def recolor(canvas: Canvas, small: SmallFace, chosen: IndexArray, lab: FloatArray) -> None:
    """Changes a face as pixels of its small picture change.

    Args:
        canvas: the frame.
        small: the face.
        chosen: the pixels' places in the flattened small picture, [n].
        lab: what they become, OKLab [1, n, 3].
    """
    after, before = oklab_to_values(lab)[0], small.picture.reshape(-1, 3).take(chosen, axis=0)
    after += np.float32(FLOOR)
    after /= before + np.float32(FLOOR)
    gain = np.ones_like(small.lab)
    # NumPy puts whole pixels faster than rows of three values.
    gain.reshape(-1, 3).view(COLOR)[chosen] = after.view(COLOR)
    canvas.multiply(small.box, gain)


def spot(center: FloatArray, along: FloatArray, across: FloatArray) -> Outline:
    """An ellipse, [24, 2]: around a place, reaching as far as two vectors."""
    return np.asarray(center + ROUND[:, :1] * along + ROUND[:, 1:] * across, np.float32)


def stroke(begin: FloatArray, end: FloatArray, width: FloatArray, end_width: FloatArray) -> Outline:
    """A brush stroke between two places that gets narrower, [24, 2]."""
    middle = begin + ALONG * (end - begin)
    half = WIDE * (width + ALONG * (end_width - width))
    return closed(np.asarray(middle - half, np.float32), np.asarray(middle + half, np.float32))
