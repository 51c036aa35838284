"""3D colour tables: pairs for light and dark hair, their mixture, application under a mask.

A table is Pillow's `Color3DLUT`: size x size x size sRGB colours in [0, 1], red running fastest,
as .cube files have them. A pair holds one table made for light hair and one for dark hair and the mean
luma ("intensity", [0, 1]) of the hair each was made for; hair in between takes a mixture of the two,
hair beyond them a careful continuation.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.ImageFilter import Color3DLUT

from calculators.color.cube import identity_table, lut_from_table, lut_table
from calculators.color.lut_lookup import ROW, look_up
from calculators.color.shine import shiny_table

FloatArray = npt.NDArray[np.float32]
ByteArray = npt.NDArray[np.uint8]

LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
# How far beyond the references hair is followed, in distances between them, and how far from the hair's
# own luma colours take part in that.
BEYOND: Final = 0.5
REACH: Final = 0.6
# From this luma of the brightest things on, a picture is well exposed; and the least that colours are dimmed
# to: a dark wall behind a dark face says little of the light.
FULL_LIGHT: Final = 0.85
DIMMEST: Final = 0.65
# What full shadow leaves of red, green and blue: darker, and a little warmer, as roots are.
SHADOW: Final = (0.2, 0.165, 0.14)
# Pixels beside one another that are recoloured together, at most.
GROUP: Final = 4


@dataclass(frozen=True)
class LutPair:
    """The tables of one shade for light and for dark hair, and the intensities they were made for."""

    light: Color3DLUT
    dark: Color3DLUT
    light_intensity: float
    dark_intensity: float

    def __post_init__(self) -> None:
        if self.light.size != self.dark.size:
            raise ValueError(
                f"The light LUT has {self.light.size[0]} steps a side and the dark one "
                f"{self.dark.size[0]}; both need the same number."
            )
        if not 0 <= self.dark_intensity < self.light_intensity <= 1:
            raise ValueError(
                f"The intensities of the LUTs are {self.light_intensity:g} (light) and "
                f"{self.dark_intensity:g} (dark); needed is 0 <= dark < light <= 1."
            )


def light_share(intensity: float, light_intensity: float, dark_intensity: float) -> float:
    """How much of the light table hair of this intensity takes; the rest comes from the dark one.

    0 at the dark reference, 1 at the light one, beyond them at most -0.5 and 1.5.
    """
    share = (intensity - dark_intensity) / (light_intensity - dark_intensity)
    return min(max(share, -BEYOND), 1 + BEYOND)


def mix_luts(
    pair: LutPair, share: float, strength: float, shine: float = 0.0, exposure: float = 1.0
) -> Color3DLUT:
    """Mixes the pair's tables: `share` of the light one, the rest of the dark one.

    Args:
        pair: the tables.
        share: from `light_share`. Beyond [0, 1] the mixture goes on along the line between the tables, as
            far as lighter hair clearly stays lighter.
        strength: 0 leaves colours as they are, 1 is the full effect.
        shine: from -1, matt, over 0 to 1, glossy.
        exposure: from `exposure`; 1 is a picture in full light.
    """
    light, dark = lut_table(pair.light), lut_table(pair.dark)
    between = min(max(share, 0.0), 1.0)
    intensity = pair.dark_intensity + share * (pair.light_intensity - pair.dark_intensity)
    mixed = dark + np.float32(between) * (light - dark)
    if share != between:
        mixed = _continue(mixed, light - dark, share - between, intensity)
    if shine:
        mixed = shiny_table(mixed, intensity, shine)
    if exposure < 1:
        mixed = np.float32(exposure) * mixed
    if strength < 1:
        unchanged = identity_table(len(mixed))
        mixed = unchanged + np.float32(strength) * (mixed - unchanged)
    return lut_from_table(mixed)


def exposure(scene_light: float) -> float:
    """How bright the new colours may be in a scene, of 1: dyed hair in a dim room is dim, too.

    Args:
        scene_light: luma of what is bright in the picture besides the hair, [0, 1].
    """
    return min(max(scene_light / FULL_LIGHT, DIMMEST), 1.0)


def _continue(mixed: FloatArray, step: FloatArray, excess: float, intensity: float) -> FloatArray:
    """Goes on by `excess` steps for colours about as bright as the hair, fading out on both sides.

    Plainly continued, highlights that one table flattens would turn into their negative: skin and light
    strands that the table for dark hair holds back would become darker than the hair around. So the steps
    are cut where greys would rise less than half as fast as in the table begun with.
    """
    distance = np.minimum(np.abs(identity_table(len(mixed)) @ LUMA - intensity) / REACH, 1)
    more = ((1 - distance) ** 2 * (1 + 2 * distance))[..., None] * step
    greys = np.arange(len(mixed))
    rise = np.diff(mixed[greys, greys, greys] @ LUMA)
    bend = np.copysign(1, excess) * np.diff(more[greys, greys, greys] @ LUMA)
    limits = np.maximum(rise, 0)[bend < 0] / (-2 * bend[bend < 0])
    most = min(abs(excess), float(limits.min(initial=BEYOND)))
    return np.asarray(np.clip(mixed + np.float32(np.copysign(most, excess)) * more, 0, 1), np.float32)


@dataclass(frozen=True)
class SecondColor:
    """A second table, and where it takes the place of the first.

    Attributes:
        lut: the colours.
        share: [0, 1], any size: scaled to the picture. 0 is the first table, 1 the second.
    """

    lut: Color3DLUT
    share: FloatArray


def apply_lut(
    image: ByteArray,
    lut: Color3DLUT,
    mask: FloatArray,
    second: SecondColor | None = None,
    shadow: FloatArray | None = None,
) -> ByteArray:
    """Recolours the pixels under a mask.

    Only pixels whose mask is at least half a grey level (1/510) are looked at; all others come back
    bit for bit. The picture given is not changed; it is the result where the mask is empty.

    Args:
        image: RGB uint8 [height, width, 3].
        lut: the colours.
        mask: [0, 1], any size: scaled to the picture. 0 keeps a pixel, 1 gives it the LUT's colour.
        second: other colours for a part of it.
        shadow: [0, 1], any size: 0 leaves the new colours as they are, 1 makes them nearly black.
    """
    size = image.shape[1], image.shape[0]
    alpha = _bytes(mask, size)
    # As one number, a few neighbours are found, gathered and scattered several times as fast as one by one.
    group = math.gcd(alpha.size, GROUP)
    covered = np.flatnonzero(alpha.reshape(-1).view(f"u{group}") != 0)
    if not len(covered):
        return image
    # In rows, of which the last one repeats its last group until it is full.
    covered = np.pad(covered, (0, -len(covered) % (ROW // group)), mode="edge")
    sides = ROW, group * len(covered) // ROW

    def as_picture(colors: ByteArray) -> Image.Image:
        """Pillow's own layout, which it reads in place, has four bytes a pixel."""
        padded = cv2.cvtColor(colors, cv2.COLOR_RGB2RGBA)
        return Image.frombuffer("RGBX", sides, padded, "raw", "RGBX", 0, 1)

    def gathered(values: ByteArray) -> Image.Image:
        chosen = values.reshape(-1).view(f"u{group}").take(covered)
        return Image.frombuffer("L", sides, chosen, "raw", "L", 0, 1)

    result = np.array(image, order="C")
    pixels = result.reshape(-1).view(f"V{3 * group}")
    bare = pixels.take(covered).view(np.uint8).reshape(-1, ROW, 3)
    plain, dyed = as_picture(bare), as_picture(look_up(bare, lut))
    if second is not None:
        share = gathered(_bytes(second.share, size))
        dyed = Image.composite(as_picture(look_up(bare, second.lut)), dyed, share)
    if shadow is not None:
        dark = dyed.point([round(level * kept) for kept in (*SHADOW, 1) for level in range(256)])
        dyed = Image.composite(dark, dyed, gathered(_bytes(shadow, size)))
    blended = Image.composite(dyed, plain, gathered(alpha))
    colors = np.frombuffer(blended.tobytes(), np.uint8).reshape(-1, ROW, 4)
    pixels[covered] = np.asarray(cv2.cvtColor(colors, cv2.COLOR_RGBA2RGB)).reshape(-1).view(pixels.dtype)
    return result


def _bytes(values: FloatArray, size: tuple[int, int]) -> ByteArray:
    """A map in [0, 1] as bytes of the picture's size."""
    scaled = cv2.convertScaleAbs(values, alpha=255)
    if scaled.shape[::-1] != size:
        scaled = cv2.resize(scaled, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(scaled, np.uint8)
