import importlib
import json

import pytest

from calculators.color.look import load_look
from calculators.color.look_checks import effects_of
from calculators.color.look_makeup import PRODUCTS, pattern_of, texture_of
from calculators.color.look_pb2 import Look
from tryon import GraphError


def look(category: str, *palettes: dict, **fields) -> dict:
    """A look of one effect."""
    given = [{"color": "#B5121F"} | palette for palette in palettes or ({},)]
    return {"effects": [{"category": category, "palettes": given, **fields}]}


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
        *(look(category) for category in PRODUCTS),
        look("lipstick", {"texture": "gloss", "shine": -100}),
        look("lipstick", {"texture": "metallic", "flake": 100}),
        look("lipstick", {}, {"texture": "matte"}, pattern="ombre", ombre={"position": 0, "softness": 100}),
        look("lipstick", {}, {}, pattern="two_tone"),
        look("eyeshadow", {}, {}, {}, {}, {"texture": "shimmer", "flake": 0}),
        look("eyeshadow", {}, {}, {}, pattern="smoky"),
        look("eyeshadow", {}, {}, pattern="halo"),
        look("eyeliner", pattern="cat_eye", line={"thickness": 0, "wing": 100}),
        look("eyeliner", pattern="thin", line={"thickness": 100}),
        look("lip_liner", line={"thickness": 20}),
        look("mascara", lashes={"length": 0, "volume": 100}),
        look("contour", areas=["jaw", "nose"]),
        look("highlighter", {"texture": "shimmer", "flake": 50}, areas=["chin"]),
        look("foundation", {"texture": "dewy"}, skin={"evenness": 100}),
        {
            "effects": [
                *look("blush")["effects"],
                *look("nail_polish")["effects"],
                *look("hair_color")["effects"],
            ]
        },
    ],
)
def test_valid(load, content):
    assert load(content).effects[0].palettes[0].color == "#B5121F"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (look("lipstik"), r'effects\[0\]\.category is "lipstik"; did you mean "lipstick"\?'),
        (look("lipstick", {"texture": "mat"}), r'palettes\[0\]\.texture is "mat"; did you mean "matte"\?'),
        (
            look("eyeshadow", {"texture": "gloss"}),
            r'palettes\[0\]\.texture is "gloss"; known are "matte", "satin"',
        ),
        (look("mascara", {"texture": "satin"}), r'palettes\[0\]\.texture is "satin"; known are "matte"\.'),
        (look("eyeliner", pattern="winge"), r'effects\[0\]\.pattern is "winge"; did you mean "winged"\?'),
        (look("blush", pattern="full"), r'pattern is "full"; known are "apples", "lifted", "sunkissed"'),
        (look("lipstick", pattern="two_tone"), r'palettes has 1 entries; the pattern "two_tone" needs 2'),
        (look("lipstick", {}, {}), r'palettes has 2 entries; the pattern "full" needs 1'),
        (look("blush", {}, {}), r'palettes has 2 entries; the pattern "apples" needs 1'),
        (look("eyeshadow", *[{}] * 6), r'palettes has 6 entries; the pattern "full" needs 1 to 5'),
        (
            look("eyeshadow", {}, {}, {}, pattern="halo"),
            r'palettes has 3 entries; the pattern "halo" needs 2',
        ),
        (
            look("lipstick", {"color_intensity": 101}),
            r"palettes\[0\]\.color_intensity is 101; it must be from 0",
        ),
        (
            look("lipstick", {"texture": "matte", "shine": 5}),
            r'shine goes with the texture "satin" or .*"matte"',
        ),
        (look("lipstick", {"shine": 101}), r"palettes\[0\]\.shine is 101"),
        (
            look("blush", {"shine": 5}),
            r'shine goes with the category "hair_color" or .*; this one is "blush"',
        ),
        (look("lipstick", {"flake": 5}), r'flake goes with the texture "metallic" or "shimmer"; .*"satin"'),
        (look("lipstick", {"texture": "shimmer", "flake": 101}), r"palettes\[0\]\.flake is 101"),
        (look("foundation", {"flake": 5}), r'flake goes with the category .*; this one is "foundation"'),
        (
            look("lipstick", areas=["nose"]),
            r'areas goes with the category "contour" or "highlighter"; .*"lipstick"',
        ),
        (
            look("contour", areas=["nose", "chn"]),
            r'effects\[0\]\.areas\[1\] is "chn"; .*"cheeks", "jaw", "nose"',
        ),
        (look("contour", areas="nose"), r"effects\[0\]\.areas is \"nose\"; it needs a list"),
        (look("lipstick", line={}), r'line goes with the category "eyeliner" or "lip_liner"; .*"lipstick"'),
        (
            look("eyeliner", line={"wing": 5}),
            r'line\.wing goes with the pattern "winged" or "cat_eye"; .*"classic"',
        ),
        (look("lip_liner", line={"wing": 5}), r'line\.wing goes with the pattern .* "full"'),
        (
            look("eyeliner", line={"thickness": 101}),
            r"effects\[0\]\.line\.thickness is 101; it must be from 0 to 100",
        ),
        (look("mascara", lashes={"length": -1}), r"effects\[0\]\.lashes\.length is -1"),
        (look("blush", lashes={}), r'lashes goes with the category "mascara"; this one is "blush"'),
        (look("foundation", skin={"evenness": 200}), r"effects\[0\]\.skin\.evenness is 200"),
        (
            look("lipstick", {}, {}, pattern="ombre", ombre={"softness": 101}),
            r"effects\[0\]\.ombre\.softness is 101",
        ),
        (look("lipstick", ombre={}), r'ombre goes with the pattern "ombre"; this one is "full"'),
        (look("lipstick", french={}), r'french goes with the category "nail_polish"; this one is "lipstick"'),
        (look("lipstick", fingers=["ring"]), r'fingers goes with the category "nail_polish"; .*"lipstick"'),
        (look("nail_polish", areas=["nose"]), r'areas goes with the category "contour" .*"nail_polish"'),
        (look("hair_color", line={}), r'line goes with the category "eyeliner" or .*"hair_color"'),
        (look("brows", root={}), r'root goes with the category "hair_color"; this one is "brows"'),
        (look("brows", {"color": "brown"}), r'palettes\[0\]\.color: "brown" is no colour'),
        (look("brows", brow=1), r"effects\[0\]\.brow is not known"),
    ],
)
def test_errors(load, content, message):
    with pytest.raises(GraphError, match=message) as error:
        load(content)
    assert "\n" not in str(error.value)


def test_defaults(load):
    effect = load(look("lipstick")).effects[0]
    assert (pattern_of(effect), texture_of("lipstick", effect.palettes[0])) == ("full", "satin")
    assert pattern_of(load(look("eyeliner")).effects[0]) == "classic"


def test_effects_of_a_product(load):
    both = load(
        {"effects": [*look("blush")["effects"], *look("eyeliner")["effects"], *look("blush")["effects"]]}
    )
    assert len(effects_of(both, "blush")) == 2
    assert effects_of(both, "lipstick") == []


@pytest.mark.parametrize(
    ("category", "table", "kind"),
    [
        ("lipstick", "FINISHES", "textures"),
        ("eyeshadow", "FINISHES", "textures"),
        ("foundation", "FINISHES", "textures"),
        ("eyeliner", "STYLES", "patterns"),
        ("brows", "STYLES", "patterns"),
        ("contour", "AREAS", "areas"),
        ("highlighter", "AREAS", "areas"),
    ],
)
def test_what_a_look_may_say_can_be_painted(category, table, kind):
    module = importlib.import_module(f"calculators.face.{category}_paint")
    assert set(getattr(module, table)) == set(getattr(PRODUCTS[category], kind))
