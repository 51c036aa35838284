"""Geometry of rotated rectangles, as pure functions."""

import math
from typing import TypeVar

import numpy as np

from calculators.formats import rect_pb2
from calculators.landmarks import landmarks_pb2

Rect = TypeVar("Rect", rect_pb2.Rect, rect_pb2.NormalizedRect)
Change = landmarks_pb2.RectTransformationCalculatorOptions


def transform_rect(rect: Rect, change: Change, size: tuple[int, int]) -> Rect:
    """A rectangle moved along its own sides, made a square, and scaled.

    Args:
        rect: in pixels, or in fractions of a picture's width and height.
        change: what to do; MediaPipe's option message, which says what each field does.
        size: (width, height) of the picture; (1, 1) for a rectangle in pixels.

    Returns:
        A new rectangle. As in the reference its rotation is that of `rect`: change.rotation turns only the
        direction of the shift. A rectangle in pixels is cut to whole pixels.
    """
    # In float32, as in the reference: cut to whole pixels, the last bit decides.
    size_x, size_y = np.float32(size[0]), np.float32(size[1])
    width, height = np.float32(rect.width), np.float32(rect.height)
    shift_x, shift_y = np.float32(change.shift_x), np.float32(change.shift_y)
    rotation = rect.rotation + change.rotation + math.radians(change.rotation_degrees)
    cos, sin = np.float32(math.cos(rotation)), np.float32(math.sin(rotation))
    along_x, along_y = size_x * width * shift_x, size_y * height * shift_y
    center_x = np.float32(rect.x_center) + (along_x * cos - along_y * sin) / size_x
    center_y = np.float32(rect.y_center) + (along_x * sin + along_y * cos) / size_y
    if change.square_long or change.square_short:
        side = (max if change.square_long else min)(width * size_x, height * size_y)
        width, height = side / size_x, side / size_y
    width, height = width * np.float32(change.scale_x), height * np.float32(change.scale_y)
    result = type(rect)()
    result.CopyFrom(rect)
    as_field = int if isinstance(rect, rect_pb2.Rect) else float
    result.x_center, result.y_center = as_field(center_x), as_field(center_y)
    result.width, result.height = as_field(width), as_field(height)
    return result
