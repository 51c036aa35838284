import json

import pytest

from calculators.color.look import hair_effect, load_look
from calculators.color.look_nails import FINGERS, FINISH_FIELDS, FINISHES, effect_index, nail_effects
from calculators.color.look_pb2 import Look, LookEffect
from calculators.nails import nail, polish_finish
from tryon import GraphError

HAIR = {"category": "hair_color", "palettes": [{"color": "#102030"}]}


def nails(*palettes: dict, **fields) -> dict:
    """A look of one effect."""
    given = [{"color": "#B5121F"} | palette for palette in palettes or ({},)]
    return {"effects": [{"category": "nail_polish", "palettes": given, **fields}]}


@pytest.fixture
def load(tmp_path):
    def load_content(content) -> Look:
        path = tmp_path / "look.json"
        path.write_text(json.dumps(content))
        return load_look(path)

    return load_content


@pytest.mark.parametrize(
    "content",
    [
        nails(),
        nails(fingers=["thumb", "left_ring"]),
        nails({}, {"texture": "matte"}, pattern="ombre", ombre={"position": 40, "softness": 0}),
        nails({"texture": "sheer"}, {}, pattern="french"),
        nails({}, {}, pattern="french", french={"width": 0, "curve": 100}),
        nails({"texture": "glitter", "glitter_density": 0, "glitter_size": 100, "glitter_color": "#abcdef"}),
        nails({"texture": "metallic", "flake": 100, "shine": -100}),
        nails({"texture": "pearl", "pearl_color": "#FFFFFF", "flake": 0}),
        {"effects": [HAIR, *nails()["effects"]]},
    ],
)
def test_valid(load, content):
    assert nail_effects(load(content))[0].palettes[0].color == "#B5121F"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (nails(fingers=["thumb", "indx"]), r'effects\[0\]\.fingers\[1\] is "indx"; did you mean "index"\?'),
        (nails(fingers=["left_rin"]), r'fingers\[0\] is "left_rin"; did you mean "left_ring"\?'),
        (nails(fingers=["7"]), r'fingers\[0\] is "7"; known are "thumb", .*"right_little"\.'),
        (nails(fingers="ring"), r'effects\[0\]\.fingers is "ring"; it needs a list, \[ \]'),
        (nails(fingers=[3]), r"effects\[0\]\.fingers\[0\] is 3; it needs a text in quotes"),
        (nails({"texture": "mat"}), r'palettes\[0\]\.texture is "mat"; did you mean "matte"\?'),
        (nails({"texture": "natural"}), r'palettes\[0\]\.texture is "natural"; .*"cream", "matte"'),
        (nails({"texture": "matte", "shine": 5}), r'shine goes with the texture "cream" or .*; .* "matte"'),
        (nails({"flake": 5}), r'flake goes with the texture "metallic" or "pearl"; this one is "cream"'),
        (nails({}, {"glitter_size": 0}, pattern="ombre"), r'palettes\[1\]\.glitter_size goes .*"glitter"'),
        (nails({"texture": "glitter", "pearl_color": "#000000"}), r'pearl_color goes .*"pearl".* "glitter"'),
        (nails({"texture": "pearl", "pearl_color": "white"}), r'palettes\[0\]\.pearl_color: "white" is no'),
        (nails({"texture": "glitter", "glitter_color": "#12"}), r'glitter_color: "#12" is no colour'),
        (nails({"texture": "glitter", "glitter_density": 101}), r"density is 101; it must be from 0 to 100"),
        (nails({"texture": "glitter", "glitter_size": -1}), r"palettes\[0\]\.glitter_size is -1"),
        (nails({"texture": "metallic", "flake": 200}), r"palettes\[0\]\.flake is 200"),
        (nails({"shine": 101}), r"palettes\[0\]\.shine is 101; it must be from -100 to 100"),
        (nails({"color": "red"}), r'palettes\[0\]\.color: "red" is no colour'),
        (nails(pattern="frech"), r'effects\[0\]\.pattern is "frech"; did you mean "french"\?'),
        (nails(pattern="highlights"), r'pattern is "highlights"; known are "full", "ombre", "french"'),
        (nails(pattern="french"), r'palettes has 1 entries; the pattern "french" needs 2'),
        (nails(french={}), r'effects\[0\]\.french goes with the pattern "french"; this one is "full"'),
        (nails({}, {}, pattern="french", french={"width": 101}), r"effects\[0\]\.french\.width is 101"),
        (nails({}, {}, pattern="french", french={"curve": -1}), r"effects\[0\]\.french\.curve is -1"),
        (nails({}, {}, pattern="french", ombre={}), r'ombre goes with the pattern "ombre"; .* "french"'),
        (nails(root={}), r'effects\[0\]\.root goes with the category "hair_color"; .* "nail_polish"'),
        (nails({"luts": {}}), r'palettes\[0\]\.luts goes with the category "hair_color"; .* "nail_polish"'),
        ({"effects": [HAIR | {"fingers": ["ring"]}]}, r'effects\[0\]\.fingers goes .* "nail_polish"; .*hair'),
        (
            {"effects": [HAIR | {"palettes": [{"color": "#102030", "flake": 1}]}]},
            r"palettes\[0\]\.flake goes",
        ),
        ({"effects": [HAIR, {"category": "nail_polis"}]}, r'effects\[1\].*did you mean "nail_polish"\?'),
    ],
)
def test_errors(load, content, message):
    with pytest.raises(GraphError, match=message) as error:
        load(content)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("finish", FINISHES)
def test_fields_of_a_finish(load, finish):
    values = {"shine": 1, "flake": 1, "glitter_density": 1, "glitter_size": 1}
    for field, finishes in FINISH_FIELDS.items():
        content = nails({"texture": finish, field: values.get(field, "#FFFFFF")})
        if finish in finishes:
            load(content)
        else:
            with pytest.raises(GraphError, match=f"{field} goes with the texture"):
                load(content)


def test_names_are_those_of_nails():
    assert FINGERS == nail.FINGERS + nail.CLASSES
    assert tuple(polish_finish.FINISHES) == FINISHES


def test_a_look_of_another_category(load):
    assert nail_effects(load({"effects": [HAIR]})) == []
    assert hair_effect(load(nails())) is None


@pytest.mark.parametrize(
    ("finger", "index"),
    [("left_thumb", 0), ("left_ring", 1), ("right_ring", 2), ("right_index", 3), (None, 0)],
)
def test_later_effects_override(finger, index):
    lists = [[], ["ring"], ["right_ring"], ["index"], ["left_little"]]
    assert effect_index([LookEffect(fingers=fingers) for fingers in lists], finger) == index


def test_fingers_that_nothing_paints():
    effects = [LookEffect(fingers=["ring"])]
    assert [effect_index(effects, finger) for finger in ("left_thumb", None)] == [None, None]
