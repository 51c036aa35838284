"""Detections, rectangles and faces that are known exactly."""

import numpy as np

from calculators.face.detections import make_detection
from calculators.face.types import Face
from calculators.formats.detection_pb2 import Detection
from calculators.formats.rect_pb2 import NormalizedRect


def detection(
    left: float, top: float, right: float, bottom: float, score: float = 0.9, points=()
) -> Detection:
    return make_detection(np.array([left, top, right, bottom, *points], np.float64), score, 0)


def rect(x: float, y: float, side: float = 0.2, id: int | None = None) -> NormalizedRect:
    return NormalizedRect(x_center=x, y_center=y, width=side, height=side, rect_id=id)


def shape() -> np.ndarray:
    """68 points in a square of side 1 about 0, of which only the box and the eye corners mean something."""
    angles = np.arange(68) * 2 * np.pi / 68
    points = np.stack([np.cos(angles), np.sin(angles)], -1) / 2
    points[36], points[45] = (-0.3, -0.1), (0.3, -0.1)
    return points


def face(
    x: float,
    y: float,
    side: float,
    angle: float = 0.0,
    size: tuple[int, int] = (640, 480),
    id: int | None = 0,
) -> Face:
    """A face in pixels of a frame."""
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = (side * shape() @ turn + (x, y)) / size
    return Face(points.astype(np.float32), 1.0, id)
