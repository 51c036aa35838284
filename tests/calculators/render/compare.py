"""How alike the GPU and the CPU must draw."""

import numpy as np

MOST, MEAN = 2, 0.2


def assert_same(drawn: np.ndarray, expected: np.ndarray) -> None:
    """Pictures on the scale of 0 to 255 that differ by at most MOST grey levels, and MEAN on average."""
    assert drawn.shape == expected.shape
    difference = np.abs(drawn.astype(np.float32) - expected.astype(np.float32))
    assert (difference.max() <= MOST, difference.mean() <= MEAN) == (True, True), (
        f"at most {difference.max():.0f}, on average {difference.mean():.3f}"
    )
