"""The light that a picture shows: of the whole scene, and on a nail."""

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
LUMA: Final = np.array([[0.299, 0.587, 0.114]], np.float32)
# Pixels that tell about a frame, along its shorter side.
SAMPLES: Final = 60
# The part of a frame, in percent, that is darker than what counts as white; its light in a well lit scene, and
# how much of a scene's dimness polish takes up.
WHITE_SHARE: Final = 97
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


def scene_light(image: ByteArray) -> FloatArray:
    """RGB of the light that a picture was taken in, [3]: 1 is full and white.

    Args:
        image: RGB uint8 [height, width, 3].
    """
    step = max(1, min(image.shape[:2]) // SAMPLES)
    sample = image[::step, ::step].reshape(-1, 3)
    light = SQUARES[sample]
    luma = light @ LUMA[0]
    white = float(np.percentile(luma, WHITE_SHARE))
    exposure = min(white / WHITE, 1.0) ** DIMNESS
    bright = luma >= LIT * white
    sample, light = sample[bright], light[bright]
    saturation = 1 - sample.min(axis=1) / np.maximum(sample.max(axis=1), 1)
    grey = light[saturation <= np.quantile(saturation, GREYEST)].mean(axis=0)
    cast = grey / max(float(grey @ LUMA[0]), 1e-6)
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
    inside = luma[mask > 0.5]
    median = max(float(np.median(inside)) if len(inside) else float(luma.mean()), 1e-4)
    weighted = luma * mask
    smooth = soften(weighted, 0.3 * nail.width) / np.maximum(soften(mask, 0.3 * nail.width), 1e-3)
    shine = soften(np.maximum(luma - np.maximum(1.4 * smooth, 0.7 * white), 0), 0.03 * nail.width)
    return NailLight(
        np.clip(smooth / median, 0.2, 1.5),
        shine,
        min(max(median / (BARE * max(white, 1e-3)), DIMMEST), 1.0) ** LOCAL,
        _side(weighted, mask, nail),
    )


def _side(weighted: FloatArray, mask: FloatArray, nail: Nail) -> float:
    """How far the middle of the light lies to the right of the middle of the nail, in a fair measure."""
    bright, all_of_it = cv2.moments(weighted), cv2.moments(mask)
    if not bright["m00"] or not all_of_it["m00"]:
        return 0.0
    x = bright["m10"] / bright["m00"] - all_of_it["m10"] / all_of_it["m00"]
    y = bright["m01"] / bright["m00"] - all_of_it["m01"] / all_of_it["m00"]
    across = y * np.cos(nail.angle) - x * np.sin(nail.angle)
    return float(np.clip(12 * across / max(nail.width, 1.0), -1, 1))


def soften(values: FloatArray, radius: float) -> FloatArray:
    """Averages around each pixel, of about this standard deviation; 0 beyond the border."""
    size = (2 * round(0.7 * radius) + 1,) * 2
    once = cv2.blur(values, size, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.blur(once, size, borderType=cv2.BORDER_CONSTANT))
