"""Pictures of a coat laid on a nail."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from calculators.color.flakes import FloatArray
from calculators.nails.nail import Nail


def warp(levels: Sequence[FloatArray], nail: Nail, lean: float = 0) -> FloatArray:
    """A picture of a coat, laid on a nail: [height, width, channels] like its mask.

    Args:
        levels: the picture, each half as large as the one before.
        nail: where to.
        lean: moves the picture to the nail's right, in half widths.
    """
    length, width = max(nail.length, 1.0), max(nail.width, 1.0)
    picture = levels[level_for(len(levels), levels[0].shape[0] / max(length, width))]
    size = len(picture)
    scales = size / width, size / length
    return sample(picture, nail, scales, (size * (0.5 - lean / 2), size / 2), cv2.BORDER_REPLICATE)


def level_for(count: int, shrinking: float) -> int:
    """The smallest level that is not enlarged."""
    return min(max(math.floor(math.log2(shrinking)), 0), count - 1)


def sample(
    picture: FloatArray, nail: Nail, scales: tuple[float, float], middle: tuple[float, float], border: int
) -> FloatArray:
    """A picture turned with a nail.

    Args:
        picture: [rows, columns, channels]; its rows go from base to tip, its columns to the nail's right.
        nail: where to.
        scales: pixels of the picture for one of the frame, across and along.
        middle: the place in the picture that lies on the nail's centre.
        border: what is beyond the picture.
    """
    cosine, sine = math.cos(nail.angle), math.sin(nail.angle)
    x, y = nail.left - nail.center[0], nail.top - nail.center[1]
    across = -sine * scales[0], cosine * scales[0]
    along = cosine * scales[1], sine * scales[1]
    matrix = np.array(
        [
            [*across, middle[0] - 0.5 + across[0] * x + across[1] * y],
            [*along, middle[1] - 0.5 + along[0] * x + along[1] * y],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, matrix, nail.mask.shape[::-1], flags=flags, borderMode=border))
