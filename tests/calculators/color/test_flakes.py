import numpy as np
import pytest

from calculators.color.flakes import LEVELS, ROWS, TURNS, WIDTH, glitter, grain, twinkle


@pytest.mark.parametrize("density", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("size", [0.0, 0.3, 1.0])
def test_glitter_covers_what_it_should(density, size):
    field = glitter(density, size)[0]
    assert field.shape == (ROWS, WIDTH, 3)
    covered = (field[..., 0] > 0.1).mean()
    assert covered <= 2 * density
    assert covered >= 0.6 * (1 - np.exp(-density))


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("size", [0.0, 1.0])
def test_particles_go_on_beyond_the_border(axis, size):
    """The field is laid on nails again and again: no line where it ends."""
    field = glitter(0.6, size)[0]
    steps = np.abs(np.diff(field, axis=axis, append=field.take([0], axis))).mean(axis=(1 - axis, 2))
    assert steps[-1] < 1.5 * steps[:-1].mean()


def test_the_same_every_time():
    assert (glitter(0.4, 0.3)[0] == glitter(0.4, 0.3)[0]).all()
    assert (grain(0.5)[0] == grain(0.5)[0]).all()


def test_levels_keep_their_contrast():
    for levels in (glitter(0.4, 0.3), grain(0.3)):
        assert [level.shape[:2] for level in levels] == [(ROWS >> i, WIDTH >> i) for i in range(LEVELS)]
        assert levels[1][..., 1:].std() == pytest.approx(levels[0][..., 1:].std(), rel=0.35)


def test_grain_covers_nothing():
    assert grain(0.5)[0][..., 0].max() == 0


@pytest.mark.parametrize(
    ("angle", "expected"), [(0.0, [1, 0, -1]), (np.pi / 2 / TURNS, [0, 1, 0]), (np.pi / TURNS, [-1, 0, 1])]
)
def test_twinkle(angle, expected):
    mirrors = np.array([[[9, 1, 0], [9, 0, 1], [9, -1, 0]]], np.float32)
    assert twinkle(mirrors, angle)[0] == pytest.approx(expected, abs=1e-6)
