"""The nail network's losses on numbers small enough to do by hand."""

import numpy as np
import pytest

from training.losses_nail import (
    DICE_WEIGHT,
    FINGER_WEIGHT,
    WORST,
    cross_entropy,
    dice,
    direction_loss,
    finger_loss,
    level_loss,
    max_pooled_loss,
    weighted_loss,
)

SURE = 50.0


def logits(odds: np.ndarray) -> np.ndarray:
    """Two logits whose difference is `odds`."""
    return np.stack([np.zeros_like(odds), odds], -1).astype(np.float32)


def test_cross_entropy():
    found = cross_entropy(np.float32([[[1, 0, 0.5]]]), logits(np.float32([[[0, 0, 0]]])))
    np.testing.assert_allclose(found, np.full((1, 1, 3), np.log(2)), rtol=1e-6)
    assert float(cross_entropy(np.float32([[[1]]]), logits(np.float32([[[SURE]]])))) == pytest.approx(0)


def test_the_worst_pixels_count_besides_the_mean():
    odds = np.full((1, 10, 10), -SURE, np.float32)
    # A tenth is in doubt, everything else is right.
    odds[0, 0] = 0
    assert WORST == 0.1
    found = max_pooled_loss(np.zeros((1, 10, 10), np.float32), logits(odds))
    # The mean over all is a tenth of that. Dice sees five pixels in the sum where there are none.
    assert float(found) == pytest.approx(1.1 * np.log(2) + DICE_WEIGHT * 5 / 6, rel=1e-5)


def test_equal_losses_all_count():
    found = max_pooled_loss(np.zeros((2, 4, 4), np.float32), logits(np.zeros((2, 4, 4), np.float32)))
    assert float(found) == pytest.approx(2 * np.log(2) + DICE_WEIGHT * 8 / 9, rel=1e-5)


def test_dice_is_nothing_where_all_is_right():
    foreground = np.float32([[[1, 0], [0, 1]]])
    assert float(dice(foreground, logits(SURE * (2 * foreground - 1)))) == pytest.approx(0)
    assert float(dice(foreground, logits(-SURE * (2 * foreground - 1)))) == pytest.approx(1 - 1 / 5)


def test_a_nail_weighs_twenty_pixels():
    odds = np.float32([[[-SURE, 0]]])
    found = weighted_loss(np.float32([[[0, 1]]]), logits(odds))
    assert float(found) == pytest.approx(np.log(2) * 20 / 21, rel=1e-5)


def test_unknown_fingers_do_not_count():
    scores = np.zeros((1, 1, 2, 10), np.float32)
    scores[0, 0, 0, 3] = SURE
    assert float(finger_loss(np.float32([[[3, -1]]]), scores)) == pytest.approx(0)
    assert float(finger_loss(np.float32([[[-1, 3]]]), scores)) == pytest.approx(np.log(10), rel=1e-5)
    assert float(finger_loss(np.float32([[[-1, -1]]]), scores)) == 0


def test_unknown_directions_do_not_count():
    known, unknown = (0.6, 0.8), (0, 0)
    predicted = np.float32([[[(0.6, -0.8), (5, 5)]]])
    assert float(direction_loss(np.float32([[[known, unknown]]]), predicted)) == pytest.approx(
        1.6**2, rel=1e-5
    )
    assert float(direction_loss(np.float32([[[unknown, unknown]]]), predicted)) == 0


def test_a_level_sees_the_mean_foreground_and_the_middle_of_the_rest():
    """One output pixel for four of the target, half of which are nail."""
    target = np.zeros((1, 2, 2, 4), np.float32)
    target[..., 1] = -1
    target[0, 1] = (1, 4, 0, 1)
    found = np.zeros((1, 1, 1, 14), np.float32)
    found[..., 12:] = (0, 1)
    expected = 2 * np.log(2) + DICE_WEIGHT / 4 + FINGER_WEIGHT * np.log(10)
    assert float(level_loss(2)(target, found)) == pytest.approx(expected, rel=1e-5)


def test_the_last_level_is_foreground_alone():
    found = level_loss(1)(np.zeros((1, 2, 2, 4), np.float32), np.zeros((1, 2, 2, 2), np.float32))
    assert float(found) == pytest.approx(2 * np.log(2) + DICE_WEIGHT * 2 / 3, rel=1e-5)
