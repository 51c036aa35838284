"""Colours: "#RRGGBB" text, sRGB and the perceptual space OKLab (Ottosson 2020).

OKLab: L in [0, 1] is lightness as seen, a runs from green to red, b from blue to yellow; the
distance from the grey axis is chroma, the direction hue.
"""

import re
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

LMS_FROM_RGB: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB_FROM_LMS: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
RGB_FROM_LMS: Final = np.linalg.inv(LMS_FROM_RGB)
LMS_FROM_LAB: Final = np.linalg.inv(LAB_FROM_LMS)


def parse_color(text: str) -> tuple[int, int, int]:
    """Reads "#RRGGBB".

    Raises:
        ValueError: it is anything else.
    """
    if not re.fullmatch("#[0-9A-Fa-f]{6}", text):
        raise ValueError(f'"{text}" is no colour; a colour is "#RRGGBB" with hexadecimal digits.')
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def linear_from_srgb(srgb: FloatArray) -> FloatArray:
    """sRGB in [0, 1] to linear light in [0, 1], any shape."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def srgb_from_linear(linear: FloatArray) -> FloatArray:
    """Linear light to sRGB, any shape; values below 0 stay on the straight part of the curve."""
    curve = 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, curve)


def oklab_from_srgb(srgb: FloatArray) -> FloatArray:
    """sRGB in [0, 1], shape [..., 3], to OKLab."""
    lab: FloatArray = np.cbrt(linear_from_srgb(srgb) @ LMS_FROM_RGB.T) @ LAB_FROM_LMS.T
    return lab


def srgb_from_oklab(lab: FloatArray) -> FloatArray:
    """OKLab, shape [..., 3], to sRGB; outside [0, 1] where sRGB cannot show the colour."""
    return srgb_from_linear((lab @ LMS_FROM_LAB.T) ** 3 @ RGB_FROM_LMS.T)


def fit_gamut(lab: FloatArray) -> FloatArray:
    """Takes chroma from the OKLab colours that sRGB cannot show, until it can; shape [..., 3].

    Lightness and hue stay. L must be in [0, 1].
    """
    low, high = np.zeros(lab.shape[:-1]), np.ones(lab.shape[:-1])
    for _ in range(12):
        middle = (low + high) / 2
        srgb = srgb_from_oklab(scale_chroma(lab, middle))
        fits = np.all((srgb >= -1e-4) & (srgb <= 1 + 1e-4), axis=-1)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return scale_chroma(lab, np.where(low > 0.999, 1.0, low))


def scale_chroma(lab: FloatArray, scale: FloatArray) -> FloatArray:
    """Multiplies the chroma of OKLab colours, shape [..., 3], by `scale`, shape [...]."""
    return np.stack((lab[..., 0], lab[..., 1] * scale, lab[..., 2] * scale), axis=-1)
