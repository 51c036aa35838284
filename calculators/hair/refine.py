"""Hair masks at the resolution of the picture."""

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Planes = tuple[FloatArray, FloatArray, FloatArray]

GRID: Final = 128
"""Colours nearby are measured on a grid of about this many cells a side: they change slowly."""

UNIT: Final = 256
"""The radius counts in this part of the frame's sides."""

KNOWN: Final = (0.4, 0.8)
"""How sure the mask is of its hair nearby: up to the first value nothing is known, from the second on all."""

GREY_LEVEL: Final = 128
"""Cr and Cb of what has no colour."""

TINY: Final = np.float32(1e-3)


def refine_mask(
    image: npt.NDArray[np.uint8], mask: FloatArray, radius: int, contrast: float, low: float, high: float
) -> FloatArray:
    """Brings a mask to the picture's size, its outline along edges and strands of the picture.

    Around the outline, the colours of the hair nearby and of what is beside it are measured under the mask,
    and each pixel of the picture becomes hair in proportion to where its own colour lies between the two: a
    matte. Where the two do not differ (hair of the colour of what is behind it), where the mask itself is in
    doubt all around, and away from the outline, the mask stays as it was.

    Brightness counts at the picture's resolution, colour proper at the mask's: in videos it is no finer.

    Args:
        image: RGB uint8 [height, width, 3].
        mask: [0, 1], any size.
        radius: half width of the window of "nearby", in 256ths of the picture's sides.
        contrast: difference in colour, of 1, from which on the picture is trusted more than the mask.
        low: values up to this become 0.
        high: values from this on become 1.

    Returns:
        float32 mask in [0, 1], [height, width].
    """
    slope, offset = refinement_maps(image, mask, radius, contrast, low, high)
    frame = image.shape[1], image.shape[0]
    refined = np.asarray(cv2.resize(offset, frame), np.float32)
    brightness = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    cv2.accumulateProduct(cv2.resize(slope, frame), brightness, refined)
    cv2.threshold(refined, 1, 1, cv2.THRESH_TRUNC, dst=refined)
    cv2.threshold(refined, 0, 0, cv2.THRESH_TOZERO, dst=refined)
    return refined


def refinement_maps(
    image: npt.NDArray[np.uint8], mask: FloatArray, radius: int, contrast: float, low: float, high: float
) -> tuple[FloatArray, FloatArray]:
    """What makes a refined mask of a picture's brightness: slope * grey level + offset, cut to [0, 1].

    Args:
        image, mask, radius, contrast, low, high: as of `refine_mask`.

    Returns:
        The slope, by grey level of 0 to 255, and the offset: float32, smaller than the picture, to be
        enlarged linearly.
    """
    size = mask.shape[1], mask.shape[0]
    step = max(1, round(max(size) / GRID))
    grid = max(1, size[0] // step), max(1, size[1] // step)
    colours = np.asarray(cv2.cvtColor(_shrunk(image, size), cv2.COLOR_RGB2YCrCb), np.uint8)
    share = np.asarray(cv2.resize(mask, grid, interpolation=cv2.INTER_AREA), np.float32)
    slopes, base, trust = _mattes(_planes(_shrunk(colours, grid)), share, radius, contrast)

    # Of "hair = slopes * colour + base", all but the brightness is summed up at the mask's resolution. The
    # stretch from [low, high] to [0, 1] is done on the small arrays: there it costs next to nothing. So does
    # making slopes by level, of 0 to 255, of those by colour.
    scale = np.float32(1 / (high - low))
    light, red, blue = (slope * (scale / 255) for slope in slopes)
    base = (base - np.float32(low)) * scale - np.float32(GREY_LEVEL) * (red + blue)
    offset = _enlarged(base, size) + _enlarged(scale - trust * scale, size) * mask
    _, red_level, blue_level = cv2.split(colours)
    offset += _enlarged(red, size) * red_level
    offset += _enlarged(blue, size) * blue_level
    return np.asarray(cv2.blur(light, (3, 3)), np.float32), np.asarray(offset, np.float32)


def _mattes(
    colour: Planes, share: FloatArray, radius: int, contrast: float
) -> tuple[list[FloatArray], FloatArray, FloatArray]:
    """The line from colour to hair around each cell, and how far to trust it rather than the mask.

    The line is Fisher's discriminant: along the difference of the two mean colours, but away from directions
    in which both vary by themselves (light and shade on skin, the pattern of a wall). It is 0 at the mean of
    what is beside the hair and 1 at the mean of the hair, both times the trust.

    Args:
        colour: three planes [rows, columns].
        share: how much of each cell is hair.
        radius: as of `refine_mask`.
        contrast: as of `refine_mask`.

    Returns:
        The slopes of the three planes, the offset, the trust in [0, 1].
    """
    mean, near = _mean(share.shape, radius), _mean(share.shape, radius / 2)
    # Squared, so that the doubtful cells in between hardly count on either side.
    hair, beside = share * share, np.asarray((1 - share) ** 2, np.float32)
    covered, hair_weight = mean(share), mean(hair)
    # The mean of (1 - share) ** 2.
    beside_weight = 1 - 2 * covered + hair_weight
    overall = [mean(plane) * TINY for plane in colour]

    def mean_colour(weight: FloatArray, total: FloatArray) -> list[FloatArray]:
        """Where there is nothing of it nearby, the mean colour of all."""
        return [
            (mean(plane * weight) + rest) / (total + TINY)
            for plane, rest in zip(colour, overall, strict=True)
        ]

    hair_colour, beside_colour = mean_colour(hair, hair_weight), mean_colour(beside, beside_weight)
    difference = [a - b for a, b in zip(hair_colour, beside_colour, strict=True)]
    is_hair, certainty = np.float32(share > 0.5), np.asarray(np.abs(2 * share - 1), np.float32)
    own = [
        (plane - beside - is_hair * step) * certainty
        for plane, beside, step in zip(colour, beside_colour, difference, strict=True)
    ]

    sureness = np.minimum(hair_weight / (covered + TINY), beside_weight / (1 - covered + TINY))
    known = np.clip((sureness - KNOWN[0]) / (KNOWN[1] - KNOWN[0]), 0, 1)
    close = near(share)
    known *= np.minimum(8 * close * (1 - close), 1)
    mixed = 4 * covered * (1 - covered)

    # The rest is reckoned only where it counts, around the outline.
    chosen = np.flatnonzero(known > 0)

    def at(values: FloatArray) -> FloatArray:
        return values.take(chosen)

    # The covariance within the two, inverted by its adjugate; `contrast` stands for unavoidable noise.
    noise, counted = np.float32(contrast**2 / 4), at(4 * (hair_weight - covered) + 1) + TINY
    xx, yy, zz = (at(mean(plane * plane)) / counted + noise for plane in own)
    xy, xz, yz = (at(mean(own[i] * own[j])) / counted for i, j in ((0, 1), (0, 2), (1, 2)))
    difference = [at(plane) for plane in difference]
    adjugate = (
        (yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy),
        (xz * yz - xy * zz, xx * zz - xz * xz, xy * xz - xx * yz),
        (xy * yz - xz * yy, xy * xz - xx * yz, xx * yy - xy * xy),
    )
    determinant = xx * adjugate[0][0] + xy * adjugate[0][1] + xz * adjugate[0][2]
    slopes = [_dot(row, difference) / determinant for row in adjugate]
    distance = _dot(slopes, difference)

    mixed = at(mixed)
    factor = at(known) * mixed / (1 + mixed * distance)
    slopes = [slope * factor for slope in slopes]
    base = -_dot(slopes, [at(plane) for plane in beside_colour])

    def everywhere(values: FloatArray) -> FloatArray:
        spread = np.zeros(share.size, np.float32)
        spread[chosen] = values
        return spread.reshape(share.shape)

    return [everywhere(slope) for slope in slopes], everywhere(base), everywhere(distance * factor)


def _mean(shape: tuple[int, ...], radius: float) -> Callable[[FloatArray], FloatArray]:
    """The mean over a window of this radius, in 256ths of the array's sides."""
    height, width = (2 * max(1, round(radius * n / UNIT)) + 1 for n in shape)

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(cv2.blur(values, (width, height), borderType=cv2.BORDER_REFLECT), np.float32)

    return mean


def _dot(a: Sequence[FloatArray], b: Sequence[FloatArray]) -> FloatArray:
    return np.asarray(a[0] * b[0] + a[1] * b[1] + a[2] * b[2], np.float32)


def _shrunk(image: npt.NDArray[np.uint8], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """The picture at (width, height): halved while it is twice as large, then interpolated.

    Several times faster than one step of INTER_AREA, whose only fast way is halving.
    """
    while image.shape[1] >= 2 * size[0] and image.shape[0] >= 2 * size[1]:
        half = image.shape[1] // 2, image.shape[0] // 2
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(image, size), np.uint8)


def _planes(colours: npt.NDArray[np.uint8]) -> Planes:
    """Y, Cr and Cb as float32: brightness in [0, 1], the other two around 0."""
    y, red, blue = cv2.split(colours.astype(np.float32) * np.float32(1 / 255))
    grey = np.float32(GREY_LEVEL / 255)
    return np.asarray(y), np.asarray(red) - grey, np.asarray(blue) - grey


def _enlarged(values: FloatArray, size: tuple[int, int]) -> FloatArray:
    return np.asarray(cv2.resize(cv2.blur(values, (3, 3)), size), np.float32)
