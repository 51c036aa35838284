"""The light that a picture was taken in: how bright and what colour, measured on the picture itself."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

ByteArray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

# Light from an sRGB value: its square, near enough and quick both ways.
SQUARES: Final = (np.arange(256, dtype=np.float32) / 255) ** 2
# No light is less, so that there is always a colour of it.
BLACK: Final = 1e-5
LUMA: Final = np.array([[0.299, 0.587, 0.114]], np.float32)
# Rows of pixels that tell about a frame.
SAMPLES: Final = 40
# The part of a frame that is darker than what counts as white; the light of this in a well lit scene, and how
# much of a scene's dimness paint takes up.
WHITE_SHARE: Final = 0.97
WHITE: Final = 0.6
DIMNESS: Final = 0.95
# The cast is that of the least saturated part of what is at least this bright, in parts of white; how much of
# it paint takes up, and the strongest cast.
LIT: Final = 0.3
GREYEST: Final = 0.2
CAST: Final = 0.5
MOST_CAST: Final = 0.15


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
    white = quantile(luma, WHITE_SHARE)
    exposure = min(white / WHITE, 1.0) ** DIMNESS
    bright = luma >= LIT * white
    light = light[bright]
    red, green, blue = np.ascontiguousarray(light.T)
    saturation = 1 - np.minimum(np.minimum(red, green), blue) / np.maximum(np.maximum(red, green), blue)
    grey = light[saturation <= quantile(saturation, GREYEST)].mean(axis=0)
    cast = grey / (grey @ LUMA[0])
    return np.asarray(exposure * np.clip(1 + CAST * (cast - 1), 1 - MOST_CAST, 1 + MOST_CAST), np.float32)


def quantile(values: FloatArray, share: float) -> float:
    """The value that a share of them is below; NumPy's own takes its time to look between two."""
    index = int(share * len(values))
    return float(np.partition(values, index)[index])


def soften(values: FloatArray, radius: float) -> FloatArray:
    """Averages around each pixel, of about this standard deviation; 0 beyond the border."""
    size = (2 * round(0.7 * radius) + 1,) * 2
    once = cv2.blur(values, size, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.blur(once, size, borderType=cv2.BORDER_CONSTANT))
