import numpy as np
import pytest

from calculators.nails.hand_shape import FEATURES, MIRROR, choices, features, guesses, log_densities

UP = -np.pi / 2
PLACES = np.array([(0, 40), (30, 0), (60, 0)], float)


@pytest.mark.parametrize("turn", [0.0, 1.0, 2.5, -2.0])
@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_features(turn, scale):
    """Wherever the hand lies and however large it is; the first nail is turned aside."""
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    angles = np.array([UP - 1, UP, UP]) + turn
    found = features(PLACES @ matrix.T + (7, -3), scale * np.array([10.0, 10.0, 10.0]), angles)
    np.testing.assert_allclose(found[:, 0], [-3, 0, 3], atol=1e-9)
    np.testing.assert_allclose(found[:, 1], [-8 / 3, 4 / 3, 4 / 3], atol=1e-9)
    np.testing.assert_allclose(found[:, 2], [-1, 0, 0], atol=1e-9)
    np.testing.assert_allclose(found[:, 3], 0, atol=1e-9)


def test_sizes_are_relative():
    sizes = features(PLACES, np.array([5.0, 10.0, 20.0]), np.full(3, UP))[:, 3]
    np.testing.assert_allclose(sizes, [-np.log(2), 0, np.log(2)], atol=1e-9)


@pytest.mark.parametrize(("count", "expected"), [(2, 40), (3, 120), (4, 240), (5, 240)])
def test_every_way_is_guessed_once(count, expected):
    chosen = guesses(count)
    assert chosen.shape == (expected, count * 10)
    assert log_densities(np.zeros((count, 4))).shape == (expected,)
    assert (chosen.reshape(-1, count, 10).sum(axis=2) == 1).all()
    classes = named(count).tolist()
    assert len(set(map(tuple, classes))) == expected
    assert all(len(set(guess)) == count and len({finger // 5 for finger in guess}) == 1 for guess in classes)


def named(count: int) -> np.ndarray:
    """The class of each nail in each guess."""
    return guesses(count).reshape(-1, count, 10).argmax(axis=2)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_mean_hand_is_itself(count):
    """Of each set of fingers, in any order, left and right."""
    generator = np.random.default_rng(count)
    known = choices(count)
    for fingers, mean, offset in zip(known.fingers, known.means, known.offsets, strict=True):
        order = generator.permutation(count)
        nails = mean.reshape(count, len(FEATURES))[order]
        for hand, seen in ((0, nails), (5, nails * MIRROR)):
            guess = np.flatnonzero((named(count) == fingers[order] + hand).all(axis=1))
            densities = log_densities(seen)
            assert densities[guess] == pytest.approx(offset)
            if count == 5:
                assert densities.argmax() == guess


def test_place_and_scale_of_the_hand_hardly_count():
    nails = choices(5).means.reshape(5, 4)
    best = log_densities(nails).max()
    assert log_densities(nails + np.array([3, -3, 0, 0])).max() == pytest.approx(best, abs=0.1)


def test_densities_are_those_of_a_gaussian():
    stats = pytest.importorskip("scipy.stats")
    (mean,), (whitener,) = choices(5).means, choices(5).whiteners
    gaussian = stats.multivariate_normal(mean, np.linalg.inv(whitener @ whitener.T))
    nails = mean + np.linspace(-0.3, 0.3, 20)
    (guess,) = np.flatnonzero((named(5) == np.arange(5)).all(axis=1))
    assert log_densities(nails.reshape(5, 4))[guess] == pytest.approx(gaussian.logpdf(nails))


def test_what_graphs_share_is_read_only():
    for array in (guesses(3), *vars(choices(3)).values()):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
