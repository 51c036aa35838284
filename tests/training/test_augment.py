"""Augmentation: picture, mask and previous mask stay aligned."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augment import (
    HEADS,
    PREVIOUS,
    REFLECTED,
    augment,
    crop_matrix,
    head_matrix,
    move,
    previous_mask,
    show,
    warp,
)
from training.augment_bend import bend

SEEDS = st.integers(0, 2**32)
SIZES = st.tuples(st.integers(40, 160), st.integers(40, 160))
quick = settings(deadline=None, max_examples=25)

HAIR, ROOM = (200, 30, 90), (20, 160, 240)


def disc(height: int = 120, width: int = 90) -> np.ndarray:
    """A white disc on black, and the same disc as the mask."""
    y, x = np.mgrid[0:height, 0:width]
    inside = np.where((x - 50) ** 2 + (y - 50) ** 2 < 30**2, 255, 0).astype(np.uint8)
    return np.dstack([inside] * 4)


def coordinates(height: int, width: int) -> np.ndarray:
    """Red is x, green is y, blue is 0, and the mask covers the left half: uint8 [height, width, 4]."""
    y, x = np.mgrid[0:height, 0:width]
    mask = np.where(x < width // 2, 255, 0)
    return np.dstack([x, y, 0 * x, mask]).astype(np.uint8)


def painted(height: int, width: int, seed: int) -> np.ndarray:
    """An ellipse of hair of one colour in a room of another."""
    rng = np.random.default_rng(seed)
    picture = np.full((height, width, 4), (*ROOM, 0), np.uint8)
    centre = tuple(int(v) for v in rng.uniform(0.3, 0.7, 2) * (width, height))
    axes = tuple(int(v) for v in rng.uniform(0.2, 0.5, 2) * (width, height))
    return cv2.ellipse(picture, centre, axes, 0, 0, 360, (*HAIR, 255), -1)


@quick
@given(SIZES, st.sampled_from([48, 64, 101]), SEEDS)
def test_mask_goes_where_its_picture_goes(shape, size, seed):
    """Colours tell where every pixel comes from; the mask there has to be that of the left half."""
    rng = np.random.default_rng(seed)
    warped = bend(warp(coordinates(*shape), crop_matrix(shape, size, rng), size, REFLECTED), rng)
    came_from, mask = warped[..., 0].astype(float), warped[..., 3]
    # Reduction mixes neighbours, and the bend another two.
    blur = 4 + 2 * max(shape) / size
    assert (mask[came_from < shape[1] // 2 - blur] == 255).all()
    assert (mask[came_from > shape[1] // 2 + blur] == 0).all()


@quick
@given(SIZES, SIZES, SEEDS, st.booleans())
def test_hair_is_masked_and_what_is_masked_is_hair(shape, other_shape, seed, cut_out):
    """Whatever was put before what: pure hair colour and full mask are in the same places."""
    picture, other = painted(*shape, seed), painted(*other_shape, seed + 1)
    shown = show(picture, other, 64, np.random.default_rng(seed), picture[..., 3] if cut_out else None)
    colours, mask = shown[..., :3].astype(int), shown[..., 3]
    away = np.abs(colours - HAIR).max(axis=-1)
    assert (away[mask == 255] <= 4).all()
    assert (mask[away == 0] >= 251).all()


@quick
@given(SIZES, SEEDS, st.sampled_from([32, 64, 96]), st.booleans())
def test_example_has_the_networks_form(shape, seed, size, known):
    picture = painted(*shape, seed)
    before = picture.copy()
    person = np.full(shape, 255, np.uint8) if known else None
    inputs, target = augment(picture, disc(70, 100), size, np.random.default_rng(seed), person)
    assert (inputs.shape, inputs.dtype) == ((size, size, 4), np.float32)
    assert (target.shape, target.dtype) == ((size, size, 1), np.float32)
    for values in (inputs, target):
        assert values.min() >= 0
        assert values.max() <= 1
    np.testing.assert_array_equal(picture, before)


@quick
@given(SEEDS)
def test_same_seed_same_example(seed):
    one, two = (augment(disc(), disc(70, 100), 64, np.random.default_rng(seed)) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


@quick
@given(st.integers(100, 200), SEEDS)
def test_mask_is_soft_at_its_edges_only(side, seed):
    mask = show(painted(side, side, seed), disc(), 64, np.random.default_rng(seed), None)[..., 3]
    near = np.ones((7, 7))
    reaches_an_end = (cv2.erode(mask, near) <= 4) | (cv2.dilate(mask, near) >= 251)
    assert reaches_an_end[(mask > 4) & (mask < 251)].all()


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.25])
def test_warp_keeps_pixel_centres(scale):
    picture = np.dstack([np.tile(np.arange(128, dtype=np.uint8), (128, 1))] * 4)
    matrix = np.array([[scale, 0, 0.5 * scale - 0.5], [0, scale, 0.5 * scale - 0.5]])
    size = int(128 * scale)
    expected = (np.arange(size) + 0.5) / scale - 0.5
    assert np.abs(warp(picture, matrix, size, REFLECTED)[0, 1:-1, 0] - expected[1:-1]).max() <= 1


def test_half_of_the_pictures_are_mirrored():
    mirrored = []
    for seed in range(100):
        shown = warp(
            coordinates(64, 64), crop_matrix((64, 64), 64, np.random.default_rng(seed)), 64, REFLECTED
        )
        mirrored.append(shown[32, 20, 0] > shown[32, 44, 0])
    assert 30 < sum(mirrored) < 70


@quick
@given(SIZES, SEEDS)
def test_heads_have_the_heights_that_were_asked_for(shape, seed):
    mask = painted(*shape, seed)[..., 3]
    matrix = head_matrix(mask, 128, np.random.default_rng(seed))
    top, bottom = _rows(cv2.warpAffine(mask, matrix, (128, 128)))
    assert HEADS[0] * 128 * 0.75 <= bottom - top <= 128


def test_heads_come_in_all_heights():
    """The box is measured in the frame, where hair that leaves it on one side counts for what is left."""
    heights = []
    for seed in range(150):
        matrix = head_matrix(disc()[..., 3], 128, np.random.default_rng(seed))
        top, bottom = _rows(cv2.warpAffine(disc()[..., 3], matrix, (128, 128)))
        heights.append((bottom - top) / 128)
    low, middle, high = np.quantile(heights, [0.05, 0.5, 0.95])
    assert 0.13 < low < 0.2
    assert 0.33 < middle < 0.45
    assert 0.8 < high <= 1


def test_a_tuft_is_not_blown_up():
    mask = np.zeros((100, 100), np.uint8)
    mask[40:42, 50:52] = 255
    for seed in range(20):
        matrix = head_matrix(mask, 100, np.random.default_rng(seed))
        assert np.sqrt(abs(np.linalg.det(matrix[:, :2]))) < 2.5


def test_a_trace_of_hair_in_a_soft_mask_is_none():
    mask = disc()[..., 3]
    one, two = (head_matrix(m, 64, np.random.default_rng(0)) for m in (mask, np.maximum(mask, 60)))
    np.testing.assert_array_equal(one, two)


def _rows(mask: np.ndarray) -> tuple[int, int]:
    rows = np.flatnonzero((mask > 127).any(axis=1))
    return int(rows[0]), int(rows[-1]) + 1


def test_only_the_person_is_moved():
    """Hair on a person who stands in a room: of the room nothing is left before the other background."""
    picture = np.full((100, 100, 4), (*ROOM, 0), np.uint8)
    picture[20:, 30:70] = (250, 250, 250, 0)
    picture[20:50, 30:70] = (*HAIR, 255)
    person = np.zeros((100, 100), np.uint8)
    person[20:, 30:70] = 255
    other = np.zeros((100, 100, 4), np.uint8)
    for seed in range(10):
        shown = move(picture, other, 64, np.random.default_rng(seed), person)
        seen = shown[-1, :, 0]
        assert seen.max() > 200, "the person stands on the lower edge"
        away = np.abs(shown[..., :3].astype(int) - ROOM).max(axis=-1)
        assert (away < 25).mean() < 0.02
        assert shown[..., 3].max() == 255


def test_without_a_person_the_whole_picture_is_moved():
    picture = np.full((100, 100, 4), (*ROOM, 0), np.uint8)
    picture[30:70, 30:70] = (*HAIR, 255)
    shown = move(picture, np.zeros((100, 100, 4), np.uint8), 64, np.random.default_rng(3), None)
    assert (shown[..., :3] == ROOM).all(axis=-1).any()


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [("empty", 0, 0), ("small", 0.55, 1), ("bent", 0.8, 1), ("large", 0.05, 1), ("damaged", 0.02, 1)],
)
def test_previous_mask_overlaps_the_truth_as_its_kind_says(kind, least, most):
    mask = disc(96, 96)[..., 3]
    for seed in range(10):
        previous = previous_mask(kind, mask, disc(), 96, np.random.default_rng(seed)) > 127
        iou = (previous & (mask > 0)).sum() / (previous | (mask > 0)).sum()
        assert least <= iou <= most, seed


def test_empty_previous_mask_is_zero():
    empty = 0
    for seed in range(100):
        inputs, _ = augment(disc(), disc(70, 100), 32, np.random.default_rng(seed))
        empty += not inputs[..., 3].any()
    assert 50 < empty < 85


def test_wrong_previous_mask_comes_from_the_other_picture():
    other = disc()
    other[..., 3] = 0
    sums = [
        previous_mask("wrong", disc(96, 96)[..., 3], other, 96, np.random.default_rng(s)).mean()
        for s in range(20)
    ]
    assert set(sums) == {0, 255}


def test_kinds_of_previous_mask_add_up():
    assert sum(PREVIOUS.values()) == pytest.approx(1)
    assert PREVIOUS["empty"] >= 0.5
