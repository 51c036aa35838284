"""The measures of nails against values worked out by hand."""

from dataclasses import replace
from math import cos, pi, radians, sin

import numpy as np
import pytest

from calculators.nails.nail import Nail
from training.data_nails import NailLabel
from training.evaluate_nail_score import (
    NOTABLE,
    Match,
    SizeScores,
    direction_error,
    match_nails,
    nail_mask,
    scaled_side,
    score_nails,
    size_of,
    summarise,
    turn,
)

SIDE = 352
"""Of the pictures: their pixels are those that sizes of nails are given in."""


def nail(left: int, top: int, width: int, height: int, angle: float = 0, finger: int | None = None) -> Nail:
    """A rectangle, all of it nail."""
    center = (left + (width - 1) / 2, top + (height - 1) / 2)
    mask = np.ones((height, width), np.float32)
    return Nail(mask, left, top, center, angle, max(width, height), min(width, height), finger, 1.0)


def truth(*places: tuple[int, int, int, int], side: int = SIDE) -> np.ndarray:
    """Instances 1, 2, ... of rectangles (left, top, width, height)."""
    instances = np.zeros((side, side), np.int32)
    for number, (left, top, width, height) in enumerate(places, 1):
        instances[top : top + height, left : left + width] = number
    return instances


ONE, TWO = (10, 10, 20, 10), (50, 10, 20, 10)
"""Two nails, 200 pixels each."""


@pytest.mark.parametrize(
    ("places", "found", "expected"),
    [
        ([ONE, TWO], [TWO, ONE], [(1, 1, 1.0), (2, 0, 1.0)]),
        ([ONE, TWO], [ONE], [(1, 0, 1.0)]),
        ([], [ONE], []),
        ([ONE], [], []),
        # Half of it, and less than half
        ([ONE], [(10, 10, 10, 10)], [(1, 0, 0.5)]),
        ([ONE], [(10, 10, 9, 10)], []),
        # Split in two: the larger part counts
        ([ONE], [(10, 10, 7, 10), (17, 10, 13, 10)], [(1, 1, 0.65)]),
        # Split in the middle: one of the halves, not both
        ([ONE], [(10, 10, 10, 10), (20, 10, 10, 10)], [(1, 0, 0.5)]),
        # Two in one, one of them much larger: 200 of 240
        ([ONE, (30, 10, 4, 10)], [(10, 10, 24, 10)], [(1, 0, 200 / 240)]),
        # Twice the same: one is enough
        ([ONE], [ONE, ONE], [(1, 0, 1.0)]),
        # The first is the best for both: each gets the one that leaves the other one
        ([(0, 0, 10, 10), (0, 10, 10, 8)], [(0, 0, 10, 10), (0, 2, 10, 16)], [(1, 0, 1.0), (2, 1, 0.5)]),
    ],
)
def test_match_nails(places, found, expected):
    matches = match_nails(truth(*places), [nail(*place) for place in found])
    assert matches == [Match(number, index, pytest.approx(iou)) for number, index, iou in expected]


def test_values_of_instances_may_have_gaps():
    instances = np.where(truth(ONE, TWO) == 2, 700, truth(ONE, TWO))
    assert [match.number for match in match_nails(instances, [nail(*TWO), nail(*ONE)])] == [1, 700]


def test_only_what_is_half_sure_belongs_to_a_nail():
    unsure = nail(*ONE)
    unsure.mask[:, :10] = 0.499
    assert match_nails(truth(ONE), [unsure]) == [Match(1, 0, 0.5)]


def test_nail_mask_takes_the_greatest():
    nails = [replace(nail(0, 0, 2, 1), mask=np.float32([[0.2, 0.8]])), replace(nail(1, 0, 1, 1))]
    nails[1].mask[:] = 0.5
    np.testing.assert_array_equal(nail_mask(nails, 1, 3), np.float32([[0.2, 0.8, 0]]))
    assert not nail_mask([], 4, 5).any()


@pytest.mark.parametrize(
    ("angle", "direction", "expected"),
    [
        (0, (1, 0), 0),
        (pi / 2, (0, 1), 0),
        (radians(179), (cos(radians(-179)), sin(radians(-179))), 2),
        (radians(-170), (-1, 0), 10),
        (pi, (1, 0), 180),
        (0, (0, -1), 90),
    ],
)
def test_direction_error_goes_round(angle, direction, expected):
    assert direction_error(angle, direction) == pytest.approx(expected)


def test_an_unknown_direction_has_no_error():
    assert direction_error(1, None) is None


@pytest.mark.parametrize(("angle", "expected"), [(0, 0), (3 * pi / 2, -pi / 2), (-5 * pi / 2, -pi / 2)])
def test_turn(angle, expected):
    assert turn(angle) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("side", "expected"), [(0, "small"), (15.9, "small"), (16, "medium"), (31.9, "medium"), (32, "large")]
)
def test_size_of(side, expected):
    assert size_of(side) == expected


def test_sizes_are_those_in_a_picture_of_352_pixels():
    assert scaled_side(400, (704, 300)) == 10


def test_a_picture():
    """One right, one missed, one invented: 200 of 200, 0 of 200, 100 too many."""
    picture = score_nails("a", truth(ONE, TWO), [nail(*ONE), nail(100, 100, 10, 10)], {})
    assert (picture.name, picture.pixels) == ("a", SIDE * SIDE)
    assert (picture.intersection, picture.union) == (200, 500)
    assert picture.nail_iou == 0.4
    background = (SIDE * SIDE - 500) / (SIDE * SIDE - 200)
    assert picture.binary_iou == pytest.approx((0.4 + background) / 2)
    # Outlines of 56, 56 and 36 pixels
    assert picture.boundary_f == pytest.approx(2 * (56 / 92) * (56 / 112) / (56 / 92 + 56 / 112))
    assert [score.iou for score in picture.nails] == [1, None]
    assert picture.nails[0].side == pytest.approx(200**0.5)
    assert picture.false_sides == [10]


def scored(instances, nails, labels=None):
    return summarise([score_nails("one", instances, nails, labels or {})])


def test_a_split_nail_costs_precision_and_merged_ones_cost_recall():
    scores = scored(truth(ONE), [nail(10, 10, 7, 10), nail(17, 10, 13, 10)])
    assert (scores.nail_iou, scores.recall, scores.precision, scores.matched_iou) == (1, 1, 0.5, 0.65)
    scores = scored(truth((0, 0, 10, 10), (10, 0, 10, 10)), [nail(0, 0, 20, 10)])
    assert (scores.nail_iou, scores.recall, scores.precision) == (1, 0.5, 1)


def test_pixels_are_pooled_and_pictures_averaged():
    """A quarter of 200 pixels in a small picture, and all of 200 in a large one."""
    small = score_nails("small", truth(ONE, side=40), [nail(10, 10, 5, 10)], {})
    large = score_nails("large", truth(ONE), [nail(*ONE)], {})
    scores = summarise([small, large])
    assert scores.nail_iou == 250 / 400
    assert scores.nail_iou_pictures == (0.25 + 1) / 2
    background = (1600 - 200) / (1600 - 50)
    pooled = (1600 + SIDE**2 - 400) / (1600 + SIDE**2 - 250)
    assert scores.binary_iou == pytest.approx((250 / 400 + pooled) / 2)
    assert scores.binary_iou_pictures == pytest.approx(((0.25 + background) / 2 + 1) / 2)
    assert (scores.pictures, scores.nails, scores.recall) == (2, 2, 0.5)


def test_pictures_without_nails():
    """Nothing seen; a speck; a nail of 10 x 10: seen is the last, 103 pixels are painted."""
    empty = truth()
    pictures = [
        score_nails("right", empty, [], {}),
        score_nails("speck", empty, [nail(5, 5, 3, 1)], {}),
        score_nails("wrong", empty, [nail(5, 5, 10, 10)], {}),
        score_nails("other", truth(ONE), [nail(*ONE), nail(200, 5, 50, 50)], {}),
    ]
    assert [picture.nail_iou for picture in pictures[:3]] == [1, 0, 0]
    assert pictures[1].false_sides[0] < NOTABLE
    scores = summarise(pictures)
    assert (scores.empty_pictures, scores.false_pictures) == (3, pytest.approx(1 / 3))
    assert scores.false_pixels == pytest.approx(103 / (3 * SIDE * SIDE))
    assert scores.precision == 1 / 4


def test_what_there_is_nothing_of_is_none():
    scores = scored(truth(), [])
    assert (scores.binary_iou, scores.nail_iou, scores.boundary_f, scores.false_pictures) == (1, 1, 1, 0)
    for name in ("recall", "precision", "matched_iou", "direction_median", "finger_accuracy"):
        assert getattr(scores, name) is None
    assert scores.sizes["small"] == SizeScores(0, None, None)
    assert scored(truth(ONE), []).false_pictures is None
    assert scored(truth(ONE), []).precision is None


def test_sizes():
    """Sides 10, 20 and 40; the medium one is found by 7 in 10."""
    places = (0, 0, 10, 10), (20, 0, 20, 20), (60, 0, 40, 40)
    scores = scored(truth(*places), [nail(20, 0, 14, 20), nail(60, 0, 40, 40)])
    assert scores.sizes == {
        "small": SizeScores(1, 0, None),
        "medium": SizeScores(1, 1, 0.7),
        "large": SizeScores(1, 1, 1),
    }


HAND = [(30 * finger, 0, 20, 20) for finger in range(7)]
"""Nails 1 to 5 are of a left hand, from the thumb on; 6 and 7 are thumb and index finger of a right one."""
LABELS = {number: NailLabel(number - 1, (1.0, 0.0)) for number in range(1, 8)}


def test_fingers_and_directions():
    found = [0, 1, 7, None, 4, 0, 6]
    angles = [0, radians(2), radians(-4), radians(6), radians(8), radians(10), pi]
    nails = [nail(*place, angle, finger) for place, angle, finger in zip(HAND, angles, found, strict=True)]
    scores = scored(truth(*HAND), nails, LABELS)
    assert scores.direction_nails == 7
    assert scores.direction_median == pytest.approx(6)
    # Between the sixth, 10, and the seventh, 180, at 0.9 * 6 = 5.4
    assert scores.direction_p90 == pytest.approx(10 + 0.4 * 170)
    assert (scores.finger_nails, scores.whole_hand_nails) == (7, 5)
    # Right are nails 1, 2, 5 and 7; of either hand 3 and 6, too; nail 4 is in doubt.
    assert scores.finger_accuracy == pytest.approx(4 / 7)
    assert scores.finger_accuracy_any_hand == pytest.approx(6 / 7)
    assert scores.whole_hand_accuracy == pytest.approx(3 / 5)
    assert scores.whole_hand_accuracy_any_hand == pytest.approx(4 / 5)


def test_only_matched_nails_with_labels_count_for_fingers_and_directions():
    """Nail 1 is missed, 2 is not labelled, 3 has no direction, 4 no finger: the hand is not whole."""
    labels = {1: LABELS[1], 3: NailLabel(2, None), 4: NailLabel(None, (0.0, 1.0)), 5: LABELS[5]}
    nails = [nail(*place, pi / 2, finger) for finger, place in enumerate(HAND[:5]) if finger]
    scores = scored(truth(*HAND[:5]), nails, labels)
    assert (scores.direction_nails, scores.direction_median) == (2, pytest.approx(45))
    assert (scores.finger_nails, scores.finger_accuracy) == (2, 1)
    assert (scores.whole_hand_nails, scores.whole_hand_accuracy) == (0, None)


def test_a_whole_hand_counts_also_where_one_of_its_nails_is_missed():
    nails = [nail(*place, 0, finger) for finger, place in enumerate(HAND[:4])]
    scores = scored(truth(*HAND[:5]), nails, {number: LABELS[number] for number in range(1, 6)})
    assert (scores.whole_hand_nails, scores.whole_hand_accuracy) == (4, 1)
