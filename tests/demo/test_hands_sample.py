import numpy as np
import pytest

from calculators.nails.nail import CLASSES
from demo.hands_sample import sample


@pytest.mark.parametrize("seed", range(8))
def test_sample(seed: int) -> None:
    rgb, instances, fingers, directions = sample(np.random.default_rng(seed), 160)
    assert rgb.shape == (160, 160, 3)
    assert rgb.dtype == np.uint8
    assert instances.shape == (160, 160)
    assert set(np.unique(instances)) - {0} == set(range(1, len(fingers) + 1))
    assert all(0 <= finger < len(CLASSES) for finger in fingers)
    assert directions.shape == (len(fingers), 2)
    assert np.allclose(np.linalg.norm(directions, axis=1), 1, atol=1e-5)
    again = sample(np.random.default_rng(seed), 160)
    assert np.array_equal(rgb, again[0])
    assert np.array_equal(instances, again[1])


def test_variety() -> None:
    pictures = [sample(np.random.default_rng(seed), 96) for seed in range(24)]
    assert {finger for _, _, fingers, _ in pictures for finger in fingers} == set(range(10))
    angles = [np.arctan2(y, x) for *_, directions in pictures for x, y in directions]
    assert len(np.unique(np.floor(np.array(angles) / (np.pi / 4)))) == 8
