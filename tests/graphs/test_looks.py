"""The committed looks are valid and agree with the shades that the LUTs were made from."""

from pathlib import Path

import pytest

from calculators.color.look import hair_luts, hair_palette, load_look
from calculators.color.make_luts import SHADES
from calculators.color.shade import DARK_INTENSITY, LIGHT_INTENSITY

FOLDER = Path(__file__).resolve().parents[2] / "graphs" / "looks" / "hair"


def test_one_look_a_shade():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SHADES)


@pytest.mark.parametrize("shade", SHADES)
def test_look(shade):
    palette = hair_palette(load_look(FOLDER / f"{shade}.json"))
    assert palette.color == SHADES[shade].color
    pair = hair_luts(palette)
    assert (pair.light_intensity, pair.dark_intensity) == (LIGHT_INTENSITY, DARK_INTENSITY)
