"""Losses and the quick validation on literals."""

import numpy as np
import pytest

from training.evaluate_masks import Report, evaluate_masks, first_frame
from training.losses import edges, mask_loss


def column(*values: float) -> np.ndarray:
    """One picture of one column: float32 [1, H, 1, 1]."""
    return np.array(values, np.float32).reshape(1, -1, 1, 1)


@pytest.mark.parametrize(
    ("target", "logits", "expected"),
    [
        # Cross-entropy ln 2; Dice (2 * 1 + 1) / (2 + 2 + 1)
        ((1, 1, 0, 0), (0, 0, 0, 0), np.log(2) + 1 - 3 / 5),
        # Right and sure: nothing to lose
        ((1, 1, 0, 0), (50, 50, -50, -50), 0),
        # No hair and none found
        ((0, 0, 0, 0), (-50, -50, -50, -50), 0),
        # Wrong and sure: cross-entropy 20; Dice 1 / (4 + 1)
        ((1, 1, 0, 0), (-20, -20, 20, 20), 20 + 1 - 1 / 5),
    ],
)
def test_mask_loss(target, logits, expected):
    assert float(mask_loss(column(*target), column(*logits))) == pytest.approx(expected, abs=1e-4)


def test_mask_loss_counts_every_picture_the_same():
    good, bad = (column(1, 0), column(50, -50)), (column(1, 0), column(-50, 50))
    both = mask_loss(np.concatenate([good[0], bad[0]]), np.concatenate([good[1], bad[1]]))
    assert float(both) == pytest.approx(float(mask_loss(*bad)) / 2, abs=1e-4)


def test_first_frame():
    frame = first_frame(np.full((8, 4, 3), 51, np.uint8), 2)
    assert frame.shape == (2, 2, 4)
    np.testing.assert_allclose(frame[0, 0], [0.2, 0.2, 0.2, 0], atol=1e-6)


def test_evaluate_masks():
    """A network that calls the left half hair, over three pictures of two sets."""

    def left_half(frames: np.ndarray) -> np.ndarray:
        masks = np.zeros((*frames.shape[:3], 1), np.float32)
        masks[:, :, : frames.shape[2] // 2] = 1
        return masks

    image = np.zeros((8, 8, 3), np.uint8)
    left, every, none = np.zeros((8, 8), np.uint8), np.full((8, 8), 255, np.uint8), np.zeros((8, 8), np.uint8)
    left[:, :4] = 255
    pictures = [("a", image, left), ("a", image, every), ("b", image, none)]
    assert evaluate_masks(left_half, 8, pictures, batch=2) == Report(
        mean_iou=0.5, pooled_iou=64 / 128, pictures=3, per_set={"a": 0.75, "b": 0.0}
    )


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ((0, 0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0, 0)),
        ((0, 0, 0, 1, 1, 1, 1), (0, 1, 1, 1, 1, 0, 0)),
        ((0, 0, 0, 0.5, 0.5, 0.5, 0.5), (0, 0.5, 0.5, 0.5, 0.5, 0, 0)),
    ],
)
def test_edges(target, expected):
    np.testing.assert_allclose(np.asarray(edges(column(*target)))[0, :, 0, 0], expected)


def test_mistakes_at_an_outline_weigh_more():
    """A pixel that is wrong beside the outline, and one that is wrong far from it."""
    target = column(*[0] * 8, *[1] * 8)
    right = 20 * target.ravel() - 10
    near, far = (np.where(np.arange(16) == wrong, 2.0, right) for wrong in (7, 1))
    assert float(mask_loss(target, column(*near))) > float(mask_loss(target, column(*far)))
