"""OKLab for pictures: float32 and quick, where `oklab` is exact."""

from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.oklab import (
    LAB_FROM_LMS,
    LMS_FROM_LAB,
    LMS_FROM_RGB,
    RGB_FROM_LMS,
    linear_from_srgb,
    srgb_from_linear,
)

LINEAR: Final = linear_from_srgb(np.arange(256) / 255).astype(np.float32)
# sRGB values by the root of linear light, in which steps are nearly as even as in sRGB: in the middle of each
# step, so that roots need no rounding; the last one is that of too much light.
ROOTS: Final = 4096
MIDDLES: Final = (np.arange(ROOTS) + 0.5) / ROOTS
SRGB: Final = np.append(255 * srgb_from_linear(MIDDLES**2), 255).astype(np.float32)
SQUARED_RGB_FROM_LMS: Final = RGB_FROM_LMS * ROOTS**2


def picture_to_oklab(pixels: ByteArray) -> FloatArray:
    """RGB uint8 [height, width, 3] to OKLab, float32 [height, width, 3]; L is in [0, 1]."""
    cones = cv2.transform(cv2.LUT(pixels, LINEAR), LMS_FROM_RGB)
    return np.asarray(cv2.transform(cv2.pow(cones, 1 / 3), LAB_FROM_LMS), np.float32)


def oklab_to_values(lab: FloatArray) -> FloatArray:
    """OKLab [height, width, 3] to sRGB values in [0, 255], float32; what sRGB cannot show is cut off."""
    roots = np.asarray(cv2.transform(lab, LMS_FROM_LAB), np.float32)
    linear = np.asarray(cv2.transform(roots * roots * roots, SQUARED_RGB_FROM_LMS), np.float32)
    np.maximum(linear, 0, out=linear)
    np.sqrt(linear, out=linear)
    return np.asarray(SRGB.take(linear.astype(np.intp), mode="clip"))


def blend(pixels: ByteArray, values: FloatArray, mask: FloatArray) -> ByteArray:
    """Pixels that go over to other values where a mask is.

    Args:
        pixels: RGB uint8 [height, width, 3].
        values: RGB in [0, 255], float32 of the same shape.
        mask: float32 [height, width] in [0, 1]; where it is 0 the pixels stay bit for bit.
    """
    before = pixels.astype(np.float32)
    mixed = np.asarray(values - before, np.float32)
    mixed *= np.asarray(cv2.merge((mask, mask, mask)))
    mixed += before
    return np.asarray(np.rint(mixed, out=mixed), np.uint8)
