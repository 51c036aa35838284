"""What the nodes for faces hand on.

Detections and rectangles are MediaPipe's messages (`calculators.formats`), so that the stock nodes take them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Face:
    """A face in a frame. A stream of faces carries a list of these, empty where no face is seen.

    Attributes:
        landmarks: float32 [68, 2], iBUG's points (300-W): x, y in shares of the frame's width and height;
            the middle of pixel i is at (i + 0.5) / size.
        score: in [0, 1], how sure the network is that this is a face.
        id: stays with a face from frame to frame; None where nobody follows it.
    """

    landmarks: NDArray[np.float32]
    score: float
    id: int | None = None
