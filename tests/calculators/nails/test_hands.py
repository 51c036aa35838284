import numpy as np
import pytest

from calculators.nails.hands import find_hands, places_and_sizes

UP = -np.pi / 2


def hands(centers: list[tuple[float, float]], angles: list[float], size: float = 10.0) -> list[list[int]]:
    found = find_hands(np.reshape(centers, (-1, 2)), np.full(len(centers), size), np.array(angles))
    assert sorted(nail for hand in found for nail in hand) == list(range(len(centers)))
    return sorted(sorted(hand) for hand in found)


def row(count: int, x: float = 0.0, step: float = 25.0) -> list[tuple[float, float]]:
    return [(x + step * i, 0.0) for i in range(count)]


@pytest.mark.parametrize(
    ("centers", "angles", "expected"),
    [
        ([], [], []),
        ([(3, 4)], [1], [[0]]),
        (row(5), [UP] * 5, [[0, 1, 2, 3, 4]]),
        # Too far away, and twenty times closer.
        ([(0, 0), (300, 0)], [UP] * 2, [[0], [1]]),
        ([(0, 0), (15, 0)], [UP] * 2, [[0, 1]]),
        # A spread thumb, which points sideways.
        ([*row(4), (-60, 50)], [UP, UP, UP, UP, -3.0], [[0, 1, 2, 3, 4]]),
        # Two hands, between which the way is longer, or as long, but they point at each other.
        (row(5) + row(5, 150), [UP] * 10, [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]),
        (
            [(25 * i, 25 * j) for j in (0, 1) for i in range(4)],
            [-UP] * 4 + [UP] * 4,
            [[0, 1, 2, 3], [4, 5, 6, 7]],
        ),
    ],
)
def test_hands(centers, angles, expected):
    assert hands(centers, angles) == expected


def test_thumbs_side_by_side():
    """They are nearer to each other than to their hands."""
    centers = [*row(4), (110, 60), (150, 60), *row(4, 185)]
    assert hands(centers, [UP] * 10) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_the_unit_does_not_matter():
    centers = [*row(5), *row(4, 400)]
    far = [(10 * x, 10 * y) for x, y in centers]
    assert hands(centers, [UP] * 9) == hands(far, [UP] * 9, 100.0) == [[0, 1, 2, 3, 4], [5, 6, 7, 8]]


def test_eleven_nails_in_a_heap():
    assert all(len(hand) <= 5 for hand in hands(row(11, step=12.0), [UP] * 11))


def test_places_and_sizes():
    labels = np.zeros((6, 9), np.int32)
    labels[1:3, 2:4], labels[4, 5:9] = 2, 1
    centers, sizes = places_and_sizes(labels, 2)
    assert centers.tolist() == [[6.5, 4], [2.5, 1.5]]
    assert sizes.tolist() == [2, 2]
    centers, sizes = places_and_sizes(np.zeros((2, 2), np.int32), 0)
    assert (centers.shape, sizes.shape) == ((0, 2), (0,))
