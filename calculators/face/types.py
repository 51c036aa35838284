"""What nodes for faces hand each other: detections, rectangles and faces with landmarks."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Detection:
    """A face as the detector finds it; all lengths are parts of the frame's width or height.

    Attributes:
        xmin, ymin: the upper left corner of its box.
        width, height: of the box.
        score: how sure the detector is, in [0, 1].
        keypoints: x, y of some of its points, float32 [n, 2].
    """

    xmin: float
    ymin: float
    width: float
    height: float
    score: float
    keypoints: FloatArray


@dataclass(frozen=True)
class NormalizedRect:
    """A turned rectangle in a frame.

    Attributes:
        x_center, y_center: of the rectangle, parts of the frame's width and height.
        width, height: before it is turned, likewise.
        rotation: radians, clockwise, as x goes right and y down.
        id: of the face it belongs to, if that is followed.
    """

    x_center: float
    y_center: float
    width: float
    height: float
    rotation: float
    id: int | None = None


@dataclass(frozen=True)
class Face:
    """A face.

    Attributes:
        landmarks: iBUG's 68 points, float32 [68, 2], x and y as parts of the frame's width and height; pixel
            centres are at (i + 0.5) / size.
        score: how sure it is that this is a face, in [0, 1].
        id: the same in every frame while the face is followed.
    """

    landmarks: FloatArray
    score: float = 1.0
    id: int | None = None
