"""Looks up pixels in a 3D colour table, several times as fast as Pillow's own filter does."""

import math
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from PIL.ImageFilter import Color3DLUT

from calculators.color.cube import lut_table, resample
from calculators.color.light import ByteArray, FloatArray

# OpenCV takes sides of pictures below 32,768.
ROW: Final = 2048
# Tables with fewer steps are given more first.
FINE: Final = 33
# Sheets are kept of so many tables: a node gets the same table frame after frame.
SHEETS: Final = 4
BLUES: Final = np.arange(256, dtype=np.float32)


def look_up(pixels: ByteArray, lut: Color3DLUT) -> ByteArray:
    """The colours of a table for those of a picture, within a grey level of exact interpolation.

    Args:
        pixels: RGB uint8 [height, width, 3], sides below 32,768.
        lut: the table, a cube of up to 127 steps a side, which nobody changes any more.
    """
    sheet = _sheet(lut)
    steps = sheet.shape[1]
    red, green, blue = (np.asarray(plane) for plane in cv2.split(pixels))
    x = red * np.float32((steps - 1) / 255)
    y = green * np.float32((steps - 1) / 255)
    y += blue * np.float32(steps)
    # cv2 interpolates along red and green; along blue the sheet has all there is to find.
    return np.asarray(cv2.convertScaleAbs(cv2.remap(sheet, x, y, cv2.INTER_LINEAR)), np.uint8)


@lru_cache(maxsize=SHEETS)
def _sheet(lut: Color3DLUT) -> FloatArray:
    """A table with a step for each of 256 blues, those below one another: [256 * steps, steps, 3], to 255."""
    table = lut_table(lut)
    if len(table) < FINE:
        # Between two steps, cv2 tells 32 places: too few where these are far apart.
        table = resample(table, math.ceil((FINE - 1) / (len(table) - 1)) * (len(table) - 1) + 1)
    steps = len(table)
    slices = (table * np.float32(255)).reshape(steps, -1)
    place = BLUES * np.float32((steps - 1) / 255)
    begins = np.minimum(place.astype(int), steps - 2)
    parts = (place - begins)[:, None]
    ends = np.searchsorted(begins, np.arange(steps))
    sheet = np.empty((256, slices.shape[1]), np.float32)
    # Slice by slice, so that what is worked on stays in the processor's cache.
    for step in range(steps - 1):
        between = slice(ends[step], ends[step + 1])
        np.multiply(parts[between], slices[step + 1] - slices[step], out=sheet[between])
        sheet[between] += slices[step]
    return sheet.reshape(256 * steps, steps, 3)
