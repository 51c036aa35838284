"""The grain of pigment on a face: it lies in a part's own coordinates and twinkles as the part turns."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Final

import cv2
import numpy as np

from calculators.color.flakes import WIDTH, FloatArray, grain, twinkle
from calculators.face.axes import Axes
from calculators.face.parts import Box

# How many widths of the field go on a unit of a part, and the sizes of grain that are told apart.
FIELDS: Final = 0.75
SIZES: Final = 8


@cache
def _field(size: int) -> Sequence[FloatArray]:
    return grain(size / SIZES)


def sparkle(axes: Axes, box: Box, size: float) -> FloatArray:
    """Light of the grain, [height, width], 0 or more, about 1 where a flake faces the eye.

    Args:
        axes: of the part that wears it.
        box: the part of the frame.
        size: of the flakes, [0, 1].
    """
    levels = _field(round(size * SIZES))
    texels = WIDTH * FIELDS
    level = min(max(round(math.log2(texels / axes.unit)), 0), len(levels) - 1)
    rows, columns = levels[level].shape[:2]
    # Places in the field are an affine function of pixels.
    left, top, width, height = box
    steps = np.stack((axes.along, axes.across)) * (texels / 2**level / axes.unit**2)
    begin = steps @ (np.array((left, top)) - axes.origin)
    corners = begin + np.array([(0, 0), (width, 0), (0, height), (width, height)]) @ steps.T
    low, high = np.floor(corners.min(axis=0)).astype(int), np.ceil(corners.max(axis=0)).astype(int) + 2
    # The field goes on beyond its border as it began; light is reckoned for the part that is seen.
    mirrors = levels[level].take(np.arange(low[1], high[1]) + rows // 2, axis=0, mode="wrap")
    light = twinkle(mirrors, math.atan2(axes.along[1], axes.along[0]))
    seen = light.take(np.arange(low[0], high[0]) + columns // 2, axis=1, mode="wrap")
    shown = cv2.warpAffine(
        seen,
        np.column_stack((steps, begin - low)),
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(np.maximum(shown, 0), np.float32)
