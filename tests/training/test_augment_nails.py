"""Augmentation of nails: what belongs together stays together."""

import numpy as np
import pytest

from training.augment_nails import augment_nails
from training.data_nails import NailPicture


def picture() -> NailPicture:
    """A nail in the upper half that is longer than wide and points right, of the left index finger."""
    image = np.full((200, 300, 3), 120, np.uint8)
    instances = np.zeros((200, 300), np.uint8)
    instances[60:100, 100:180] = 1
    # The half towards the tip is brighter.
    image[60:100, 100:140], image[60:100, 140:180] = 40, 220
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


def test_mirrored_hands_point_the_other_way():
    """A nail that points right points left after mirroring: both are seen where it is hardly turned."""
    hands = {}
    for seed in range(60):
        _, target = augment_nails(picture(), 64, np.random.default_rng(seed))
        inside = target[..., 1] >= 0
        if inside.any() and abs(target[..., 3][inside][0]) < 0.5:
            hands.setdefault(int(target[..., 1].max()), set()).add(np.sign(target[..., 2][inside][0]))
    assert {1.0, -1.0} == hands[1] | hands[6]


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
