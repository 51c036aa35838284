from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from calculators.color.flakes import TURNS
from calculators.color.look_nails import FINISH_FIELDS, FINISHES
from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.nails.nail import Nail
from calculators.nails.polish import paint_nail, paint_nails
from calculators.nails.polish_coat import Coat, make_coat
from tests.calculators.nails.ellipses import Ellipse, full_mask, true_nail

SIZE = (60, 80)
NAIL = Ellipse(40, 30, angle=-np.pi / 2, length=36, width=24)
FULL_LIGHT = np.ones(3, np.float32)
RED = "#B5121F"


@cache
def coat(texture: str = "cream", color: str = RED, **fields) -> Coat:
    return make_coat(LookEffect(palettes=[LookPalette(color=color, texture=texture, **fields)]))


def skin(level: int = 180, size: tuple[int, int] = SIZE) -> np.ndarray:
    """Everything of one colour, nails too."""
    return np.full((*size, 3), (level, level * 4 // 5, level * 3 // 4), np.uint8)


def painted(image: np.ndarray, nail: Nail, what: Coat, scene: np.ndarray = FULL_LIGHT) -> np.ndarray:
    """The whole frame with one nail's polish."""
    frame = image.copy()
    height, width = nail.mask.shape
    frame[nail.top : nail.top + height, nail.left : nail.left + width] = paint_nail(image, nail, what, scene)
    return frame


def brightness(frame: np.ndarray) -> np.ndarray:
    return frame.astype(int).sum(axis=-1)


@pytest.mark.parametrize("texture", FINISHES)
def test_only_nails_change(texture):
    image = np.random.default_rng(0).integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    nail, before = true_nail(NAIL, SIZE), image.copy()
    frame = painted(image, nail, coat(texture))
    changed = (frame != image).any(axis=-1)
    mask = full_mask(nail, SIZE)
    assert not changed[mask == 0].any()
    assert changed[mask == 1].mean() > 0.95
    assert (image == before).all(), "frames are shared"


def test_half_a_mask_is_half_the_polish():
    nail = true_nail(NAIL, SIZE)
    whole = painted(skin(), nail, coat("matte"))
    half = painted(skin(), replace(nail, mask=nail.mask * np.float32(0.5)), coat("matte"))
    inside = full_mask(nail, SIZE) > 0
    assert np.abs(half[30, 40].astype(int) - (whole[30, 40].astype(int) + skin()[30, 40]) / 2).max() <= 12
    assert (half[inside][:, 1] >= whole[inside][:, 1]).all()


@pytest.mark.parametrize("texture", FINISHES)
def test_no_intensity_is_no_polish(texture):
    frame = painted(skin(), true_nail(NAIL, SIZE), coat(texture, color_intensity=0))
    assert np.abs(frame.astype(int) - skin()).max() == 0


def test_sheer_lets_the_nail_through():
    """A dark spot on the nail shows through sheer polish, hardly through cream."""
    spotted = skin()
    spotted[28:32, 38:42] = 60
    nail = true_nail(NAIL, SIZE)
    shown = {
        texture: abs(
            int(painted(spotted, nail, coat(texture, "#E7B9A8"))[30, 40, 1])
            - int(painted(skin(), nail, coat(texture, "#E7B9A8"))[30, 40, 1])
        )
        for texture in ("sheer", "cream")
    }
    assert shown["sheer"] > 25 > 2 * shown["cream"]


@pytest.mark.parametrize("color", ["#000000", RED, "#FFFFFF"])
def test_matte_has_no_highlight(color):
    nail = true_nail(NAIL, SIZE)
    across = brightness(painted(skin(), nail, coat("matte", color)))[30, 30:51]
    assert (np.diff(across[:11]) >= -1).all(), "brighter towards the middle, nowhere a bump"
    assert np.abs(across - across[::-1]).max() <= 3
    gloss = brightness(painted(skin(), nail, coat("gloss", color)))
    assert gloss[full_mask(nail, SIZE) > 0].max() > across.max() + 30


@pytest.mark.parametrize("texture", FINISH_FIELDS["shine"])
def test_shine(texture):
    """More of it has brighter highlights."""
    nail = true_nail(NAIL, SIZE)
    inside = full_mask(nail, SIZE) == 1
    coats = [coat(texture, "#303030", shine=shine) for shine in (-100, 0, 100)]
    means = [painted(skin(), nail, what)[inside].mean() for what in coats]
    assert means[0] < means[1] < means[2]


def turned(nail: Nail, size: tuple[int, int]) -> Nail:
    """As np.rot90 turns its frame."""
    width, columns = size[1], nail.mask.shape[1]
    x, y = nail.center
    return replace(
        nail,
        mask=np.ascontiguousarray(np.rot90(nail.mask)),
        left=nail.top,
        top=width - nail.left - columns,
        center=(y, width - 1 - x),
        angle=nail.angle - np.pi / 2,
    )


@pytest.mark.parametrize("texture", ["cream", "matte", "gloss", "sheer", "chrome"])
def test_polish_turns_with_the_nail(texture):
    columns = np.linspace(0.7, 1, SIZE[1])[None, :, None]
    image = (skin(200) * columns).astype(np.uint8)
    nail = true_nail(replace(NAIL, angle=-1.2), SIZE)
    upright = painted(image, nail, coat(texture))
    for _ in range(3):
        image, nail = np.ascontiguousarray(np.rot90(image)), turned(nail, image.shape[:2])
        upright = np.rot90(upright)
        assert np.abs(painted(image, nail, coat(texture)).astype(int) - upright).max() <= 3


@pytest.mark.parametrize("texture", FINISHES)
def test_polish_moves_with_the_nail(texture):
    """Particles, too: not a grey level differs where a nail moved by whole pixels."""
    first = true_nail(replace(NAIL, angle=-1.2), SIZE, id=3)
    second = replace(first, left=first.left + 7, top=first.top - 4, center=(47, 26))
    what = coat(texture)
    assert (paint_nail(skin(), first, what, FULL_LIGHT) == paint_nail(skin(), second, what, FULL_LIGHT)).all()


def test_glitter_twinkles_while_the_nail_turns():
    """Every particle stays where it is, and another one lights up; after a turn they are back."""
    what, round_nail = coat("glitter", "#000000", shine=-100), Ellipse(40, 30, 0.0, 30, 30)
    frames = [
        painted(skin(), true_nail(replace(round_nail, angle=angle), SIZE), what)
        for angle in (0.0, np.pi / TURNS, 2 * np.pi)
    ]
    inside = full_mask(true_nail(round_nail, SIZE), SIZE) == 1
    assert np.abs(frames[0].astype(int) - frames[2]).max() <= 2
    assert np.abs(brightness(frames[0]) - brightness(frames[1]))[inside].max() > 200


def test_nails_have_their_own_glitter():
    what = coat("glitter")
    frames = [painted(skin(), true_nail(NAIL, SIZE, id=number), what) for number in (None, 0, 1)]
    assert (frames[0] == frames[1]).all()
    assert (frames[1] != frames[2]).any()


def test_the_nails_own_light_stays():
    """Lit from the right: so is the polish, and its highlight moves to that side."""
    nail = true_nail(NAIL, SIZE)
    light = np.linspace(0.5, 1.0, 24)
    image = skin(220)
    image[:, 28:52] = (image[:, 28:52] * light[None, :, None]).astype(np.uint8)
    matte = brightness(painted(image, nail, coat("matte")))[30]
    assert matte[48] > matte[32] + 30
    gloss = [brightness(painted(picture, nail, coat("gloss")))[28, 30:50] for picture in (skin(220), image)]
    assert gloss[0].argmax() < 10 <= gloss[1].argmax()


def test_dim_light_dims_polish():
    nail = true_nail(NAIL, SIZE)
    frames = [paint_nails(skin(level), [nail], {0: coat("cream", "#FFFFFF")}) for level in (220, 110, 55)]
    middles = [int(frame[30, 44].max()) for frame in frames]
    assert middles[0] > middles[1] > middles[2]
    assert middles[2] < 120, "white polish does not glow in the dark"


def test_a_dark_nail_in_full_light_keeps_its_polish():
    nail, mask = true_nail(NAIL, SIZE), full_mask(true_nail(NAIL, SIZE), SIZE) > 0
    light, dark = skin(240), skin(240)
    light[mask], dark[mask] = (220, 170, 160), (110, 75, 60)
    middles = [int(paint_nails(image, [nail], {0: coat()})[30, 44, 0]) for image in (light, dark)]
    assert middles[0] > middles[1] > 0.75 * middles[0]


@pytest.mark.parametrize("texture", FINISHES)
@pytest.mark.parametrize(
    "ellipse",
    [
        Ellipse(40, 30, 0.3, 3, 3),
        Ellipse(40, 30, 0.3, 1, 1),
        Ellipse(40, 30, 1.57, 400, 300),
        Ellipse(0, 0, 0.3, 36, 24),
        Ellipse(79, 59, 3.0, 36, 24),
    ],
    ids=["tiny", "a pixel", "the frame", "upper left", "lower right"],
)
def test_sizes_and_borders(texture, ellipse):
    nail = true_nail(ellipse, SIZE)
    frame = painted(skin(), nail, coat(texture))
    assert (frame[full_mask(nail, SIZE) == 0] == skin()[0, 0]).all()
    assert (frame[full_mask(nail, SIZE) == 1] != skin()[0, 0]).any()


def test_a_black_picture_and_an_empty_mask():
    nail = true_nail(NAIL, SIZE)
    frame = paint_nails(np.zeros((*SIZE, 3), np.uint8), [nail], {0: coat("gloss")})
    assert frame.max() < 30
    empty = replace(nail, mask=np.zeros_like(nail.mask))
    assert (paint_nails(skin(), [empty], {0: coat("gloss")}) == skin()).all()


def test_polish_is_a_little_darker_along_its_edge():
    """At the tip, up to where the mask is whole."""
    column = brightness(painted(skin(), true_nail(NAIL, SIZE), coat("matte", "#FFFFFF")))[:, 40]
    assert column[13] < column[14] < column[16] == column[30]
    assert column[30] - column[13] < 0.1 * column[30]


def test_own_highlights_shine_through_finishes_that_shine():
    spotted = skin(120)
    spotted[26:34, 44:48] = 255
    nail = true_nail(NAIL, SIZE)
    for texture, least, most in (("matte", 0, 3), ("gloss", 200, 765), ("sheer", 200, 765)):
        plain, bright = (
            brightness(painted(frame, nail, coat(texture, "#101010"))) for frame in (skin(120), spotted)
        )
        assert least <= bright[30, 46] - plain[30, 46] <= most
        assert abs(bright[30, 34] - plain[30, 34]) < 40, "only where they are"


@pytest.mark.parametrize("texture", ["cream", "gloss", "chrome"])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_frames_border_is_no_outline(texture, quarters):
    """A nail that the frame cuts off, on any side, looks like that part of the whole nail."""
    nail = true_nail(NAIL, SIZE)
    cut = replace(
        nail, mask=np.ascontiguousarray(nail.mask[:, 12:]), left=0, center=(nail.center[0] - 40, 30)
    )
    whole = painted(skin(), nail, coat(texture))[:, 40:]
    frame = np.ascontiguousarray(skin()[:, 40:])
    for _ in range(quarters):
        frame, cut = np.ascontiguousarray(np.rot90(frame)), turned(cut, frame.shape[:2])
    part = np.rot90(painted(frame, cut, coat(texture)), -quarters)
    assert (nail.left, nail.mask.shape[1]) == (28, 25)
    assert np.abs(part.astype(int)[:, :6] - whole[:, :6]).max() <= 12


def two(pattern: str, **fields) -> Coat:
    palettes = [LookPalette(color=color, texture="matte") for color in ("#FF0000", "#0000FF")]
    return make_coat(LookEffect(pattern=pattern, palettes=palettes, **fields))


def test_french_and_ombre():
    """A nail that points up: from row 12 (tip) to row 48 (base), the second colour at the tip."""
    nail = true_nail(NAIL, SIZE)
    french, ombre = (painted(skin(), nail, two(pattern)).astype(int) for pattern in ("french", "ombre"))
    middle = french[:, 40]
    assert (middle[14:19, 2] > middle[14:19, 0]).all()
    assert (middle[22:46, 0] > 3 * middle[22:46, 2]).all()
    assert (french[22, [32, 48], 2] > french[22, [32, 48], 0]).all(), "the tip reaches further at the sides"
    share = ombre[14:46, 40, 2] / ombre[14:46, 40].sum(axis=-1)
    assert (np.diff(share) <= 0.01).all()
    assert share[0] > 0.7
    assert share[-1] < 0.1


def test_overlapping_nails():
    """The later one lies on top; both keep what the other does not cover."""
    nails = [true_nail(replace(NAIL, x=x, finger=finger), SIZE) for x, finger in ((34, 0), (46, 1))]
    coats = {0: coat("matte", "#FF0000"), 1: coat("matte", "#0000FF")}
    frame = paint_nails(skin(), nails, coats)
    assert [int(frame[30, x].argmax()) for x in (28, 40, 52)] == [0, 2, 2]
