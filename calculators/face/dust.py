"""Powders and creams on the skin of a face, reckoned small.

What they change has no detail: how much lighter, darker and redder a place gets is reckoned on a small
picture of the bare face and multiplied into the frame, whose texture thereby stays as it is.
"""

from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.oklab_picture import oklab_to_values
from calculators.face.paint import FAINT, mix
from calculators.face.parts import Outline, closed
from calculators.face.small_face import SmallFace

# Keeps the change of nearly black pixels within bounds, in sRGB values.
FLOOR: Final = 6.0
# An ellipse's points around its middle, along and across, [24, 2].
TURNS: Final = np.linspace(0, 2 * np.pi, 24, endpoint=False, dtype=np.float32)
ROUND: Final = np.stack((np.cos(TURNS), np.sin(TURNS)), axis=-1)
# Places along a stroke, and how wide it is there, [13, 1].
ALONG: Final = np.linspace(0, 1, 13, dtype=np.float32)[:, None]
WIDE: Final = np.sqrt(np.maximum(1 - np.abs(2 * ALONG - 1) ** 4, 0))


def dust(canvas: ByteArray, small: SmallFace, coat: FloatArray, share: FloatArray) -> None:
    """Changes the colours of a face.

    Args:
        canvas: RGB uint8 [height, width, 3], the frame, changed in place.
        small: the face.
        coat: what its small picture becomes where the paint is opaque, OKLab [small height, small width, 3].
        share: how opaque the paint is, [small height, small width] in [0, 1]; where it is 0 the frame stays.
    """
    rows, columns = (np.flatnonzero((share > FAINT).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    after = oklab_to_values(mix(small.lab[part], coat[part], share[part]))
    gain = np.ones_like(small.lab)
    gain[part] = (after + np.float32(FLOOR)) / (small.picture[part] + np.float32(FLOOR))
    left, top, width, height = small.box
    gain = np.asarray(cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR))
    pixels = canvas[top : top + height, left : left + width]
    values = pixels + np.float32(FLOOR)
    values *= gain
    cv2.subtract(values, np.full(4, FLOOR), dst=pixels, dtype=cv2.CV_8U)


def spot(center: FloatArray, along: FloatArray, across: FloatArray) -> Outline:
    """An ellipse, [24, 2]: around a place, reaching as far as two vectors."""
    return np.asarray(center + ROUND[:, :1] * along + ROUND[:, 1:] * across, np.float32)


def stroke(begin: FloatArray, end: FloatArray, width: FloatArray, end_width: FloatArray) -> Outline:
    """A brush stroke between two places that gets narrower, [24, 2]."""
    middle = begin + ALONG * (end - begin)
    half = WIDE * (width + ALONG * (end_width - width))
    return closed(np.asarray(middle - half, np.float32), np.asarray(middle + half, np.float32))
