import numpy as np
import pytest

from calculators.nails.instances import centroid, enlarged_mask, extent, nail_logits, ramp
from tests.calculators.nails.ellipses import Ellipse, network_maps


def logits_of(nail: Ellipse, size: tuple[int, int]) -> np.ndarray:
    foreground, _, _ = network_maps([nail], size)
    labels = (foreground >= 0.5).astype(np.int32)
    return nail_logits(foreground, labels, 1, (0, 0, size[1], size[0]), 0.5)[0]


def test_ramp():
    values = np.array([-9, -2, -1, 0, 1, 2, 9], np.float32)
    assert ramp(values).tolist() == [0, 0, 0.25, 0.5, 0.75, 1, 1]
    assert ramp(values, 2).tolist() == [0, 0, 0, 0.5, 1, 1, 1]


@pytest.mark.parametrize("angle", [0.0, 0.5, -1.3, 3.0])
@pytest.mark.parametrize(("length", "width"), [(30, 18), (12.4, 9.3), (20, 31.7)])
def test_extent(length, width, angle):
    found = extent(logits_of(Ellipse(30.3, 29.6, angle, length, width), (60, 60)), angle)
    assert found == (pytest.approx(length, abs=0.3), pytest.approx(width, abs=0.3))


def test_threshold_moves_the_edge():
    nail = Ellipse(30, 30, 0, 30, 20)
    foreground, _, _ = network_maps([nail], (60, 60), sharpness=1.0)
    labels = (foreground >= 0.3).astype(np.int32)
    box = (0, 0, 60, 60)
    small, large = (nail_logits(foreground, labels, 1, box, threshold)[0] for threshold in (0.7, 0.3))
    # With a slope of 1 a logit of 0.85 is 0.85 pixels, at either end.
    assert extent(large, 0.0)[0] - extent(small, 0.0)[0] == pytest.approx(4 * 0.847, abs=0.3)


@pytest.mark.parametrize("threshold", [0.005, 0.02, 0.98, 0.995])
def test_thresholds_far_from_a_half(threshold):
    nail = Ellipse(30, 30, 0, 30, 20)
    foreground, _, _ = network_maps([nail], (60, 60), sharpness=1.0)
    labels = (foreground >= threshold).astype(np.int32)
    logits, _, _ = nail_logits(foreground, labels, 1, (0, 0, 60, 60), threshold)
    assert extent(logits, 0.0)[0] == pytest.approx(30 - 2 * np.log(threshold / (1 - threshold)), abs=0.3)


def test_other_nails_and_what_is_far_away_are_left_out():
    foreground = np.full((20, 30), 0.9, np.float32)
    labels = np.zeros((20, 30), np.int32)
    labels[5:15, 5:12], labels[5:15, 12:20] = 1, 2
    logits, x, y = nail_logits(foreground, labels, 1, (5, 5, 7, 10), 0.5)
    assert (x, y, logits.shape) == (2, 2, (16, 13))
    inside = np.zeros((20, 30), bool)
    inside[2:18, 2:15] = logits > 0
    assert inside[5:15, 5:12].all()
    assert not inside[5:15, 12:].any()
    assert inside.sum() < 13 * 12


@pytest.mark.parametrize(
    ("map_size", "frame_size"),
    [((88, 66), (160, 120)), ((88, 66), (88, 66)), ((88, 66), (44, 33)), ((62, 110), (124, 220))],
)
def test_enlarged(map_size, frame_size):
    """The nail is where the network saw it: a map's pixel i is the frame's pixel i * scale."""
    nail = Ellipse(28.3, 40.8, 0.7, 26, 19)
    logits = logits_of(nail, map_size[::-1])[10:, 5:]
    mask, left, top = enlarged_mask(logits, 5, 10, map_size, frame_size)
    scale = frame_size[0] / map_size[0]
    x, y = centroid(mask)
    assert (left + x, top + y) == (
        pytest.approx(28.3 * scale, abs=0.05),
        pytest.approx(40.8 * scale, abs=0.05),
    )
    assert mask.dtype == np.float32
    assert mask.sum() == pytest.approx(np.pi / 4 * 26 * 19 * scale**2, rel=0.03)
    assert 0 == mask.min() < mask.max() == 1


def test_the_edge_is_soft_and_no_wider_than_in_the_map():
    logits = logits_of(Ellipse(30, 30, 0, 30, 20), (60, 60))
    mask, left, top = enlarged_mask(logits, 0, 0, (60, 60), (240, 240))
    row = mask[120 - top]
    between = np.count_nonzero((row > 0) & (row < 1))
    assert 2 <= between <= 8  # both edges together
    assert np.all(np.diff(row[: 120 - left]) >= 0)


@pytest.mark.parametrize(("x", "y"), [(0, 30), (59, 30), (30, 0), (30, 59), (0, 0), (59, 59)])
def test_masks_at_the_border_reach_it(x, y):
    logits = logits_of(Ellipse(x, y, 0, 20, 20), (60, 60))
    mask, left, top = enlarged_mask(logits, 0, 0, (60, 60), (110, 110))
    frame = np.zeros((110, 110), np.float32)
    frame[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
    column, row = (round(place * 109 / 59) for place in (x, y))
    assert frame[row, column] == 1


def test_centroid():
    mask = np.zeros((3, 5), np.float32)
    assert centroid(mask) is None
    mask[1, 1], mask[1, 3] = 1, 0.5
    assert centroid(mask) == (pytest.approx(5 / 3), pytest.approx(1))
