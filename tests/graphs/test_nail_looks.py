"""The looks for nails are valid, and there is one for whatever polish can be."""

from pathlib import Path

import pytest

from calculators.color.look import load_look
from calculators.color.look_nails import FINISHES, nail_effects
from calculators.nails.polish_coat import finger_coats

LOOKS = sorted((Path(__file__).resolve().parents[2] / "graphs" / "looks" / "nails").glob("*.json"))
EFFECTS = {path.stem: nail_effects(load_look(path)) for path in LOOKS}


def test_ten_looks_with_all_finishes_and_patterns():
    assert len(EFFECTS) == 10
    palettes = [palette for effects in EFFECTS.values() for effect in effects for palette in effect.palettes]
    assert {palette.texture for palette in palettes} == set(FINISHES)
    assert {effect.pattern for effects in EFFECTS.values() for effect in effects} == {
        "full",
        "french",
        "ombre",
    }
    assert any(effect.fingers for effects in EFFECTS.values() for effect in effects)


@pytest.mark.parametrize("name", EFFECTS)
def test_every_nail_gets_polish(name):
    assert set(finger_coats(EFFECTS[name])) == {None, *range(10)}
