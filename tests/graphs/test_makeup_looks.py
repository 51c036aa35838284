"""The looks for faces are valid, and there is one for whatever make-up can be."""

from pathlib import Path

import pytest

from calculators.color.look import load_look
from calculators.color.look_makeup import PRODUCTS, pattern_of, texture_of
from tryon.config import read_graph

GRAPHS = Path(__file__).resolve().parents[2] / "graphs"
LOOKS = {path.stem: load_look(path) for path in sorted((GRAPHS / "looks" / "makeup").glob("*.json"))}
LIPSTICKS = {name: look for name, look in LOOKS.items() if name.startswith("lipstick_")}
COMPLETE = {name: look for name, look in LOOKS.items() if name not in LIPSTICKS}


def test_eight_complete_looks_and_twelve_lipsticks():
    assert (len(COMPLETE), len(LIPSTICKS)) == (8, 12)
    effects = [effect for look in LOOKS.values() for effect in look.effects]
    assert {effect.category for effect in effects} == set(PRODUCTS)
    for category, product in PRODUCTS.items():
        mine = [effect for effect in effects if effect.category == category]
        assert {pattern_of(effect) for effect in mine} == set(product.patterns), category
        textures = {texture_of(category, palette) for effect in mine for palette in effect.palettes}
        assert textures == set(product.textures), category


@pytest.mark.parametrize("name", COMPLETE)
def test_complete_looks(name):
    categories = {effect.category for effect in COMPLETE[name].effects}
    assert categories >= {"foundation", "brows", "eyeshadow", "mascara", "lipstick"}


@pytest.mark.parametrize("name", LIPSTICKS)
def test_lipsticks(name):
    assert {effect.category for effect in LIPSTICKS[name].effects} <= {"lipstick", "lip_liner"}


def test_the_graph_has_every_product():
    config = read_graph(GRAPHS / "makeup.pbtxt").config
    nodes = {node.name: node.calculator for node in config.node}
    for category in PRODUCTS:
        assert nodes[category] == f"{category.title().replace('_', '')}Calculator"
