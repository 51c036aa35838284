"""Augmentation of nails: what belongs together stays together."""

import numpy as np
import pytest

from training.augment_nails import augment_nails
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


@pytest.mark.parametrize("seed", range(12))
def test_aligned(seed):
    image, target = augment_nails(picture(), 128, np.random.default_rng(seed))
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


def test_fingers_change_hands_exactly_where_the_picture_is_mirrored():
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
