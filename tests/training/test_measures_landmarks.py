"""Errors of landmarks."""

import numpy as np
import pytest

from calculators.face.landmark_layout import IBUG_68
from training.measures_landmarks import FaceErrors, auc, face_errors, summarise, summarise_found


def eyes() -> np.ndarray:
    """The outer eye corners 100 apart, the pupils 60."""
    points = np.zeros((68, 2))
    points[37:42], points[42:48] = (24, 0), (76, 0)
    points[45] = (100, 0)
    return points


def test_errors_are_shares_of_the_eyes_distances():
    truth = eyes()
    found = truth.copy()
    found[list(IBUG_68.contour)] += (3, 4)
    errors = face_errors(truth, found, IBUG_68)
    mean = 5 * 17 / 68
    assert errors == FaceErrors(pytest.approx(mean / 100), pytest.approx(mean / 60), 0.0, pytest.approx(0.05))


@pytest.mark.parametrize(
    ("errors", "expected"),
    [([0.0], 1.0), ([0.08], 0.0), ([1.0], 0.0), ([0.04], 0.5), ([0.0, 0.04, 9.0], 0.5)],
)
def test_area_under_the_curve(errors, expected):
    assert auc(errors) == pytest.approx(expected)


def test_summary_is_in_percent():
    scores = summarise([FaceErrors(e, 2 * e, e / 2, 3 * e) for e in (0.02, 0.04, 0.12)])
    assert scores.faces == 3
    assert scores.inter_ocular == pytest.approx(6)
    assert scores.inter_pupil == pytest.approx(12)
    assert scores.inner == pytest.approx(3)
    assert scores.contour == pytest.approx(18)
    assert scores.median == pytest.approx(4)
    assert scores.failure_rate == pytest.approx(100 / 3)
    assert scores.auc == pytest.approx((0.75 + 0.5) / 3)


def test_a_missed_face_is_a_failed_one():
    found = [FaceErrors(e, e, e, e) for e in (0.02, 0.12)]
    scores = summarise_found([*found, None, None])
    assert (scores.faces, scores.missed) == (4, 2)
    assert scores.inter_ocular == pytest.approx(7)
    assert scores.failure_rate == pytest.approx(75)
    assert scores.auc == pytest.approx(0.75 / 4)


def test_all_faces_missed():
    scores = summarise_found([None])
    assert (scores.faces, scores.missed, scores.inter_ocular, scores.median) == (1, 1, None, None)
    assert (scores.failure_rate, scores.auc) == (100, 0)
