"""Losses of the landmarks: exact values on tiny heatmaps."""

from dataclasses import replace

import numpy as np
import pytest
from keras import ops

from calculators.face.landmark_layout import IBUG_68
from models.landmarks import OFFSETS, STEP, cell_centers, offset_centers
from training.losses_landmarks import (
    PEAK_WEIGHT,
    PRESENCE_WEIGHT,
    coarse_loss,
    cross_entropy,
    distances,
    fine_loss,
    gaussians,
    mean_of_faces,
    presence_loss,
    split_target,
)

TWO = replace(IBUG_68, parts={"eyes": (0, 1)}, flip=(1, 0), contour=(), eye_corners=(0, 1), eyes=((0,), (1,)))
"""Two points: the eyes."""

CELLS = 8


def target(*points: tuple[float, float], present: float = 1.0) -> np.ndarray:
    return np.float32([[*np.ravel(points), present]])


def sharp(*cells: int, count: int) -> np.ndarray:
    """Logits that are sure of a cell each."""
    logits = np.full((1, len(cells), count), -30, np.float32)
    for point, cell in enumerate(cells):
        logits[0, point, cell] = 30
    return logits


def test_target_is_split():
    points, present = split_target(target((0.1, 0.2), (0.3, 0.4)))
    np.testing.assert_allclose(points, [[[0.1, 0.2], [0.3, 0.4]]])
    np.testing.assert_allclose(present, [1])


def test_gaussians_are_1_at_the_point_and_fall():
    points = np.float32([[[0.5 / 8, 1.5 / 8]]])
    maps = np.asarray(gaussians(points, cell_centers(CELLS), 1 / CELLS)).reshape(CELLS, CELLS)
    assert maps[1, 0] == pytest.approx(1)
    assert maps[1, 1] == maps[0, 0] == pytest.approx(np.exp(-0.5))
    assert maps[2, 1] == pytest.approx(np.exp(-1))


def test_cells_at_the_point_weigh_more():
    truth, logits = np.float32([[[1, 0, 0, 0]]]), np.zeros((1, 1, 4), np.float32)
    assert float(cross_entropy(truth, logits)[0, 0]) == pytest.approx(np.log(2))
    missed = np.float32([[[-10, -10, -10, -10]]])
    expected = (1 + PEAK_WEIGHT) * 10 / (4 + PEAK_WEIGHT)
    assert float(cross_entropy(truth, missed)[0, 0]) == pytest.approx(expected, rel=1e-3)


def test_distances_are_in_inter_ocular_distances():
    points = np.float32([[[0.2, 0.5], [0.6, 0.5]]])
    found = np.float32([[[0.2, 0.7], [0.6, 0.5]]])
    np.testing.assert_allclose(distances(found, points, TWO), [[0.5, 0]], atol=1e-3)


def test_pictures_without_a_face_do_not_count():
    assert float(mean_of_faces(np.float32([[1, 3], [100, 100]]), np.float32([1, 0]))) == 2
    assert float(mean_of_faces(np.float32([[9, 9]]), np.float32([0]))) == 0


@pytest.mark.parametrize(("heatmap", "distance"), [(1.0, 0.0), (0.0, 4.0), (1.0, 4.0)])
def test_coarse_loss_is_least_at_the_truth(heatmap, distance):
    loss = coarse_loss(TWO, CELLS, heatmap, distance)
    # The centres of cells 9 and 14: (1, 1) and (6, 1).
    truth = target((1.5 / 8, 1.5 / 8), (6.5 / 8, 1.5 / 8))
    right, near, far = (
        float(loss(truth, sharp(*cells, count=CELLS**2) / 3)) for cells in ((9, 14), (10, 14), (12, 14))
    )
    assert right < near
    assert right < far


def test_coarse_loss_of_distances_alone():
    truth = target((1.5 / 8, 1.5 / 8), (6.5 / 8, 1.5 / 8))
    found = sharp(10, 14, count=CELLS**2)
    # One of two points is a cell off; the eyes are five cells apart.
    assert float(coarse_loss(TWO, CELLS, 0.0, 4.0)(truth, found)) == pytest.approx(4 * 0.5 * 0.2, rel=1e-2)


@pytest.mark.parametrize(("column", "row"), [(3, 3), (5, 3), (2, 6)])
def test_fine_loss_adds_the_offset_to_the_coarse_point(column, row):
    """The loss is least where coarse point and offset together are the truth."""
    loss = fine_loss(TWO, CELLS, 1.0, 4.0)
    cell = row * OFFSETS + column
    coarse = np.float32([[[0.4, 0.5], [0.7, 0.5]]])
    points = coarse[0] + offset_centers(CELLS)[cell]
    np.testing.assert_allclose(
        points[0] - coarse[0, 0], np.array([column - 3, row - 3]) * STEP / CELLS, atol=1e-6
    )
    values = {
        other: float(
            loss(target(*points), np.concatenate([coarse, sharp(other, other, count=OFFSETS**2) / 3], -1))
        )
        for other in (cell, (cell + 1) % OFFSETS**2, (cell + OFFSETS) % OFFSETS**2)
    }
    assert min(values, key=values.get) == cell


def test_presence_loss():
    targets = np.concatenate([target((0, 0)), target((0, 0), present=0)])
    assert float(presence_loss(targets, ops.zeros((2, 1)))) == pytest.approx(
        PRESENCE_WEIGHT * np.log(2), rel=1e-4
    )
    assert float(presence_loss(targets, ops.convert_to_tensor([[20.0], [-20.0]]))) < 1e-6
