import math

import pytest
from google.protobuf import text_format

from calculators.formats import rect_pb2
from calculators.landmarks import landmarks_pb2
from calculators.landmarks.rect import transform_rect


def transform(rect, options, size=(1, 1)):
    change = text_format.Parse(options, landmarks_pb2.RectTransformationCalculatorOptions())
    return transform_rect(rect, change, size)


def pixels(rect):
    return rect.x_center, rect.y_center, rect.width, rect.height


RECT = rect_pb2.Rect(x_center=50, y_center=40, width=20, height=30)
TURNED = rect_pb2.Rect(x_center=50, y_center=40, width=20, height=30, rotation=math.pi / 2, rect_id=3)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", (50, 40, 20, 30)),
        ("scale_x: 2 scale_y: 0.5", (50, 40, 40, 15)),
        ("scale_y: 2.6", (50, 40, 20, 78)),
        ("shift_x: 0.5 shift_y: -1", (60, 10, 20, 30)),
        ("square_long: true", (50, 40, 30, 30)),
        ("square_short: true scale_x: 2", (50, 40, 40, 20)),
        ("rotation_degrees: 180 shift_x: 0.5", (40, 40, 20, 30)),
        ("rotation: 3.1415927 shift_x: 0.5", (40, 40, 20, 30)),
    ],
)
def test_values(options, expected):
    assert pixels(transform(RECT, options)) == expected


def test_shift_is_along_the_rectangle():
    moved = transform(TURNED, "shift_x: 0.5 shift_y: 1")
    assert pixels(moved) == (20, 50, 20, 30)
    assert (moved.rotation, moved.rect_id) == (TURNED.rotation, 3)


def test_rotation_stays():
    """As in the reference, the option turns the shift and not the rectangle."""
    assert transform(TURNED, "rotation_degrees: 45").rotation == TURNED.rotation


def test_squares_are_square_in_pixels():
    rect = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=0.5, height=0.5)
    assert pixels(transform(rect, "square_long: true", (40, 20))) == (0.5, 0.5, 0.5, 1)
    assert pixels(transform(rect, "square_short: true", (40, 20))) == (0.5, 0.5, 0.25, 0.5)


def test_pixels_are_cut():
    rect = rect_pb2.Rect(x_center=-3, y_center=9, width=5, height=5)
    assert pixels(transform(rect, "shift_x: 0.3 shift_y: 0.3 scale_x: 0.7")) == (-1, 10, 3, 5)
