"""The strands of hair in a picture, found by their own light."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from calculators.hair.extent import smooth_step

FloatArray = npt.NDArray[np.float32]

# The longest side of the pictures that are looked at: finer strands than these pixels show as noise.
LONGEST: Final = 320
# The width of a bundle of strands, of what it is compared with, and of the window in which the direction of
# the hair is one, in pixels of that picture.
NARROW: Final = 0.7
WIDE: Final = (7, 7)
DIRECTION: Final = (11, 11)
# How far the light is followed along the strands, to either side, one round after the other.
STEPS: Final = (1.5, 4.0, 10.0)
# The brightness is compared on a scale on which dark hair counts as much as light hair.
DARKNESS: Final = 0.06
LOGARITHMS: Final = np.log(np.arange(256, dtype=np.float32) / 255 + DARKNESS)
# Of the pixels of the hair, one of so many tells enough about its light.
SAMPLE: Final = 5
# The least part of a difference from the frame before that is followed.
SLOWEST: Final = 0.2
# How much brighter than the level the brightest strands are, in deviations of the light, and how much of
# the second colour these take: bleached strands still lie among others.
BORDER: Final = 1.8
MOST: Final = 0.9


def strand_light(image: npt.NDArray[np.uint8], mask: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How much brighter or darker each strand is than the hair around it.

    The picture's fine detail is averaged along the direction of the hair (the structure tensor's), so that
    strands come out whole and noise does not come out. It is fixed to the hair, not to the frame.

    Args:
        image: RGB uint8 [height, width, 3].
        mask: [0, 1], any size.

    Returns:
        The light, 0 on average and beside the hair, and the mask, both of at most LONGEST pixels a side.
    """
    height, width = image.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    hair = np.asarray(cv2.resize(mask, size), np.float32)
    light = np.zeros_like(hair)
    x, y, box_width, box_height = cv2.boundingRect((hair > 0.5).astype(np.uint8))
    if box_width:
        box = slice(y, y + box_height), slice(x, x + box_width)
        light[box] = _light_along_strands(np.asarray(cv2.LUT(grey[box], LOGARITHMS), np.float32), hair[box])
    return light, hair


def _light_along_strands(brightness: FloatArray, hair: FloatArray) -> FloatArray:
    # Weighted by the mask: else the skin beside the hair would be the brightest strand.
    sure = hair * hair * hair
    weighted = brightness * sure
    nearby = _blur(sure, WIDE)
    fine = cv2.GaussianBlur(weighted, (0, 0), NARROW) / (cv2.GaussianBlur(sure, (0, 0), NARROW) + 1e-3)
    light = (fine - _blur(weighted, WIDE) / (nearby + 1e-3)) * smooth_step((nearby - 0.5) / 0.35)

    across, down = cv2.Sobel(fine, cv2.CV_32F, 1, 0) * hair, cv2.Sobel(fine, cv2.CV_32F, 0, 1) * hair
    difference = _blur(across * across - down * down, DIRECTION)
    angle = cv2.phase(difference, _blur(2 * across * down, DIRECTION)) / 2
    # Across the strands the brightness changes most: along them is at right angles to that.
    x, y = cv2.polarToCart(np.ones_like(angle), angle + np.float32(np.pi / 2))
    height, width = hair.shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    for step in STEPS:
        ahead, behind = (
            cv2.remap(light, columns + way * x, rows + way * y, cv2.INTER_LINEAR) for way in (step, -step)
        )
        light = (light + ahead + behind) / 3
    return np.asarray(light, np.float32)


def _blur(values: FloatArray, window: tuple[int, int]) -> FloatArray:
    """Nearly a Gaussian, from two means over a window."""
    return np.asarray(cv2.blur(cv2.blur(values, window), window), np.float32)


def settled_light(light: FloatArray, previous: FloatArray, deviation: float) -> FloatArray:
    """The light of a frame, drawn to that of the frame before where they hardly differ.

    Small differences are noise and are followed slowly; where the hair moved they are large and hold at once.

    Args:
        light, previous: from `strand_light`, of one size.
        deviation: of the light, from `light_levels`.
    """
    change = light - previous
    follow = np.clip(np.abs(change) / np.float32(max(deviation, 1e-4)), SLOWEST, 1)
    return np.asarray(previous + change * follow, np.float32)


def light_levels(light: FloatArray, hair: FloatArray, amount: float) -> npt.NDArray[np.float64] | None:
    """The light above which a part of the hair lies, and the deviation of the light; None without hair.

    Args:
        light, hair: from `strand_light`.
        amount: the part, [0, 1].
    """
    inside = light[hair > 0.5][::SAMPLE]
    if inside.size < 2:
        return None
    return np.array([np.quantile(inside, 1 - amount), inside.std()], np.float64)


def bright_strands(light: FloatArray, level: float, deviation: float) -> FloatArray:
    """Strands brighter than `level`, the brighter the more, in [0, MOST]."""
    return np.float32(MOST) * smooth_step(
        (light - np.float32(level)) / np.float32(max(BORDER * deviation, 1e-4))
    )
