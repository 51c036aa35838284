"""Where the hair begins and ends in a picture, and what is laid out along it."""

from typing import Final

import numpy as np
import numpy.typing as npt

from calculators.hair.intensity import LEAST_HAIR

FloatArray = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

# The part of the hair that may lie beyond either end: stray strands, mistakes of the mask.
BEYOND: Final = 0.01
# The rows that maps along the hair have; whoever uses them scales them to the picture.
ROWS: Final = 256


def hair_extent(mask: FloatArray) -> Numbers | None:
    """Middle, height above it and height below it of the hair; None where there is next to none.

    All in heights of the picture. The middle, a mean over all of the hair, is steady by itself; the ends
    hang on few pixels.

    Args:
        mask: [0, 1], any size.
    """
    rows = np.maximum(mask - 0.5, 0).sum(axis=1, dtype=np.float64)
    total = float(rows.sum())
    if total < 0.5 * LEAST_HAIR * mask.size:
        return None
    places = (np.arange(len(rows)) + 0.5) / len(rows)
    middle = float(rows @ places) / total
    top, bottom = np.interp((BEYOND, 1 - BEYOND), np.cumsum(rows) / total, places)
    return np.array([middle, middle - top, bottom - middle])


def along_hair(middle: float, above: float, below: float) -> FloatArray:
    """How far down the hair each row of the picture is: 0 at the hair's upper end, 1 at the lower one.

    Returns:
        [ROWS, 1], going on beyond the ends.
    """
    rows = (np.arange(ROWS, dtype=np.float32) + 0.5) / ROWS
    return ((rows - (middle - above)) / max(above + below, 1 / ROWS))[:, None]


def transition(down: FloatArray, position: float, softness: float) -> FloatArray:
    """From 0 above to 1 below, a half at `position`, over `softness`, in heights of the hair."""
    return smooth_step((down - position) / max(softness, 0.01) + 0.5)


def root_shadow(down: FloatArray, amount: float, length: float) -> FloatArray:
    """`amount` at the hair's upper end and above, 0 from `length` on."""
    return np.float32(amount) * (1 - smooth_step(down / max(length, 0.01)))


def smooth_step(values: FloatArray) -> FloatArray:
    """From 0 at 0 to 1 at 1, without corners."""
    inside = np.clip(values, 0, 1)
    return np.asarray(inside * inside * (3 - 2 * inside), np.float32)
