"""Rectangles round faces, as pure functions."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from calculators.face.detections import NmsOptions, detection_values, overlaps
from calculators.face.landmark_crop import face_region
from calculators.face.landmark_layout import IBUG_68
from calculators.formats.detection_pb2 import Detection
from calculators.formats.rect_pb2 import NormalizedRect
from calculators.inference.region import Region, Size, region_matrix
from tryon import GraphError


def detection_rect(
    detection: Detection, size: Size, start: int | None = None, end: int | None = None, target: float = 0.0
) -> NormalizedRect:
    """A detection's box as a rectangle that turns with its key points.

    Args:
        detection: with a relative box.
        size: (width, height) of the frame.
        start, end: key points by index; None leaves the rectangle upright.
        target: angle of the vector from start to end in an upright object, in radians, counter-clockwise.

    Raises:
        GraphError: the detection lacks a key point.
    """
    values = detection_values(detection)
    left, top, right, bottom = values[:4].tolist()
    rect = NormalizedRect(
        x_center=(left + right) / 2, y_center=(top + bottom) / 2, width=right - left, height=bottom - top
    )
    if start is not None and end is not None:
        points = values[4:].reshape(-1, 2)
        if max(start, end) >= len(points):
            raise GraphError(
                f"The rotation is measured between key points {start} and {end}; the detection has only "
                f"{len(points)}."
            )
        x, y = ((points[end] - points[start]) * size).tolist()
        rect.rotation = normalized_angle(target - math.atan2(-y, x))
    return rect


def normalized_angle(angle: float) -> float:
    """The same angle in [-pi, pi)."""
    return angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi))


def landmarks_rect(landmarks: NDArray[np.float32], size: Size, id: int | None = None) -> NormalizedRect:
    """The crop in which the landmark network sees a face, see `landmark_crop.face_region`.

    Args:
        landmarks: float32 [68, 2] in shares of the frame.
        size: (width, height) of the frame.
        id: of the face.
    """
    region = face_region(landmarks.astype(np.float64) * size, IBUG_68)
    rect = NormalizedRect(
        x_center=region.center_x / size[0],
        y_center=region.center_y / size[1],
        width=region.width / size[0],
        height=region.height / size[1],
        rotation=region.rotation,
    )
    if id is not None:
        rect.rect_id = id
    return rect


def crop_to_frame(
    points: NDArray[np.float32], rect: NormalizedRect, size: Size, input_size: int
) -> NDArray[np.float32]:
    """Landmarks of a crop in the frame.

    ImageToTensorCalculator puts the middle of the crop's upper left pixel on that of the rectangle's corner;
    half a pixel of the crop and half of one of the frame make up for it.

    Args:
        points: float32 [n, 2] in shares of the crop.
        rect: where ImageToTensorCalculator took the crop.
        size: (width, height) of the frame.
        input_size: side of the crop in pixels.

    Returns:
        float32 [n, 2] in shares of the frame.
    """
    width, height = size
    region = Region(
        rect.x_center * width, rect.y_center * height, rect.width * width, rect.height * height, rect.rotation
    )
    matrix = np.array(region_matrix(region, size)).reshape(4, 4)
    shifted = points.astype(np.float64) - 0.5 / input_size
    moved = shifted @ matrix[:2, :2].T + matrix[:2, 3] + 0.5 / np.array(size)
    return np.asarray(moved, np.float32)


def associate(rects: Iterable[NormalizedRect], min_similarity: float) -> list[NormalizedRect]:
    """Each object once: later rectangles take the place, and the id, of earlier ones that they overlap.

    Args:
        rects: as in the reference their rotation does not count.
        min_similarity: intersection over union from which on two are the same.
    """
    kept: list[NormalizedRect] = []
    for given in rects:
        rect = NormalizedRect()
        rect.CopyFrom(given)
        similar = _similarities(rect, kept) > min_similarity
        for is_same, other in zip(similar, kept, strict=True):
            if is_same and other.HasField("rect_id"):
                rect.rect_id = other.rect_id
        kept = [other for is_same, other in zip(similar, kept, strict=True) if not is_same] + [rect]
    return kept


def _similarities(rect: NormalizedRect, others: Sequence[NormalizedRect]) -> NDArray[np.float64]:
    corners = np.array([_corners(other) for other in others], np.float64).reshape(-1, 4)
    return overlaps(np.array(_corners(rect)), corners, NmsOptions.INTERSECTION_OVER_UNION)


def _corners(rect: NormalizedRect) -> tuple[float, float, float, float]:
    x, y = rect.width / 2, rect.height / 2
    return rect.x_center - x, rect.y_center - y, rect.x_center + x, rect.y_center + y
