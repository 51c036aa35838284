"""Layouts: every point once, mirrored twice is the same, distances between the eyes."""

import numpy as np
import pytest

from calculators.face.landmark_layout import IBUG_68, LAYOUTS


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
class TestEveryLayout:
    def test_parts_hold_every_point_once(self, layout):
        points = [point for part in layout.parts.values() for point in part]
        assert sorted(points) == list(range(layout.count))

    def test_mirrored_twice_is_the_same(self, layout):
        assert [layout.flip[point] for point in layout.flip] == list(range(layout.count))

    def test_a_mirrored_part_is_a_part(self, layout):
        parts = [set(part) for part in layout.parts.values()]
        assert all({layout.flip[point] for point in part} in parts for part in parts)

    def test_eyes_mirror_each_other(self, layout):
        right, left = layout.eyes
        assert {layout.flip[point] for point in right} == set(left)
        assert layout.flip[layout.eye_corners[0]] == layout.eye_corners[1]


def test_ibug_has_51_inner_and_17_contour_points():
    assert (IBUG_68.count, len(IBUG_68.inner), len(IBUG_68.contour)) == (68, 51, 17)
    assert set(IBUG_68.inner) | set(IBUG_68.contour) == set(range(68))


@pytest.mark.parametrize(
    ("point", "mirrored"),
    [(0, 16), (8, 8), (17, 26), (30, 30), (36, 45), (40, 47), (48, 54), (60, 64), (61, 63)],
)
def test_points_that_mirror_each_other(point, mirrored):
    assert IBUG_68.flip[point] == mirrored


def test_distances_between_the_eyes():
    points = np.zeros((68, 2), np.float32)
    points[36:42] = (10, 5)
    points[42:48] = (40, 45)
    points[45] = (46, 45)
    assert IBUG_68.inter_ocular(points) == pytest.approx(np.hypot(36, 40))
    assert IBUG_68.inter_pupil(points) == pytest.approx(np.hypot(31, 40))
