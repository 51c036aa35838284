from functools import cache

import numpy as np
import pytest

from calculators.color.cube import identity_table
from calculators.color.make_luts import SHADES
from calculators.color.shade import shade_table
from calculators.color.shine import LUMA, shiny_table

GREYS = np.arange(33)


@cache
def table_of(shade: str, intensity: float) -> np.ndarray:
    return shade_table(SHADES[shade], intensity).astype(np.float32)


def luma_of_greys(table: np.ndarray) -> np.ndarray:
    return table[GREYS, GREYS, GREYS] @ LUMA


def test_none():
    assert np.array_equal(shiny_table(identity_table(33), 0.4, 0), identity_table(33))


@pytest.mark.parametrize("intensity", [0.1, 0.4, 0.6])
def test_highlights_move_and_shadows_stay(intensity):
    before = luma_of_greys(identity_table(33))
    glossy, matt = (luma_of_greys(shiny_table(identity_table(33), intensity, shine)) for shine in (1, -1))
    shadows, highlights = before <= intensity, (before > intensity + 0.15) & (before < 0.9)
    assert np.allclose(glossy[shadows], before[shadows])
    assert np.allclose(matt[shadows], before[shadows])
    assert (glossy[highlights] > before[highlights] + 0.03).all()
    assert (matt[highlights] < before[highlights] - 0.05).all()


def test_the_light_is_white_and_matt_hair_keeps_its_color():
    red = np.zeros((2, 2, 2, 3), np.float32)
    red[1, 1, 1] = [0.8, 0.2, 0.2]
    glossy, matt = (shiny_table(red, 0.2, shine)[1, 1, 1] for shine in (1, -1))
    assert glossy[1] - 0.2 > glossy[0] - 0.8 > 0
    assert matt[0] / matt[1] == pytest.approx(4)


@pytest.mark.parametrize("shade", ["platinum", "copper", "jet_black"])
@pytest.mark.parametrize("intensity", [0.05, 0.6])
@pytest.mark.parametrize("shine", [-1, -0.5, 0.5, 1])
def test_lighter_hair_stays_lighter(shade, intensity, shine):
    table = shiny_table(table_of(shade, intensity), intensity, shine)
    assert (np.diff(luma_of_greys(table)) > 0).all()
    assert table.min() >= 0
    assert table.max() <= 1 + 1e-6
