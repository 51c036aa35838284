"""Augmentation of nails: what belongs together stays together."""

import numpy as np
import pytest

from training.augment_nails import _tips, augment_nails
from training.data_nails import NailPicture


def picture(brighter: tuple[slice, slice] = np.s_[60:100, 140:180]) -> NailPicture:
    """A nail that points right, of the left index finger; one half, that of the tip, is brighter."""
    image = np.full((200, 300, 3), 120, np.uint8)
    instances = np.zeros((200, 300), np.uint8)
    instances[60:100, 100:180] = 1
    image[60:100, 100:180] = 40
    image[brighter] = 220
    fingers, directions = np.full(256, -1, np.int8), np.zeros((256, 2), np.float32)
    fingers[1], directions[1] = 1, (1, 0)
    return NailPicture(image, instances, fingers, directions)


@pytest.fixture
def unpolished(monkeypatch):
    """Other colours may hide which end of a nail was the brighter one."""
    monkeypatch.setattr("training.augment_nails.POLISHED", 0)
    monkeypatch.setattr("training.augment_nails.TIPPED", 0)


@pytest.mark.parametrize("seed", range(12))
def test_aligned(seed, unpolished):
    image, target = augment_nails(picture(), 128, np.random.default_rng(seed), zoom=(0.5, 0.8))
    assert image.shape == (128, 128, 3)
    assert target.shape == (128, 128, 4)
    assert (image.dtype, target.dtype) == (np.float32, np.float32)
    assert -1 <= image.min() <= image.max() <= 1
    inside = target[..., 0] == 1
    if inside.sum() < 200:
        return
    assert set(np.unique(target[..., 1][inside])) in ({1.0}, {6.0})
    directions = target[..., 2:][inside]
    np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1, atol=1e-5)
    # The brighter end lies where the direction points.
    places = np.argwhere(inside)[:, ::-1]
    along = (places - places.mean(0)) @ directions[0]
    brightness = image.mean(-1)[inside]
    assert brightness[along > 0].mean() > brightness[along < 0].mean()


def test_both_hands_occur_as_mirroring_swaps_them():
    fingers = {
        int(target[..., 1].max())
        for seed in range(20)
        for _, target in [augment_nails(picture(), 64, np.random.default_rng(seed))]
    }
    assert {1, 6} <= fingers <= {-1, 1, 6}


def test_fingers_change_hands_exactly_where_the_picture_is_mirrored(unpolished):
    """What lies to the right of a nail, seen from its base, lies to the left in a mirror."""
    seen = set()
    for seed in range(60):
        lower = picture(brighter=np.s_[80:100, 100:180])
        image, target = augment_nails(lower, 128, np.random.default_rng(seed))
        inside = target[..., 0] == 1
        edge = np.concatenate([inside[[0, -1]].ravel(), inside[:, [0, -1]].ravel()])
        if edge.any() or not inside.any():
            continue
        x, y = target[..., 2:][inside][0]
        places = np.argwhere(inside)[:, ::-1]
        across = (places - places.mean(0)) @ (-y, x)
        brightness = image.mean(-1)[inside]
        mirrored = brightness[across > 0].mean() < brightness[across < 0].mean()
        assert target[..., 1].max() == (6 if mirrored else 1)
        seen.add(bool(mirrored))
    assert seen == {False, True}


def test_repeats():
    one, two = (augment_nails(picture(), 64, np.random.default_rng(5)) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_without_nails():
    nothing = NailPicture(
        np.zeros((50, 60, 3), np.uint8),
        np.zeros((50, 60), np.uint8),
        np.full(256, -1, np.int8),
        np.zeros((256, 2), np.float32),
    )
    _, target = augment_nails(nothing, 64, np.random.default_rng(1))
    assert (target[..., 0] == 0).all()
    assert (target[..., 1] == -1).all()


def test_close_ups_are_not_zoomed_in():
    """The nail fills a fifth of the picture; at zoom 4 it would fill the result."""
    close = picture()
    close.instances[40:140, 80:200] = 1

    def largest(nail: NailPicture) -> float:
        pairs = (augment_nails(nail, 128, np.random.default_rng(seed), zoom=(4, 4.1)) for seed in range(20))
        return max(target[..., 0].mean() for _, target in pairs)

    # At the most 1.1 times as large as in the whole picture fitted into 352 pixels, of which 128 are shown
    assert largest(close) < 0.95
    assert largest(picture()) > 0.95


def test_tips():
    """A nail that points right and one that points up; the third's direction is not known."""
    instances = np.zeros((8, 24), np.uint8)
    instances[2:4, :8], instances[:, 10:12], instances[:, 20:] = 1, 2, 3
    directions = np.zeros((256, 2), np.float32)
    directions[1], directions[2] = (1, 0), (0, -1)
    tips = _tips(instances, directions, 0.5)
    expected = np.zeros((8, 24), np.uint8)
    expected[2:4, 4:8] = expected[:4, 10:12] = 255
    np.testing.assert_array_equal(tips, expected)
