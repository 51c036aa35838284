import numpy as np
import pytest

from calculators.nails.components import find_components, mean_foreground, numbered_anew

# Four parts at 0.5: four pixels, a slanted line of two, one pixel.
FOREGROUND = np.array(
    [
        [0.9, 0.9, 0.0, 0.0, 0.6],
        [0.7, 0.7, 0.4, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.8, 0.0],
        [0.0, 0.0, 0.8, 0.0, 0.0],
    ],
    np.float32,
)


@pytest.mark.parametrize(
    ("threshold", "connectivity", "min_area", "expected"),
    [
        (0.5, 8, 0.0, {1: 4, 2: 1, 3: 2}),
        (0.5, 4, 0.0, {1: 4, 2: 1, 3: 1, 4: 1}),
        (0.5, 8, 0.1, {1: 4, 2: 2}),  # of 20 pixels
        (0.4, 8, 0.0, {1: 7, 2: 1}),  # the weak pixel joins the line to the square
        (0.65, 8, 0.15, {1: 4}),
        (0.95, 8, 0.0, {}),
    ],
)
def test_components(threshold, connectivity, min_area, expected):
    labels = find_components(FOREGROUND, threshold, connectivity, min_area)
    assert labels.dtype == np.int32
    numbers, areas = np.unique(labels[labels > 0], return_counts=True)
    assert dict(zip(numbers.tolist(), areas.tolist(), strict=True)) == expected


def test_mean_foreground():
    labels = find_components(FOREGROUND, 0.5, 8, 0.1)
    assert np.allclose(mean_foreground(labels, FOREGROUND), [0, 0.8, 0.8])
    assert mean_foreground(np.zeros((2, 2), np.int32), FOREGROUND[:2, :2]).size == 0


def test_numbered_anew():
    labels = np.array([[0, 1, 2, 3]], np.int32)
    assert numbered_anew(labels, np.array([False, True, False, True])).tolist() == [[0, 1, 0, 2]]
    assert numbered_anew(labels, np.array([True, True, True, True])) is labels
