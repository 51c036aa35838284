import numpy as np
import pytest

from calculators.hair.extent import ROWS, along_hair, hair_extent, root_shadow, transition

STEPS = np.linspace(-0.5, 1.5, 201, dtype=np.float32)[:, None]


def hair(top: float, bottom: float, size: int = 200) -> np.ndarray:
    mask = np.zeros((size, size // 2), np.float32)
    mask[round(top * size) : round(bottom * size), 10:30] = 1
    return mask


def test_extent():
    middle, above, below = hair_extent(hair(0.2, 0.6))
    assert middle == pytest.approx(0.4)
    assert (middle - above, middle + below) == pytest.approx((0.2, 0.6), abs=0.01)


def test_stray_hair_does_not_count():
    mask = hair(0.2, 0.6)
    mask[180, 20] = 1
    assert hair_extent(mask) == pytest.approx(hair_extent(hair(0.2, 0.6)), abs=0.01)


def test_no_hair():
    assert hair_extent(np.zeros((20, 20), np.float32)) is None
    assert hair_extent(np.full((20, 20), 0.5, np.float32)) is None


def test_along_hair():
    down = along_hair(0.4, 0.2, 0.2)
    assert down.shape == (ROWS, 1)
    places = (np.arange(ROWS) + 0.5) / ROWS
    assert np.interp([0.2, 0.4, 0.6], places, down[:, 0]) == pytest.approx([0, 0.5, 1], abs=1e-6)


@pytest.mark.parametrize("softness", [0, 0.3, 1])
def test_transition(softness):
    share = transition(STEPS, 0.6, softness)[:, 0]
    assert (np.diff(share) >= 0).all()
    assert np.interp(0.6, STEPS[:, 0], share) == pytest.approx(0.5, abs=0.01)
    assert share[STEPS[:, 0] < 0.59 - softness / 2].max() == 0
    assert share[STEPS[:, 0] > 0.61 + softness / 2].min() == 1


@pytest.mark.parametrize("length", [0, 0.3, 1])
def test_root_shadow(length):
    shadow = root_shadow(STEPS, 0.7, length)[:, 0]
    assert (np.diff(shadow) <= 0).all()
    assert shadow[STEPS[:, 0] <= 0] == pytest.approx(0.7)
    assert shadow[STEPS[:, 0] > max(length, 0.01)].max() == 0
