"""Landmark and rectangle messages as arrays of pixels and back, as pure functions."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from calculators.formats import landmark_pb2, rect_pb2

Points = NDArray[np.float64]
"""[n, 3]: x, y, z in pixels, or in the world's units."""
Size = tuple[int, int]
"""(width, height)."""
LandmarkList = TypeVar("LandmarkList", landmark_pb2.LandmarkList, landmark_pb2.NormalizedLandmarkList)

UNIT: Size = (1, 1)
"""The size for points and rectangles that are not normalised."""


def points_of(landmarks: LandmarkList, size: Size) -> Points:
    """The points in pixels; z is on the scale of x."""
    points = np.array([(point.x, point.y, point.z) for point in landmarks.landmark], np.float64)
    return points.reshape(-1, 3) * (size[0], size[1], size[0])


def with_points(landmarks: LandmarkList, points: Points, size: Size) -> LandmarkList:
    """A copy whose points are where `points` says; visibility and presence stay."""
    result = type(landmarks)()
    result.CopyFrom(landmarks)
    scaled = (points / (size[0], size[1], size[0])).tolist()
    for landmark, (x, y, z) in zip(result.landmark, scaled, strict=True):
        landmark.x, landmark.y, landmark.z = x, y, z
    return result


def rect_scale(rect: rect_pb2.Rect | rect_pb2.NormalizedRect, size: Size) -> float:
    """How large a rectangle is: the mean of its width and height in pixels."""
    return (rect.width * size[0] + rect.height * size[1]) / 2
