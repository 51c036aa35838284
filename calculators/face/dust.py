"""Powders and creams on the skin of a face, reckoned small.

What they change has no detail: how much lighter, darker and redder a place gets is reckoned on a small
picture of the bare face and multiplied into the frame, whose texture thereby stays as it is.
"""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.oklab_picture import oklab_to_values
from calculators.face.axes import IndexArray
from calculators.face.paint import FAINT, mix, places
from calculators.face.parts import Outline, closed
from calculators.face.small_face import SmallFace

# Three float32 as one value.
COLOR: Final = np.dtype("V12")
# Keeps the change of nearly black pixels within bounds, in sRGB values.
FLOOR: Final = 6.0
# What an ellipse's points are made of: its middle, and how far it reaches along and across, [24, 3].
TURNS: Final = np.linspace(0, 2 * np.pi, 24, endpoint=False, dtype=np.float32)
ROUND: Final = np.stack((np.ones_like(TURNS), np.cos(TURNS), np.sin(TURNS)), axis=-1)
# Places along a stroke, how wide it is there, and what the points of its outline are made of: both its ends,
# and its width there, [24, 4].
ALONG: Final = np.linspace(0, 1, 13, dtype=np.float32)
WIDE: Final = np.sqrt(np.maximum(1 - np.abs(2 * ALONG - 1) ** 4, 0))
ENDS: Final = np.stack((1 - ALONG, ALONG), axis=-1)
WIDTHS: Final = WIDE[:, None] * ENDS
STROKE: Final = closed(np.hstack((ENDS, -WIDTHS)), np.hstack((ENDS, WIDTHS)))


def dust(
    canvas: ByteArray, small: SmallFace, coat: Callable[[FloatArray], FloatArray], share: FloatArray
) -> None:
    """Changes the colours of a face where a powder lies; only there it is reckoned.

    Args:
        canvas: RGB uint8 [height, width, 3], the frame, changed in place.
        small: the face.
        coat: what pixels become where the paint is opaque, OKLab [1, n, 3] to OKLab.
        share: how opaque the paint is, [small height, small width] in [0, 1]; where it is 0 the frame stays.
    """
    chosen = places(share, FAINT)
    if len(chosen):
        lab = small.lab.reshape(-1, 3).take(chosen, axis=0)[None]
        recolor(canvas, small, chosen, mix(lab, coat(lab), share.take(chosen)[None]))


def recolor(canvas: ByteArray, small: SmallFace, chosen: IndexArray, lab: FloatArray) -> None:
    """Changes a face as pixels of its small picture change.

    Args:
        canvas: RGB uint8 [height, width, 3], the frame, changed in place.
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
    left, top, width, height = small.box
    pixels = canvas[top : top + height, left : left + width]
    values = pixels.astype(np.float32)
    values += np.float32(FLOOR)
    values *= cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    # What falls below 0, as only nearly black pixels do, comes out as far above it.
    pixels[:] = cv2.convertScaleAbs(values, alpha=1, beta=-FLOOR)


def spot(center: FloatArray, along: FloatArray, across: FloatArray) -> Outline:
    """An ellipse, [24, 2]: around a place, reaching as far as two vectors."""
    return np.asarray(ROUND @ np.array((center, along, across), np.float32))


def stroke(begin: FloatArray, end: FloatArray, width: FloatArray, end_width: FloatArray) -> Outline:
    """A brush stroke between two places that gets narrower, [24, 2]."""
    return np.asarray(STROKE @ np.array((begin, end, width, end_width), np.float32))
