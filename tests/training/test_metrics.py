"""Mask measures against values worked out by hand."""

import numpy as np
import pytest

from training.metrics import (
    ROC_BINS,
    Totals,
    auroc,
    boundary_f,
    f1,
    iou,
    outline,
    overlap,
    resize,
    roc_histogram,
    score_picture,
)


def square(left: int, side: int = 10, top: int = 10) -> np.ndarray:
    """A square in a picture of 40 x 40."""
    mask = np.zeros((40, 40), bool)
    mask[top : top + side, left : left + side] = True
    return mask


NONE, ALL = np.zeros((40, 40), bool), np.ones((40, 40), bool)


@pytest.mark.parametrize(
    ("a", "b", "expected_iou", "expected_f1"),
    [
        ([1, 1, 0], [1, 0, 0], 1 / 2, 2 / 3),
        ([1, 0, 0], [0, 0, 1], 0, 0),
        ([1, 1, 1], [1, 1, 1], 1, 1),
        ([0, 0, 0], [0, 0, 0], 1, 1),
        ([0, 0, 1], [0, 0, 0], 0, 0),
        ([1, 1, 1, 0], [0, 1, 1, 1], 2 / 4, 4 / 6),
    ],
)
def test_iou_and_f1(a, b, expected_iou, expected_f1):
    counts = overlap(np.array([a], bool), np.array([b], bool))
    assert iou(*counts) == expected_iou
    assert f1(*counts) == pytest.approx(expected_f1)


def test_outline_is_inside_the_mask_and_not_at_the_edge_of_the_picture():
    mask = np.zeros((4, 5), bool)
    mask[:, 2:] = True
    np.testing.assert_array_equal(outline(mask), [[0, 0, 1, 0, 0]] * 4)
    assert outline(square(10)).sum() == 36


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        (square(10), square(10), 1),
        # Two pixels aside, all 36 pixels of each outline still find some of the other's
        (square(12), square(10), 1),
        # Three aside: 9 in each of the two rows, and 2 below and above them in the side that is inside
        (square(13), square(10), 22 / 36),
        (square(25), square(10), 0),
        (NONE, NONE, 1),
        (ALL, NONE, 1),
        (NONE, square(10), 0),
        (square(10), NONE, 0),
        # Its upper left corner only: precision 1, recall 7 of 36
        (square(10, side=2), square(10), 2 * 7 / (36 + 7)),
    ],
)
def test_boundary_f(found, wanted, expected):
    assert boundary_f(found, wanted) == pytest.approx(expected)
    assert boundary_f(wanted, found) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scores", "target", "expected"),
    [
        ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 1),
        ([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0], 0),
        ([0.5, 0.5], [0, 1], 1 / 2),
        # Pairs in order: 0.3 < 0.4, 0.3 < 0.7, 0.6 < 0.7, not 0.6 < 0.4
        ([0.3, 0.6, 0.4, 0.7], [0, 0, 1, 1], 3 / 4),
        # Sure ones are told apart, too
        ([1e-5, 2e-5, 1 - 2e-5, 1 - 1e-5], [0, 1, 0, 1], 3 / 4),
        ([0, 0, 1, 1], [0, 1, 0, 1], 1 / 2),
        ([0.2, 0.3], [1, 1], None),
        ([0.2, 0.3], [0, 0], None),
    ],
)
def test_auroc(scores, target, expected):
    found = auroc(roc_histogram(np.array(scores, np.float32), np.array(target, bool)))
    assert found == (expected if expected is None else pytest.approx(expected))


def test_auroc_is_near_the_direct_formula():
    rng = np.random.default_rng(7)
    target = rng.random(2000) < 0.3
    scores = 1 / (1 + np.exp(-rng.normal(3 * target - 2, 2))).astype(np.float32)
    pairs = np.sign(scores[target][:, None] - scores[~target][None])
    histogram = roc_histogram(scores, target)
    assert histogram.shape == (2, ROC_BINS)
    assert histogram.sum(axis=1).tolist() == [(~target).sum(), target.sum()]
    assert auroc(histogram) == pytest.approx((1 + pairs.mean()) / 2, abs=1e-4)


def test_totals():
    """A picture that is right, and one of half the truth: 2 of 4 pixels."""
    truth = np.array([[1, 1, 0], [1, 1, 0]], bool)
    half = np.array([[1, 1, 0], [0, 0, 0]], bool)
    totals = Totals()
    for found in (truth, half):
        totals.add(score_picture(found, truth, roc_histogram(found.astype(np.float32), truth)))
    scores = totals.scores()
    assert (scores.pictures, scores.mean_iou, scores.pooled_iou) == (2, 0.75, 6 / 8)
    assert scores.f1 == pytest.approx((1 + 2 * 2 / (2 + 4)) / 2)
    # 8 True pixels, 6 of them scored 1; all 4 False ones scored 0.
    assert scores.auroc == pytest.approx((6 + 2 / 2) / 8)


def test_resize_averages_when_shrinking_and_interpolates_else():
    stripes = np.tile(np.array([0, 200], np.uint8), (4, 2))
    np.testing.assert_array_equal(resize(stripes, 2, 2), [[100, 100], [100, 100]])
    np.testing.assert_array_equal(resize(stripes[:1, :2], 4, 1), [[0, 50, 150, 200]])
