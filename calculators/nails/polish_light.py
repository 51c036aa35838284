"""The light that a picture shows on a nail."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.light import BLACK, LUMA, FloatArray, quantile, soften
from calculators.nails.nail import Nail

# The light of a bare nail in full light; the dimmest that a nail is taken to be, and how much that counts.
BARE: Final = 0.3
DIMMEST: Final = 0.25
LOCAL: Final = 0.35
# The strongest shadow and light on a nail, in parts of its median.
DARKEST: Final = 0.2
BRIGHTEST: Final = 1.35
# A nail's own highlights are this much brighter than what is around them, and than this part of white.
STANDS_OUT: Final = 1.4
DAZZLES: Final = 0.7
# How wide the shading of a nail is smoothed, and its highlights, in widths of it; how much a light from the
# side moves the middle of its light.
SMOOTH: Final = 0.3
FINE: Final = 0.03
ASIDE: Final = 12


@dataclass(frozen=True)
class NailLight:
    """The light on a nail; arrays [height, width] like its mask.

    Attributes:
        shade: low frequencies of the light, 1 is the nail's own median.
        shine: highlights that the nail has itself, in light.
        level: how bright the nail is in its scene, [0, 1].
        side: from which side it is lit: -1 from the left of one that points up, 1 from the right.
    """

    shade: FloatArray
    shine: FloatArray
    level: float
    side: float


def nail_light(light: FloatArray, nail: Nail, white: float) -> NailLight:
    """Measures the light on a nail.

    Args:
        light: RGB of the nail's part of the frame in light, [height, width, 3].
        nail: where it is.
        white: luma of the scene's light.
    """
    mask = nail.mask
    luma = cv2.transform(light, LUMA)
    inside = luma[mask >= 0.5 * mask.max()]
    median = max(quantile(inside, 0.5), BLACK)
    # Without its own highlights, or they would light up what is around them.
    weighted = np.minimum(luma, BRIGHTEST * median) * mask
    weights = soften(mask, SMOOTH * nail.width)
    smooth = soften(weighted, SMOOTH * nail.width) / np.maximum(weights, 1e-3)
    shine = np.maximum(luma - np.maximum(STANDS_OUT * smooth, DAZZLES * white), 0)
    return NailLight(
        np.maximum(smooth / median, DARKEST),
        soften(shine, FINE * nail.width),
        min(max(median / (BARE * white), DIMMEST), 1.0) ** LOCAL,
        _side(weighted, mask, nail),
    )


def _side(weighted: FloatArray, mask: FloatArray, nail: Nail) -> float:
    """How far the middle of the light lies to the right of the middle of the nail, in a fair measure."""
    bright, all_of_it = cv2.moments(weighted), cv2.moments(mask)
    if not bright["m00"]:
        return 0.0
    x = bright["m10"] / bright["m00"] - all_of_it["m10"] / all_of_it["m00"]
    y = bright["m01"] / bright["m00"] - all_of_it["m01"] / all_of_it["m00"]
    across = y * math.cos(nail.angle) - x * math.sin(nail.angle)
    return min(max(ASIDE * across / max(nail.width, 1.0), -1.0), 1.0)
