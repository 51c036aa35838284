import json

import pytest

from calculators.color.cube import identity_table, lut_from_table, write_cube
from calculators.color.look import hair_luts, load_look
from tryon import GraphError

LUTS = {"light": "l.cube", "dark": "d.cube"}


def effect(**palette) -> dict:
    return {"effects": [{"category": "hair_color", "palettes": [{"color": "#102030", **palette}]}]}


def hair(palettes: int = 1, **fields) -> dict:
    """An effect with so many palettes."""
    return {"effects": [{"category": "hair_color", "palettes": [{"color": "#102030"}] * palettes, **fields}]}


@pytest.fixture
def look_file(tmp_path):
    def write(content) -> "object":
        path = tmp_path / "look.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def luts_of(path):
    """The tables of the first colour of a look."""
    return hair_luts(load_look(path).effects[0].palettes[0])


def test_load_look(look_file, tmp_path):
    look = load_look(look_file(effect(color_intensity=40, luts=LUTS)))
    palette = look.effects[0].palettes[0]
    assert palette.color == "#102030"
    assert palette.color_intensity == 40
    assert palette.luts.light == str(tmp_path / "l.cube")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"Cannot read the look .*look\.json"),
        ("{", r"Cannot read the look .*line 1 column 2"),
        ([], r"the file is \[\]; it needs { }"),
        ({}, "effects is empty"),
        ({"effect": []}, 'effect is not known; did you mean "effects"'),
        ({"zzz": []}, "zzz is not known; known are effects"),
        ({"effects": {}}, r"effects is {}; it needs a list"),
        ({"effects": [1]}, r"effects\[0\] is 1; it needs { }"),
        ({"effects": [{"category": "hair_colour"}]}, r'effects\[0\]\.category.*did you mean "hair_color"'),
        ({"effects": [{}]}, r'effects\[0\]\.category is ""; known are "hair_color"'),
        (
            {"effects": [{"category": "hair_color", "pattern": "stripes", "palettes": [{}]}]},
            r'effects\[0\]\.pattern is "stripes"; known are "full", "ombre", "highlights"',
        ),
        ({"effects": [{"category": "hair_color"}]}, r"effects\[0\]\.palettes has 0 entries"),
        (effect(color="#12"), r'effects\[0\]\.palettes\[0\]\.color: "#12" is no colour'),
        (effect(color=12), r"effects\[0\]\.palettes\[0\]\.color is 12; it needs a text"),
        (effect(color_intensity=101), r"palettes\[0\]\.color_intensity is 101; it must be from 0 to 100"),
        (effect(color_intensity=-1), r"palettes\[0\]\.color_intensity is -1; it must be from 0 to 100"),
        (effect(color_intensity="70"), r'color_intensity is "70"; it needs a number'),
        (effect(color_intensity=True), r"color_intensity is true; it needs a number"),
        (effect(color_intensity=float("nan")), r"color_intensity is NaN; it needs a number"),
        (effect(colour_intensity=70), r'colour_intensity is not known; did you mean "color_intensity"'),
        (effect(texture="shimmer"), r'palettes\[0\]\.texture is "shimmer"; known are "natural"'),
        (effect(shine=101), r"palettes\[0\]\.shine is 101; it must be from -100 to 100"),
        (effect(shine=-101), r"palettes\[0\]\.shine is -101; it must be from -100 to 100"),
        (hair(pattern="ombre"), r'palettes has 1 entries; the pattern "ombre" needs 2'),
        (hair(2), r'palettes has 2 entries; the pattern "full" needs 1'),
        (hair(2, pattern="highlights", ombre={}), r'ombre goes with the pattern "ombre"; .* "highlights"'),
        (hair(highlights={}), r'effects\[0\]\.highlights goes with the pattern "highlights".* "full"'),
        (hair(root={"amount": 101}), r"effects\[0\]\.root\.amount is 101; it must be from 0 to 100"),
        (hair(root={"length": -1}), r"effects\[0\]\.root\.length is -1"),
        (hair(root={"lenght": 1}), r'effects\[0\]\.root\.lenght is not known; did you mean "length"'),
        (hair(2, pattern="ombre", ombre={"position": 120}), r"ombre\.position is 120"),
        (hair(2, pattern="ombre", ombre={"softness": "soft"}), r'softness is "soft"; it needs a number'),
        (hair(2, pattern="highlights", highlights={"amount": 200}), r"highlights\.amount is 200"),
        (effect(luts={"light": "l.cube"}), r"palettes\[0\]\.luts\.dark is missing"),
        (effect(luts={**LUTS, "light_intensity": 2}), r"luts\.light_intensity is 2; it must be from 0 to 1"),
        (effect(luts={**LUTS, "ligth_intensity": 1}), r'did you mean "light_intensity"'),
    ],
)
def test_errors(look_file, content, message):
    path = look_file(content)
    with pytest.raises(GraphError, match=message) as error:
        load_look(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        hair(root={}),
        hair(pattern="full", root={"amount": 0, "length": 100}),
        hair(2, pattern="ombre"),
        hair(2, pattern="ombre", ombre={"position": 0, "softness": 100}, root={"amount": 20}),
        hair(2, pattern="highlights", highlights={"amount": 100}),
        effect(shine=-100),
    ],
)
def test_patterns(look_file, content):
    effect = load_look(look_file(content)).effects[0]
    assert len(effect.palettes) == len(content["effects"][0]["palettes"])


def test_missing_file(tmp_path):
    with pytest.raises(GraphError, match=r"Cannot read the look .*none\.json"):
        load_look(tmp_path / "none.json")


def test_luts_of_an_artist(look_file, tmp_path):
    write_cube(tmp_path / "l.cube", identity_table(2), "light", 0.7)
    write_cube(tmp_path / "d.cube", identity_table(2), "dark", 0.3)
    noted = luts_of(look_file(effect(luts=LUTS)))
    assert (noted.light_intensity, noted.dark_intensity) == (0.7, 0.3)
    given = {**LUTS, "light_intensity": 0.5, "dark_intensity": 0.25}
    pair = luts_of(look_file(effect(luts=given)))
    assert (pair.light_intensity, pair.dark_intensity) == (0.5, 0.25)


def test_luts_that_do_not_go_together(look_file, tmp_path):
    write_cube(tmp_path / "l.cube", identity_table(2), "light", 0.3)
    write_cube(tmp_path / "d.cube", identity_table(2), "dark", 0.7)
    with pytest.raises(GraphError, match=r"l\.cube.*d\.cube.*do not go together.*dark < light"):
        luts_of(look_file(effect(luts=LUTS)))


def test_luts_without_intensity(look_file, tmp_path):
    for name in LUTS.values():
        write_cube(tmp_path / name, identity_table(2), "t", 0.5)
        text = (tmp_path / name).read_text()
        (tmp_path / name).write_text(text.replace("# intensity 0.5", "# by hand"))
    with pytest.raises(GraphError, match=r"l\.cube.*give luts\.light_intensity in the look"):
        luts_of(look_file(effect(luts=LUTS)))


def test_a_color_alone_is_enough(look_file):
    pair = luts_of(look_file(effect()))
    assert pair.light.size == lut_from_table(identity_table(33)).size
