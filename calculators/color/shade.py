"""Hair shades as pairs of 3D colour tables, computed from one target colour.

A table is made for hair of a known mean luma. In OKLab, it takes that hair to the target's lightness
and moves the lighter and darker pixels along with it on an S-shaped curve, so that strands,
highlights and shadows stay; the colour is the target's, weaker in shadows and highlights as on dyed
hair, and a little of the hair's own variation of colour stays.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calculators.color.cube import SIZE, identity_table, lut_from_table
from calculators.color.lut import LutPair
from calculators.color.oklab import FloatArray, fit_gamut, oklab_from_srgb, parse_color, srgb_from_oklab

LIGHT_INTENSITY: Final = 0.6
DARK_INTENSITY: Final = 0.12

# The lightnesses a target may have: darker or lighter hair would show no strands.
DARKEST: Final = 0.12
LIGHTEST: Final = 0.93
# Hair stays this much of the way darker than a target that is lighter than it: a face in dim light
# with hair in full light looks pasted.
DIMNESS: Final = 0.13
# Lightnesses are drawn into the open interval where the S-shaped curve is finite, further at the
# dark end: otherwise the compression noise of black hair becomes blotches on blond.
TOE: Final = 0.14
SHOULDER: Final = 0.03
# The part of the contrast given up for hair that is lifted from black to white: its noise and the
# unevenness of its light are lifted too.
EASE: Final = 0.35
# How far above the landing lightness hair may be brightened, and how softly the curve bends there.
REACH: Final = 0.17
SOFTNESS: Final = 0.03
# The colour that undyed hair has in the middle (OKLab a, b), the part of the difference from it that
# a dye lets through, and the most that this may add.
UNDYED: Final = np.array([0.04, 0.07])
OWN_COLOR: Final = 0.2
MOST_OWN_COLOR: Final = 0.03


@dataclass(frozen=True)
class Shade:
    """A hair colour.

    Attributes:
        color: "#RRGGBB", the colour of the hair as a whole.
        contrast: 1 keeps the contrast between strands that the hair has, larger values raise it.
        highlight: the lightness (OKLab, [0, 1]) that the brightest highlights come near.
        hue_shift: radians of hue from black to white: positive turns highlights of warm shades
            towards yellow and their shadows towards red.
    """

    color: str
    contrast: float = 1.25
    highlight: float = 0.95
    hue_shift: float = 0.0


def shade_pair(shade: Shade) -> LutPair:
    """The tables of a shade for light and for dark hair."""
    light, dark = (shade_table(shade, intensity) for intensity in (LIGHT_INTENSITY, DARK_INTENSITY))
    return LutPair(lut_from_table(light), lut_from_table(dark), LIGHT_INTENSITY, DARK_INTENSITY)


def shade_table(shade: Shade, intensity: float) -> FloatArray:
    """The table for hair of mean luma `intensity`: sRGB [size, size, size, 3] by blue, green, red."""
    hair = oklab_from_srgb(identity_table(SIZE).astype(np.float64))
    target = oklab_from_srgb(np.array(parse_color(shade.color)) / 255)
    middle = float(oklab_from_srgb(np.full(3, intensity))[0])
    aim = float(np.clip(target[0], DARKEST, LIGHTEST * shade.highlight))
    landing = aim - DIMNESS * max(aim - middle, 0)
    lightness = tone_curve(hair[..., 0], middle, landing, shade)

    chroma, hue = np.hypot(target[1], target[2]), np.arctan2(target[2], target[1])
    fading = np.where(lightness < aim, (lightness / aim) ** 0.7, ((1 - lightness) / (1 - aim)) ** 0.5)
    hues = hue + shade.hue_shift * (lightness - aim)
    dyed = chroma * fading[..., None] * np.stack((np.cos(hues), np.sin(hues)), axis=-1)

    own = OWN_COLOR * (hair[..., 1:] - UNDYED * hair[..., :1])
    length = np.linalg.norm(own, axis=-1, keepdims=True)
    own *= np.minimum(1, MOST_OWN_COLOR / np.maximum(length, 1e-9)) * np.minimum(1, fading)[..., None]
    colors = np.concatenate((lightness[..., None], dyed + own), axis=-1)
    return np.clip(srgb_from_oklab(fit_gamut(colors)), 0, 1)


def tone_curve(lightness: FloatArray, middle: float, landing: float, shade: Shade) -> FloatArray:
    """Takes lightness `middle` to `landing`, black near black and white near `shade.highlight`.

    The curve is a straight line between the logits of both sides: it rises everywhere, keeps contrast in
    the middle and bends softly at the ends. What is far brighter than the hair (skin or wall at the rim of
    a mask for dark hair) gets no brighter than it is.
    """

    def logit(value: FloatArray | float) -> FloatArray:
        return np.log(value / (1 - np.asarray(value)))

    def inner(value: FloatArray | float) -> FloatArray:
        return (np.asarray(value) + TOE) / (1 + TOE + SHOULDER)

    distance = logit(inner(lightness)) - logit(inner(middle))
    contrast = shade.contrast * (1 - EASE * max(landing - middle, 0))
    curve = shade.highlight / (1 + np.exp(-logit(landing / shade.highlight) - contrast * distance))
    bound = SOFTNESS * np.logaddexp(lightness / SOFTNESS, (landing + REACH) / SOFTNESS)
    return -SOFTNESS * np.logaddexp(-curve / SOFTNESS, -bound / SOFTNESS)
