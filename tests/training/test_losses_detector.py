import keras
import numpy as np
import pytest

from training.data_detector import COORDS_FROM, COUNTS, HEAT, WEIGHT
from training.losses_detector import box_loss, overlap, score_loss


def target(count: int = 4) -> np.ndarray:
    """One face of half the input in cell (1, 2), its box learned there alone."""
    values = np.zeros((1, count, count, 15), np.float32)
    values[..., COUNTS] = 1
    values[0, 1, 2, [HEAT, WEIGHT]] = 1
    values[0, 1, 2, COORDS_FROM:] = [0.5, -0.5, np.log(0.5), np.log(0.5), *range(8)]
    return values


def logits(value: float, count: int = 4) -> np.ndarray:
    return np.full((1, count, count, 1), value, np.float32)


def test_scores():
    perfect = logits(-20)
    perfect[0, 1, 2] = 20
    assert float(score_loss(target(), perfect)) == pytest.approx(0, abs=1e-6)
    # Each of the 16 cells is a half away, its entropy is that of a coin.
    assert float(score_loss(target(), logits(0))) == pytest.approx(16 * 0.25 * np.log(2), rel=1e-5)


def test_scores_that_do_not_count():
    values = target()
    values[..., COUNTS] = 0
    values[0, 1, 2, COUNTS] = 1
    assert float(score_loss(values, logits(0))) == pytest.approx(0.25 * np.log(2), rel=1e-5)


def test_a_score_beside_the_middle_wants_to_be_lower():
    values = target()
    values[0, 1, 1, HEAT] = 0.6
    scores = keras.Variable(logits(-20))
    best = min(np.linspace(-2, 2, 41), key=lambda v: _at(values, scores, v))
    assert 1 / (1 + np.exp(-best)) == pytest.approx(0.6, abs=0.03)


def _at(values: np.ndarray, scores: keras.Variable, value: float) -> float:
    changed = np.array(scores)
    changed[0, 1, 1], changed[0, 1, 2] = value, 20
    return float(score_loss(values, changed))


def test_boxes():
    values, boxes = target(), np.zeros((1, 4, 4, 12), np.float32)
    boxes[0, 1, 2] = values[0, 1, 2, COORDS_FROM:]
    assert float(box_loss(values, boxes)) == pytest.approx(0, abs=1e-6)
    # Two cells are the face's size: one cell in x is a half of it, its mean with y a quarter; twice, twice.
    # Boxes of 2 x 2 cells that share a half: 2 of 6 cells.
    boxes[0, 1, 2, 0] += 1
    assert float(box_loss(values, boxes)) == pytest.approx(2 * 2 * 0.25 + 2 * (1 - 2 / 6), rel=1e-5)
    boxes[0, 1, 2, 0] -= 1
    boxes[0, 1, 2, 2] += np.log(2)
    assert float(box_loss(values, boxes)) == pytest.approx(2 * np.log(2) / 2 + 2 * 0.5, rel=1e-5)


def test_cells_without_a_face_may_say_anything():
    values, boxes = target(), np.full((1, 4, 4, 12), 1e4, np.float32)
    boxes[0, 1, 2] = values[0, 1, 2, COORDS_FROM:]
    assert float(box_loss(values, boxes)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("ways", "shared"),
    [((0, 0), 1), ((2, 0), 0), ((1, 1), 1 / 7), ((-5, 0), 0)],
)
def test_overlap(ways, shared):
    """Boxes of 2 x 2 of 4 x 4 cells."""
    box = np.log([1, 1, 0.5, 0.5]).astype(np.float32).reshape(1, 1, 1, 4).repeat(4, 2)
    moved = box.copy()
    moved[..., :2] += ways
    np.testing.assert_allclose(overlap(box, moved), np.full((1, 1, 4), shared), atol=1e-6)


@pytest.mark.parametrize("loss", [score_loss, box_loss])
def test_no_face(loss):
    values = np.zeros((1, 4, 4, 15), np.float32)
    values[..., COUNTS] = 1
    boxes = logits(-20) if loss is score_loss else np.ones((1, 4, 4, 12), np.float32)
    assert float(loss(values, boxes)) == pytest.approx(0, abs=1e-6)
