import numpy as np
from google.protobuf import text_format

from calculators.formats import landmark_pb2, rect_pb2
from calculators.landmarks.points import UNIT, points_of, rect_scale, with_points


def landmarks(text, kind=landmark_pb2.NormalizedLandmarkList):
    return text_format.Parse(text, kind())


def test_values():
    """z is on the scale of x."""
    given = landmarks("landmark { x: 0.5 y: 0.25 z: 0.1 visibility: 0.75 } landmark { x: 1 y: 1 }")
    points = points_of(given, (8, 4))
    assert np.allclose(points, [(4, 1, 0.8), (8, 4, 0)])
    moved = with_points(given, points + np.array([(2, 1, 0), (0, 0, 0)]), (8, 4))
    assert (moved.landmark[0].x, moved.landmark[0].y, moved.landmark[0].visibility) == (0.75, 0.5, 0.75)
    assert given.landmark[0].x == 0.5, "the input stays"


def test_world():
    given = landmarks("landmark { x: 3 y: -2 z: 1 presence: 0.5 }", landmark_pb2.LandmarkList)
    assert points_of(given, UNIT).tolist() == [[3, -2, 1]]
    assert with_points(given, points_of(given, UNIT), UNIT) == given


def test_shape():
    assert points_of(landmarks(""), (8, 4)).shape == (0, 3)


def test_rect_scale():
    rect = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=0.5, height=0.25)
    assert rect_scale(rect, (8, 4)) == 2.5
    assert rect_scale(rect_pb2.Rect(x_center=5, y_center=5, width=6, height=2), UNIT) == 4
