import numpy as np
import pytest

from calculators.nails.polish_finish import FINISHES, Finish, glow, mirror, smooth_step, streak

ACROSS = np.linspace(-1, 1, 41, dtype=np.float32)
ALONG = np.linspace(0, 1, 41, dtype=np.float32)[:, None]


def test_glow_is_strongest_left_of_the_middle():
    light = glow(ACROSS, ALONG)
    row, column = np.unravel_index(light.argmax(), light.shape)
    assert (ALONG[row, 0], ACROSS[column]) == (pytest.approx(0.42, abs=0.03), pytest.approx(-0.2, abs=0.03))
    assert light.max() <= 1
    assert light[:, [0, -1]].max() < 0.1


@pytest.mark.parametrize("name", [name for name, finish in FINISHES.items() if finish.streak])
def test_streaks_fade_before_base_and_tip(name):
    light = streak(ACROSS, ALONG, FINISHES[name])
    assert light.shape == (41, 41)
    assert 0.8 < light.max() < 1.2
    assert light[[0, 40]].max() < 0.1
    assert ACROSS[light[18].argmax()] < 0


def test_hard_streaks_have_sharper_sides():
    soft, hard = (streak(ACROSS, ALONG, Finish(hardness=hardness))[18] for hardness in (1, 3))
    assert np.abs(np.diff(hard)).max() > 1.3 * np.abs(np.diff(soft)).max()


def test_mirror_shows_window_and_horizon():
    light = mirror(ACROSS, ALONG)
    assert light.min() >= 0
    middle = light[20]
    assert middle.max() > 5 * middle[np.abs(ACROSS) < 0.15].min()
    base, tip = light[12].mean(), light[34].mean()
    assert tip < 0.75 * base, "the sky ends at the horizon"


def test_smooth_step():
    assert smooth_step(np.array([0, 0.5, 1])).tolist() == [0, 0.5, 1]
