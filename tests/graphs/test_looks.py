"""The committed looks are valid and agree with the shades that the LUTs were made from."""

from pathlib import Path

import pytest

from calculators.color.look import hair_effect, hair_luts, load_look
from calculators.color.make_luts import SHADES
from calculators.color.shade import DARK_INTENSITY, LIGHT_INTENSITY

FOLDER = Path(__file__).resolve().parents[2] / "graphs" / "looks" / "hair"
LOOKS = sorted(FOLDER.glob("*.json"))


def test_a_plain_look_for_each_shade():
    plain = [path.stem for path in LOOKS if path.stem in SHADES]
    assert set(plain) == set(SHADES)
    for name in plain:
        effect = hair_effect(load_look(FOLDER / f"{name}.json"))
        assert effect.pattern == "full"
        assert not effect.HasField("root")
        assert load_look(FOLDER / f"{name}.json").effects[0].palettes[0].color == SHADES[name].color


@pytest.mark.parametrize("path", LOOKS, ids=lambda path: path.stem)
def test_look(path):
    for palette in hair_effect(load_look(path)).palettes:
        assert palette.color in {shade.color for shade in SHADES.values()}
        pair = hair_luts(palette)
        assert (pair.light_intensity, pair.dark_intensity) == (LIGHT_INTENSITY, DARK_INTENSITY)
