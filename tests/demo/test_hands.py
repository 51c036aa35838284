from dataclasses import replace
from math import pi

import numpy as np
import pytest

from calculators.nails.nail import CLASSES, FINGERS
from demo.hands import Camera, Hand, Light, NailStyle, Picture, render, still_scene
from demo.hands_background import SURFACES, Surface, background

EXACT = Camera(blur=0, noise=0)
WALL = np.full((240, 320, 3), 200, np.uint8)
HAND = Hand(left=False, x=155, y=160, size=75, seed=3)


def drawn(*hands: Hand, light: Light | None = None) -> Picture:
    return render(list(hands), WALL, light, EXACT, fine=1)


def centers(picture: Picture) -> np.ndarray:
    """(x, y) of every nail."""
    places = [np.argwhere(picture.instances == value) for value in range(1, len(picture.fingers) + 1)]
    return np.array([place.mean(0)[::-1] for place in places]).reshape(-1, 2)


def by_finger(picture: Picture) -> list[str]:
    return [CLASSES[finger] for finger in picture.fingers]


def polished(hand: Hand, color: str) -> Hand:
    return replace(hand, nails=replace(hand.nails, finish="polish", color=color))


def test_still_scene_is_a_whole_right_hand_and_the_same_every_time() -> None:
    first, second = still_scene(), still_scene()
    assert np.array_equal(first.rgb, second.rgb)
    assert np.array_equal(first.instances, second.instances)
    assert first.rgb.shape == (240, 320, 3)
    assert first.rgb.dtype == np.uint8
    assert first.instances.dtype == np.int32
    assert sorted(by_finger(first)) == sorted(CLASSES[5:])
    assert sorted(first.ids) == [0, 1, 2, 3, 4]
    assert np.array_equal(np.unique(first.instances), np.arange(6))
    assert still_scene(400, 500).rgb.shape == (500, 400, 3)


@pytest.mark.parametrize("fine", [1, 2])
@pytest.mark.parametrize("hand", [HAND, replace(HAND, left=True, angle=0.4, x=100, y=110, bend=(0.4,) * 5)])
def test_masks_are_what_the_polish_covers(hand: Hand, fine: int) -> None:
    red, green = (
        render([polished(hand, color)], WALL, camera=EXACT, fine=fine) for color in ("#FF0000", "#00FF00")
    )
    assert np.array_equal(red.instances, green.instances)
    painted = np.abs(red.rgb.astype(int) - green.rgb).max(-1) > 60
    nails = red.instances > 0
    assert (painted & nails).sum() / (painted | nails).sum() > 0.85
    anything = (red.rgb != green.rgb).any(-1)
    assert anything[nails].mean() > 0.95  # all but the cuticle
    border = anything & ~nails
    assert border.sum() < 0.5 * nails.sum()  # the pixels that a nail covers less than half
    assert not (border & ~grown(nails)).any()


def grown(mask: np.ndarray) -> np.ndarray:
    """The mask and the pixels next to it."""
    padded = np.pad(mask, 1)
    shifts = [np.roll(padded, shift, (0, 1)) for shift in np.ndindex(3, 3)]
    return np.any(shifts, axis=0)[2 : 2 + len(mask), 2 : 2 + mask.shape[1]]


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("angle", [-pi / 2, 0.0, 2.2])
def test_directions_point_from_base_to_tip(left: bool, angle: float) -> None:
    hand = Hand(left=left, x=160, y=120, size=60, angle=angle, spread=0.6, thumb=0.6)
    nails = NailStyle(shape="square", length=0.2, finish="french", color="#0000FF")
    picture, bare = (
        drawn(replace(hand, nails=nails)),
        drawn(replace(hand, nails=replace(nails, finish="natural"))),
    )
    assert len(picture.fingers) == 5
    assert np.allclose(np.linalg.norm(picture.directions, axis=1), 1, atol=1e-5)
    tips = (picture.rgb != bare.rgb).any(-1)
    for value, (center, direction) in enumerate(zip(centers(picture), picture.directions, strict=True), 1):
        blue = np.argwhere(tips & (picture.instances == value)).mean(0)[::-1]
        across = (blue - center) @ (-direction[1], direction[0])
        assert (blue - center) @ direction > max(1.5, 3 * abs(across))
        if picture.ids[value - 1]:
            outwards = center - (hand.x, hand.y)
            assert outwards @ direction > 0.8 * np.linalg.norm(outwards)


@pytest.mark.parametrize(
    ("left", "angle", "axis", "order"),
    [
        (False, -pi / 2, 0, ["thumb", "index", "middle", "ring", "little"]),
        (True, -pi / 2, 0, ["little", "ring", "middle", "index", "thumb"]),
        (False, pi / 2, 0, ["little", "ring", "middle", "index", "thumb"]),
        (False, 0, 1, ["thumb", "index", "middle", "ring", "little"]),
        (True, 0, 1, ["little", "ring", "middle", "index", "thumb"]),
    ],
)
def test_fingers_lie_in_their_order(left: bool, angle: float, axis: int, order: list[str]) -> None:
    picture = drawn(Hand(left=left, x=160, y=120, size=60, angle=angle))
    found = np.array(by_finger(picture))[np.argsort(centers(picture)[:, axis])]
    assert found.tolist() == [f"{'left' if left else 'right'}_{finger}" for finger in order]


def test_light_does_not_move_the_nails() -> None:
    one, other = (drawn(HAND, light=Light(angle=angle)) for angle in (-2.2, 0.5))
    assert np.array_equal(one.instances, other.instances)
    assert not np.array_equal(one.rgb, other.rgb)


def test_a_hand_at_the_edge_is_cut() -> None:
    whole = drawn(HAND)
    index = centers(whole)[by_finger(whole).index("right_index")]
    cut = drawn(replace(HAND, x=HAND.x - index[0]))  # the edge goes through the index finger's nail
    assert sorted(by_finger(cut)) == ["right_index", "right_little", "right_middle", "right_ring"]
    areas = [
        np.count_nonzero(picture.instances == by_finger(picture).index("right_index") + 1)
        for picture in (whole, cut)
    ]
    assert 0.3 * areas[0] < areas[1] < 0.7 * areas[0]


@pytest.mark.parametrize("hand", [replace(HAND, x=-400), replace(HAND, y=900), replace(HAND, x=2000, y=-900)])
def test_a_hand_outside_leaves_the_picture_alone(hand: Hand) -> None:
    picture = drawn(hand)
    assert np.array_equal(picture.rgb, WALL)
    assert not picture.instances.any()
    assert picture.fingers == picture.ids == ()
    assert picture.directions.shape == (0, 2)


def test_no_hands() -> None:
    assert np.array_equal(drawn().rgb, WALL)


def test_a_hand_in_front_covers_nails() -> None:
    other = replace(HAND, left=True, y=170, view="palm")
    behind, both = drawn(HAND), drawn(HAND, other)
    covered = (behind.instances > 0) & (both.instances == 0)
    assert covered.any()
    assert (both.rgb[covered] != behind.rgb[covered]).any(-1).all()
    assert set(both.ids) <= {0, 1, 2, 3, 4}
    turned = drawn(other, HAND)
    assert np.array_equal(turned.instances > 0, behind.instances > 0)
    assert set(turned.ids) == {5, 6, 7, 8, 9}


@pytest.mark.parametrize("left", [False, True])
def test_folded_fingers_point_to_the_wrist(left: bool) -> None:
    picture = drawn(Hand(left=left, x=160, y=120, size=60, view="fist"))
    found = {CLASSES[finger].partition("_")[2]: index for index, finger in enumerate(picture.fingers)}
    assert len(found) == 5
    assert (
        picture.directions[[found[finger] for finger in FINGERS[1:]], 1] > 0.9
    ).all()  # down, as the wrist
    order = np.argsort(centers(picture)[:, 0])
    names = [finger for index in order for finger, at in found.items() if at == index]
    assert names == (list(FINGERS) if left else list(FINGERS)[::-1])


def test_the_palm_shows_no_nails() -> None:
    assert drawn(replace(HAND, view="palm")).fingers == ()


@pytest.mark.parametrize("size", [42, 150, 420])
def test_nails_grow_with_the_hand(size: float) -> None:
    picture = render(
        [Hand(left=True, x=320, y=200 + size, size=size)], np.zeros((480, 640, 3), np.uint8), fine=1
    )
    middle = picture.instances == picture.ids.index(2) + 1
    assert np.ptp(np.nonzero(middle)[1]) + 1 == pytest.approx(0.145 * size, abs=0.02 * size + 1.5)


@pytest.mark.parametrize("tone", [0, 0.5, 1])
def test_skin_tones(tone: float) -> None:
    picture = drawn(replace(HAND, tone=tone))
    red, green, blue = picture.rgb[165:175, 150:160].reshape(-1, 3).mean(0)
    assert red > green > blue
    assert red == pytest.approx({0: 235, 0.5: 185, 1: 78}[tone], abs=25)


@pytest.mark.parametrize("surface", SURFACES)
def test_background(surface: Surface) -> None:
    one, same, other = (background(surface, 64, 48, seed) for seed in (1, 1, 2))
    assert one.shape == (48, 64, 3)
    assert one.dtype == np.uint8
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
