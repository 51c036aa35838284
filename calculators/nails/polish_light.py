"""The light that a picture shows: of the whole scene, and on a nail."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from calculators.nails.nail import Nail
from calculators.nails.polish_flakes import FloatArray

ByteArray = npt.NDArray[np.uint8]

# Light from an sRGB value: its square, near enough and quick both ways.
SQUARES: Final = (np.arange(256, dtype=np.float32) / 255) ** 2
# No light is less, so that there is always a colour of it.
BLACK: Final = 1e-5
LUMA: Final = np.array([[0.299, 0.587, 0.114]], np.float32)
# Rows of pixels that tell about a frame.
SAMPLES: Final = 40
# The part of a frame that is darker than what counts as white; the light of this in a well lit scene, and how
# much of a scene's dimness polish takes up.
WHITE_SHARE: Final = 0.97
WHITE: Final = 0.6
DIMNESS: Final = 0.95
# The cast is that of the least saturated part of what is at least this bright, in parts of white; how much of
# it polish takes up, and the strongest cast.
LIT: Final = 0.3
GREYEST: Final = 0.2
CAST: Final = 0.5
MOST_CAST: Final = 0.15
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


def scene_light(image: ByteArray) -> FloatArray:
    """RGB of the light that a picture was taken in, [3]: 1 is full and white.

    Args:
        image: RGB uint8 [height, width, 3].
    """
    height, width = image.shape[:2]
    size = min(width, SAMPLES * 4 // 3), min(height, SAMPLES)
    sample = cv2.resize(image, size, interpolation=cv2.INTER_NEAREST).reshape(-1, 3)
    light = np.maximum(SQUARES[sample], BLACK)
    luma = np.asarray(cv2.transform(light[:, None], LUMA), np.float32)[:, 0]
    white = _quantile(luma, WHITE_SHARE)
    exposure = min(white / WHITE, 1.0) ** DIMNESS
    bright = luma >= LIT * white
    light = light[bright]
    red, green, blue = np.ascontiguousarray(light.T)
    saturation = 1 - np.minimum(np.minimum(red, green), blue) / np.maximum(np.maximum(red, green), blue)
    grey = light[saturation <= _quantile(saturation, GREYEST)].mean(axis=0)
    cast = grey / (grey @ LUMA[0])
    return np.asarray(exposure * np.clip(1 + CAST * (cast - 1), 1 - MOST_CAST, 1 + MOST_CAST), np.float32)


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
    median = max(_quantile(inside, 0.5), BLACK)
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


def _quantile(values: FloatArray, share: float) -> float:
    """The value that a share of them is below; NumPy's own takes its time to look between two."""
    index = int(share * len(values))
    return float(np.partition(values, index)[index])


def soften(values: FloatArray, radius: float) -> FloatArray:
    """Averages around each pixel, of about this standard deviation; 0 beyond the border."""
    size = (2 * round(0.7 * radius) + 1,) * 2
    once = cv2.blur(values, size, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.blur(once, size, borderType=cv2.BORDER_CONSTANT))
