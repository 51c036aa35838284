import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.ImageFilter import Color3DLUT

from calculators.color.cube import identity_table, lut_from_table, lut_table
from calculators.color.lut import (
    BEYOND,
    DIMMEST,
    FULL_LIGHT,
    LUMA,
    SHADOW,
    LutPair,
    SecondColor,
    apply_lut,
    exposure,
    light_share,
    mix_luts,
)


def flat_lut(red: float, green: float, blue: float) -> Color3DLUT:
    """Gives every colour this one."""
    return lut_from_table(np.broadcast_to(np.array([red, green, blue], np.float32), (2, 2, 2, 3)))


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("intensity", "share"),
    [(0.2, 0), (0.6, 1), (0.4, 0.5), (0.3, 0.25), (0.1, -0.25), (0.7, 1.25), (0, -0.5), (1, 1.5)],
)
def test_light_share(intensity, share):
    assert light_share(intensity, light_intensity=0.6, dark_intensity=0.2) == pytest.approx(share)


@pytest.mark.parametrize(
    ("share", "strength", "expected"),
    [
        (0, 1, [0.2, 0.2, 0.2]),
        (1, 1, [0.8, 0.6, 0.2]),
        (0.5, 1, [0.5, 0.4, 0.2]),
        (1, 0.5, [0.4, 0.3, 0.1]),
        (1, 0, [0, 0, 0]),
    ],
)
def test_mix_luts_at_black(share, strength, expected):
    pair = LutPair(flat_lut(0.8, 0.6, 0.2), flat_lut(0.2, 0.2, 0.2), 0.6, 0.2)
    assert np.allclose(lut_table(mix_luts(pair, share, strength))[0, 0, 0], expected, atol=1e-6)


def test_mix_luts_is_exact_at_the_references():
    light, dark = (lut_from_table(np.random.default_rng(i).random((3, 3, 3, 3))) for i in (1, 2))
    pair = LutPair(light, dark, 0.6, 0.2)
    assert np.array_equal(lut_table(mix_luts(pair, 0, 1)), lut_table(dark))
    assert np.allclose(lut_table(mix_luts(pair, 1, 1)), lut_table(light), atol=1e-7)


def greys(lut: Color3DLUT) -> np.ndarray:
    """The luma that each grey becomes."""
    table = lut_table(lut)
    steps = np.arange(len(table))
    return table[steps, steps, steps] @ LUMA


def rising(lowest: float, highest: float, bend: float) -> Color3DLUT:
    """Makes greys of all colours; lighter ones of lighter colours."""
    luma = identity_table(9) @ LUMA
    return lut_from_table(np.repeat((lowest + (highest - lowest) * luma**bend)[..., None], 3, axis=-1))


def test_beyond_the_references_the_line_goes_on():
    """For hair of luma 0.75, a grey of the table; far from it the nearer table holds."""
    pair = LutPair(rising(0.3, 0.7, 1), rising(0.35, 0.75, 1), 0.6, 0.2)
    beyond = greys(mix_luts(pair, light_share(0.75, 0.6, 0.2), 1))
    assert beyond[6] == pytest.approx(greys(pair.light)[6] - 0.375 * 0.05, abs=1e-6)
    assert beyond[1] == pytest.approx(greys(pair.light)[1], abs=1e-6)


def test_beyond_the_references_nothing_turns_into_its_negative():
    """The plain line from the light table over the dark one falls from some grey on."""
    pair = LutPair(rising(0, 1, 1), rising(0.4, 0.6, 1), 0.6, 0.2)
    line = greys(pair.dark) - BEYOND * (greys(pair.light) - greys(pair.dark))
    assert (np.diff(line) < 0).any()
    assert (np.diff(greys(mix_luts(pair, -BEYOND, 1))) > 0).all()


ends = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@settings(max_examples=50, deadline=None)
@given(ends, ends, st.floats(0.3, 3), st.floats(0.3, 3), st.floats(-BEYOND, 1 + BEYOND))
def test_any_mixture_is_in_gamut_and_keeps_half_the_contrast(light, dark, light_bend, dark_bend, share):
    pair = LutPair(rising(*light, light_bend), rising(*dark, dark_bend), 0.6, 0.2)
    mixed, within = (mix_luts(pair, part, 1) for part in (share, min(max(share, 0), 1)))
    assert lut_table(mixed).min() >= 0
    assert lut_table(mixed).max() <= 1
    low, high = greys(mixed)[:-1], greys(mixed)[1:]
    is_clipped = (low <= 1e-6) | (high >= 1 - 1e-6)
    assert ((high - low >= 0.5 * np.diff(greys(within)) - 1e-5) | is_clipped).all()
    assert (high >= low - 1e-6).all()


@pytest.mark.parametrize(
    ("light", "expected"), [(1, 1), (FULL_LIGHT, 1), (0.8 * FULL_LIGHT, 0.8), (0, DIMMEST)]
)
def test_exposure(light, expected):
    assert exposure(light) == pytest.approx(expected)


def test_in_a_dim_scene_colors_are_dim():
    pair = LutPair(flat_lut(0.8, 0.6, 0.2), flat_lut(0.8, 0.6, 0.2), 0.6, 0.2)
    assert np.allclose(lut_table(mix_luts(pair, 0.5, 1, exposure=0.75)), [0.6, 0.45, 0.15], atol=1e-6)


def test_pair_errors():
    small, large = flat_lut(0, 0, 0), lut_from_table(identity_table(3))
    with pytest.raises(ValueError, match="light LUT has 2 steps a side and the dark one 3"):
        LutPair(small, large, 0.6, 0.2)
    with pytest.raises(ValueError, match=r"0\.2 \(light\) and 0\.6 \(dark\)"):
        LutPair(small, small, 0.2, 0.6)


def test_identity_leaves_the_picture():
    image = noise(20, 30)
    result = apply_lut(image, lut_from_table(identity_table(33)), np.ones((20, 30), np.float32))
    assert np.abs(result.astype(int) - image).max() <= 1


def test_mask_bounds():
    image, before = noise(4, 4), noise(4, 4)
    mask = np.zeros((4, 4), np.float32)
    mask[1, 2] = 1
    result = apply_lut(image, flat_lut(1, 0, 0.2), mask)
    assert result[1, 2].tolist() == [255, 0, 51]
    assert np.array_equal(image, before)
    image[1, 2] = [255, 0, 51]
    assert np.array_equal(result, image)


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (0.0, [10, 20, 30]),
        (0.0019, [10, 20, 30]),
        (0.2, [59, 16, 34]),
        (0.5, [133, 10, 41]),
        (1.0, [255, 0, 51]),
    ],
)
def test_blend_values(mask, expected):
    image = np.full((1, 2, 3), [10, 20, 30], np.uint8)
    result = apply_lut(image, flat_lut(1, 0, 0.2), np.full((1, 2), mask, np.float32))
    assert result.tolist() == [[expected, expected]]


def test_empty_mask_gives_the_picture_itself():
    image = noise(4, 4)
    assert apply_lut(image, flat_lut(1, 0, 0), np.zeros((2, 2), np.float32)) is image


def test_small_mask_is_scaled():
    image = np.zeros((8, 8, 3), np.uint8)
    mask = np.array([[1, 0], [0, 0]], np.float32)
    red = apply_lut(image, flat_lut(1, 0, 0), mask)[..., 0]
    assert (red[:2, :2] == 255).all()
    assert (red[6:] == 0).all()
    assert (red[:, 6:] == 0).all()


def test_only_the_covered_part_is_worked_on():
    image = noise(60, 80)
    mask = np.zeros((60, 80), np.float32)
    mask[20:40, 30:50] = 0.5
    result = apply_lut(image, flat_lut(0, 1, 0), mask)
    changed = (result != image).any(axis=-1)
    assert not changed[:20].any()
    assert not changed[40:].any()
    assert not changed[:, :30].any()
    assert not changed[:, 50:].any()
    assert changed[20:40, 30:50].all()


def test_picture_from_a_larger_one():
    """A picture whose rows do not follow each other in memory."""
    large = noise(10, 20)
    mask = np.ones((5, 5), np.float32)
    part = large[2:7, 3:8]
    assert np.array_equal(
        apply_lut(part, flat_lut(1, 0, 0), mask), apply_lut(part.copy(), flat_lut(1, 0, 0), mask)
    )


RED, GREEN = flat_lut(1, 0, 0), flat_lut(0, 1, 0)


@pytest.mark.parametrize(
    ("mask", "share", "expected"),
    [
        (1.0, 0.0, [255, 0, 0]),
        (1.0, 1.0, [0, 255, 0]),
        (1.0, 0.2, [204, 51, 0]),
        (0.2, 1.0, [8, 67, 24]),
        (0.0, 1.0, [10, 20, 30]),
    ],
)
def test_two_colors(mask, share, expected):
    """Where the mask is half, there is half as much of either colour, and no more."""
    image = np.full((1, 2, 3), [10, 20, 30], np.uint8)
    second = SecondColor(GREEN, np.full((1, 2), share, np.float32))
    result = apply_lut(image, RED, np.full((1, 2), mask, np.float32), second)
    assert np.abs(result.astype(int) - expected).max() <= 1


def test_a_small_share_is_scaled():
    image = np.zeros((8, 4, 3), np.uint8)
    second = SecondColor(GREEN, np.array([[0], [1]], np.float32))
    result = apply_lut(image, RED, np.ones((8, 4), np.float32), second)
    assert (result[:2] == [255, 0, 0]).all()
    assert (result[6:] == [0, 255, 0]).all()
    assert (np.diff(result[:, 0, 1].astype(int)) >= 0).all()


@pytest.mark.parametrize("amount", [0, 0.2, 1])
def test_shadow(amount):
    image = np.full((1, 1, 3), [10, 20, 30], np.uint8)
    white, mask = flat_lut(1, 1, 1), np.ones((1, 1), np.float32)
    result = apply_lut(image, white, mask, shadow=np.full((1, 1), amount, np.float32))
    assert np.abs(result[0, 0] - 255 * (1 - amount * (1 - np.array(SHADOW)))).max() <= 1.5


def test_shadow_darkens_only_what_is_recolored():
    image = noise(4, 4)
    mask = np.zeros((4, 4), np.float32)
    mask[0, 0] = 1
    result = apply_lut(image, flat_lut(1, 1, 1), mask, shadow=np.ones((4, 4), np.float32))
    result[0, 0] = image[0, 0]
    assert np.array_equal(result, image)
