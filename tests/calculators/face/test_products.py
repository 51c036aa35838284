"""What holds for every product of make-up, and what each one does."""

import importlib

import numpy as np
import pytest

from calculators.color.light import scene_light
from calculators.color.look_makeup import PRODUCTS
from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.face.face_light import face_light
from calculators.face.lit_face import lit_faces
from calculators.face.makeup import Paint, make_up
from calculators.face.parts import LEFT, SIDES, eye, face_outline, fill, lips, mouth
from tests.calculators.face.portrait import SIZE, face, points, portrait, shape_of

FRAME = (SIZE[1], SIZE[0])
WHOLE = (0, 0, *FRAME)
COLORS = {
    "foundation": "#E0B090",
    "contour": "#6E4634",
    "highlighter": "#FFF2E0",
    "brows": "#20140E",
    "eyeshadow": "#2060C0",
    "eyeliner": "#080808",
    "mascara": "#080808",
}


# Where a face is: how far from its usual place, and how large.
ANYWHERE = pytest.mark.parametrize(
    ("offset", "scale"),
    [
        ((-120, 0), 1),
        ((120, 0), 1),
        ((0, 130), 1),
        ((0, -150), 1),
        ((500, 0), 1),
        ((60, 60), 0.12),
        ((-300, -400), 4),
    ],
    ids=["left", "right", "below", "above", "outside", "small", "larger than the frame"],
)


def paint_of(category: str) -> Paint:
    return getattr(importlib.import_module(f"calculators.face.{category}_paint"), f"paint_{category}")


def effect(category: str, *palettes: dict, **fields) -> LookEffect:
    given = [{"color": COLORS.get(category, "#A01030")} | palette for palette in palettes or ({},)]
    return LookEffect(category=category, palettes=[LookPalette(**palette) for palette in given], **fields)


def painted(what: LookEffect, image: np.ndarray, where: np.ndarray) -> np.ndarray:
    faces = lit_faces(image, [face(where, image.shape[:2])])
    return make_up(image, faces, [what], paint_of(what.category))


def all_effects() -> list[LookEffect]:
    """Each product in each of its patterns and finishes."""
    found = []
    for category, product in PRODUCTS.items():
        for pattern in product.patterns:
            count = 2 if pattern in ("ombre", "two_tone", "halo") else product.most_palettes
            for texture in product.textures:
                found.append(effect(category, *[{"texture": texture}] * count, pattern=pattern))
    return found


EFFECTS = all_effects()
NAMES = [f"{one.category}-{one.pattern}-{one.palettes[0].texture}" for one in EFFECTS]


@pytest.mark.parametrize("what", EFFECTS, ids=NAMES)
def test_paints_on_the_face_alone(what):
    where = points(0.6)
    image = portrait(where)
    before = image.copy()
    after = painted(what, image, where)
    assert (image == before).all(), "frames are shared"
    assert after.shape == image.shape
    assert after.dtype == np.uint8
    changed = (after != image).any(axis=-1)
    # A wing and lashes may reach a little over it.
    near = fill([face_outline(shape_of(where))], WHOLE, 6) > 0.02
    assert not changed[~near].any()
    assert 20 < changed.sum() < 0.95 * near.sum()
    inside = fill([mouth(shape_of(where))], WHOLE) == 1
    assert not changed[inside].any(), "the opening of the mouth"


@pytest.mark.parametrize("what", EFFECTS, ids=NAMES)
def test_no_intensity_is_no_paint(what):
    for palette in what.palettes:
        palette.color_intensity = 0
    where = points(0.6)
    image = portrait(where)
    try:
        assert np.abs(painted(what, image, where).astype(int) - image).max() == 0
    finally:
        for palette in what.palettes:
            palette.ClearField("color_intensity")


@pytest.mark.parametrize("category", PRODUCTS)
def test_intensity(category):
    """More of it changes more."""
    where = points()
    image = portrait(where)
    changes = [
        np.abs(painted(effect(category, {"color_intensity": amount}), image, where).astype(int) - image).sum()
        for amount in (25, 60, 100)
    ]
    assert 0 < changes[0] < changes[1] < changes[2]


@pytest.mark.parametrize("category", PRODUCTS)
@ANYWHERE
def test_faces_anywhere(category, offset, scale):
    where = (points(0.5) * scale + np.array(offset)).astype(np.float32)
    image = portrait(points())
    assert painted(effect(category), image, where).shape == image.shape


@pytest.mark.parametrize("category", PRODUCTS)
def test_upside_down(category):
    """What is painted turns with the face."""
    where = points(0.5)
    image = portrait(where)
    upright = painted(effect(category), image, where)
    turned = (np.array(FRAME) - 1 - where).astype(np.float32)
    other = painted(effect(category), np.ascontiguousarray(image[::-1, ::-1]), turned)[::-1, ::-1]
    change = np.abs(upright.astype(int) - image)
    assert np.abs(upright.astype(int) - other).mean() < max(0.25 * change.mean(), 0.02)


@pytest.mark.parametrize("category", PRODUCTS)
def test_black_and_white_frames(category):
    for level in (0, 255):
        image = np.full((*SIZE, 3), level, np.uint8)
        assert painted(effect(category), image, points()).dtype == np.uint8


def mean(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return image[mask > 0.9].mean(axis=0)


LIP_MASK = fill([lips(shape_of(points()))], WHOLE)


@pytest.mark.parametrize("texture", PRODUCTS["lipstick"].textures)
def test_lipstick_has_its_color(texture):
    image = portrait(points())
    after = painted(effect("lipstick", {"color": "#3040C0", "texture": texture}), image, points())
    red, _, blue = mean(after, LIP_MASK) - mean(image, LIP_MASK)
    assert blue > 10
    assert red < 0


def test_lipstick_finishes():
    """Gloss is lighter than satin in its highlight, sheer lets more of the lips through than matte."""
    image = portrait(points())
    after = {
        texture: painted(
            effect("lipstick", {"color": "#3040C0", "texture": texture}), image, points()
        ).astype(int)
        for texture in PRODUCTS["lipstick"].textures
    }
    lower = np.s_[168:176, 92:108]
    assert after["gloss"][lower].sum(axis=-1).max() > after["satin"][lower].sum(axis=-1).max() + 20
    assert np.abs(after["sheer"] - image).sum() < 0.7 * np.abs(after["matte"] - image).sum()


def test_lipstick_keeps_texture():
    """Dark creases stay dark."""
    image = portrait(points(), grain=0)
    image[164:175:2, 90:110] = (image[164:175:2, 90:110] * 0.8).astype(np.uint8)
    after = painted(effect("lipstick", {"texture": "satin"}), image, points()).astype(int)
    rows = after[165:175, 95:105].sum(axis=-1).mean(axis=-1)
    assert (rows[1::2] < rows[0::2] - 8).all()


def test_ombre_and_two_tone():
    colors = ({"color": "#FF0000", "texture": "matte"}, {"color": "#0000FF", "texture": "matte"})
    where = points(0.5)
    image = portrait(where)
    two = painted(effect("lipstick", *colors, pattern="two_tone"), image, where).astype(int)
    assert two[160, 100, 0] > two[160, 100, 2]
    assert two[176, 100, 0] < two[176, 100, 2]
    ombre = painted(effect("lipstick", *colors, pattern="ombre"), image, where).astype(int)
    share = ombre[172:183, 100, 2] / ombre[172:183, 100].sum(axis=-1)
    assert share[0] > share[-3] + 0.1, "the second is inside"


def test_no_paint_on_teeth():
    """Where points are a little off, teeth lie under the lips' mask."""
    where = points(1.0)
    image = portrait(where)
    opening = fill([mouth(shape_of(where))], WHOLE) > 0.5
    image[opening] = (228, 222, 212)
    image[165:168, 88:112] = (228, 222, 212)
    off = where.copy()
    off[60:65, 1] += 3
    after = painted(effect("lipstick"), image, off)
    assert np.abs(after[165:168, 90:110].astype(int) - image[165:168, 90:110]).mean() < 8
    assert after[160, 100, 0] != image[160, 100, 0]


def test_no_paint_on_a_hand():
    where = points()
    image = portrait(where)
    image[150:200, 100:140] = image[130, 60]
    after = painted(effect("lipstick", {"texture": "matte"}), image, where)
    change = np.abs(after.astype(int) - image).sum(axis=-1)
    assert change[160:172, 106:118].mean() < 0.1 * change[160:172, 84:96].mean()


def test_pale_lips_are_painted():
    """Where colours cannot tell lips from skin, the guard does not guess."""
    where = points()
    image = portrait(where)
    image[LIP_MASK > 0] = image[130, 60]
    after = painted(effect("lipstick", {"texture": "matte"}), image, where)
    assert (mean(after, LIP_MASK) != mean(image, LIP_MASK)).all()
    assert np.abs(mean(after, LIP_MASK) - mean(image, LIP_MASK)).max() > 40


@pytest.mark.parametrize("category", ["eyeshadow", "eyeliner", "mascara"])
def test_eyes(category):
    """Nothing is painted on an open eye but lashes at its rim; closed eyes are painted, too."""
    image = portrait(points())
    after = painted(effect(category), image, points())
    middle = np.s_[92:95, 60:66]
    assert np.abs(after[middle].astype(int) - image[middle]).max() <= 2
    closed = points(open_eyes=0.0)
    image = portrait(closed)
    change = np.abs(painted(effect(category), image, closed).astype(int) - image).sum(axis=-1)
    for side in SIDES:
        x, y = shape_of(closed).points[list(side.upper)].mean(axis=0)
        assert change[int(y) - 6 : int(y) + 4, int(x) - 5 : int(x) + 5].max() > 20


def test_lashes_of_closed_eyes_hang_down():
    changes = []
    for opened in (0.0, 1.0):
        where = points(open_eyes=opened)
        image = portrait(where)
        change = np.abs(painted(effect("mascara"), image, where).astype(int) - image).sum(axis=(1, 2))
        changes.append(change[80:90].sum() > change[96:106].sum())
    assert changes == [False, True]


def test_wings_are_wings():
    image = portrait(points())
    beside = np.s_[80:92, 40:48]
    shown = {
        pattern: np.abs(painted(effect("eyeliner", pattern=pattern), image, points()).astype(int) - image)[
            beside
        ].sum()
        for pattern in ("classic", "winged")
    }
    assert shown["winged"] > 500 > 10 * shown["classic"]


def test_zones_of_eyeshadow():
    """Five palettes lie where they should."""
    colors = ["#FF0000", "#00A000", "#0000FF", "#FFFFFF", "#FFFF00"]
    image = portrait(points())
    after = painted(effect("eyeshadow", *[{"color": color} for color in colors]), image, points()).astype(int)
    change = after - image
    assert change[86, 66].argmax() == 0, "red on the lid"
    assert change[88, 49].argmax() == 2, "blue at the outer corner"
    assert change[94, 78].min() > 0, "white at the inner corner"


def test_foundation_evens_without_blurring():
    where = points()
    image = portrait(where, grain=4)
    red = image.copy()
    red[120:132, 55:67, 0] = np.minimum(red[120:132, 55:67, 0] + 25, 255)
    after = painted(effect("foundation", {"color": "#CEA08A"}, skin={"evenness": 100}), red, where).astype(
        int
    )
    spot, skin = np.s_[121:131, 56:66], np.s_[121:131, 130:140]
    redness = [
        (part[..., 0] - part[..., 1]).mean() for part in (red[spot].astype(int), red[skin].astype(int))
    ]
    redness_after = [(part[..., 0] - part[..., 1]).mean() for part in (after[spot], after[skin])]
    assert redness_after[0] - redness_after[1] < 0.65 * (redness[0] - redness[1])
    detail = [np.diff(part[..., 1].astype(float), axis=0).std() for part in (red[skin], after[skin])]
    assert detail[1] > 0.9 * detail[0]


def test_contour_darkens_and_highlighter_lightens():
    image = portrait(points())
    for category, sign in (("contour", -1), ("highlighter", 1)):
        change = painted(effect(category), image, points()).astype(int) - image
        assert sign * change.sum() > 0


@pytest.mark.parametrize(
    ("category", "area"), [("contour", "nose"), ("highlighter", "chin"), ("contour", "jaw")]
)
def test_areas(category, area):
    image = portrait(points())
    some, everything = (
        np.abs(painted(effect(category, areas=areas), image, points()).astype(int) - image).sum()
        for areas in ([area], [])
    )
    assert 0 < some < everything


def test_skin_products_leave_hair_alone():
    """Black hair across a cheek stays black under blush."""
    image = portrait(points())
    image[100:170, 50:60] = (20, 16, 14)
    after = painted(effect("blush"), image, points()).astype(int)
    assert np.abs(after[110:160, 53:57] - image[110:160, 53:57]).max() <= 3


def test_dim_light_dims_paint():
    bright, dim = (
        painted(
            effect("lipstick", {"texture": "matte"}), (portrait(points()) * level).astype(np.uint8), points()
        )
        for level in (1.0, 0.3)
    )
    assert mean(dim, LIP_MASK).sum() < 0.6 * mean(bright, LIP_MASK).sum()


def test_light_on_a_face():
    for level, wanted in ((1.0, 1.0), (0.35, 0.6)):
        image = portrait(points(), level=level)
        light = face_light(image, shape_of(points()), scene_light(image))
        assert light.level == pytest.approx(wanted, abs=0.15)
        assert light.worn("#FFFFFF")[0] <= 1.001
    nowhere = shape_of(points() + np.array((1000, 0), np.float32))
    assert np.isfinite(face_light(image, nowhere, scene_light(image)).skin).all()


def test_nothing_to_paint_is_the_same_array():
    image = portrait(points())
    assert make_up(image, [], [effect("blush")], paint_of("blush")) is image
    assert make_up(image, lit_faces(image, [face(points())]), [], paint_of("blush")) is image


def test_eye_is_left():
    assert eye(shape_of(points()), LEFT)[:, 0].max() < 100
