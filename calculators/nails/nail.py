"""What the nodes for nails hand on: one nail of a frame."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FINGERS: Final = ("thumb", "index", "middle", "ring", "little")
# The network's finger classes: first the left hand's, then the right hand's, as their owner calls them.
CLASSES: Final = tuple(f"{hand}_{finger}" for hand in ("left", "right") for finger in FINGERS)


@dataclass(frozen=True)
class Nail:
    """A nail in a frame. A stream of nails carries a list of these, empty where no nail is seen.

    Lengths and places are in pixels of the frame; the middle of the upper left pixel is (0, 0).

    Attributes:
        mask: float32 [height, width] in [0, 1], 1 is nail: a part of the frame, clipped to it.
        left: column of the frame where the mask begins.
        top: row of the frame where the mask begins.
        center: (x, y), the mask's centroid.
        angle: direction from base to tip in radians in (-pi, pi]: 0 points right, pi / 2 down.
        length: of the nail along this direction.
        width: across it.
        finger: index into `CLASSES`; None where the network is in doubt.
        score: in [0, 1], how sure the network is that this is a nail.
        id: stays with a nail from frame to frame; None before `NailTrackingCalculator`.
    """

    mask: NDArray[np.float32]
    left: int
    top: int
    center: tuple[float, float]
    angle: float
    length: float
    width: float
    finger: int | None
    score: float
    id: int | None = None
