"""Pictures of a coat laid on a nail."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calculators.color.flakes import ROWS, STEP, WIDTH, Flakes, FloatArray
from calculators.nails.nail import Nail


@dataclass(frozen=True)
class Laid:
    """A picture of a coat as it lies on a nail.

    Attributes:
        picture: [rows, columns, channels]; its rows go from base to tip, its columns to the nail's right.
        matrix: [2, 3], from columns and rows of the nail's mask to those of the picture.
        wraps: beyond the picture it begins anew; else its border goes on.
    """

    picture: FloatArray
    matrix: npt.NDArray[np.float64]
    wraps: bool = False

    def sampled(self, nail: Nail) -> FloatArray:
        """What of it is on the nail, [height, width, channels] like its mask."""
        border = cv2.BORDER_WRAP if self.wraps else cv2.BORDER_REPLICATE
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = nail.mask.shape[::-1]
        return np.asarray(cv2.warpAffine(self.picture, self.matrix, size, flags=flags, borderMode=border))


def lay(levels: Sequence[FloatArray], nail: Nail, lean: float = 0) -> Laid:
    """Lays a picture of a coat on a nail.

    Args:
        levels: the picture, each half as large as the one before.
        nail: where to.
        lean: moves the picture to the nail's right, in half widths.
    """
    length, width = max(nail.length, 1.0), max(nail.width, 1.0)
    picture = levels[level_for(len(levels), levels[0].shape[0] / max(length, width))]
    size = len(picture)
    scales = size / width, size / length
    return Laid(picture, turned(nail, scales, (size * (0.5 - lean / 2), size / 2)))


def lay_flakes(flakes: Flakes, nail: Nail) -> Laid:
    """Lays the field of particles on a nail, on each nail another part of it."""
    width = max(nail.width, 1.0)
    level = level_for(len(flakes.levels), WIDTH / width)
    scale = (WIDTH >> level) / width
    number = nail.id or 0
    middle = (
        (WIDTH / 2 + STEP[0] * number) % WIDTH / 2**level,
        (ROWS / 2 + STEP[1] * number) % ROWS / 2**level,
    )
    return Laid(flakes.levels[level], turned(nail, (scale, scale), middle), wraps=True)


def level_for(count: int, shrinking: float) -> int:
    """The smallest level that is not enlarged."""
    return min(max(math.floor(math.log2(shrinking)), 0), count - 1)


def turned(nail: Nail, scales: tuple[float, float], middle: tuple[float, float]) -> npt.NDArray[np.float64]:
    """The matrix of a picture that turns with a nail.

    Args:
        nail: where it lies.
        scales: pixels of the picture for one of the frame, across and along.
        middle: the place in the picture that lies on the nail's centre.
    """
    cosine, sine = math.cos(nail.angle), math.sin(nail.angle)
    x, y = nail.left - nail.center[0], nail.top - nail.center[1]
    across = -sine * scales[0], cosine * scales[0]
    along = cosine * scales[1], sine * scales[1]
    return np.array(
        [
            [*across, middle[0] - 0.5 + across[0] * x + across[1] * y],
            [*along, middle[1] - 0.5 + along[0] * x + along[1] * y],
        ]
    )
