import numpy as np
import pytest
from PIL.ImageFilter import Color3DLUT

from calculators.color.lut import (
    LutPair,
    apply_lut,
    identity_table,
    light_share,
    lut_from_table,
    lut_table,
    mix_luts,
    read_cube,
    write_cube,
)
from tryon import GraphError

CUBE = "LUT_3D_SIZE 2\n" + "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))


def flat_lut(red: float, green: float, blue: float) -> Color3DLUT:
    """Gives every colour this one."""
    return lut_from_table(np.broadcast_to(np.array([red, green, blue], np.float32), (2, 2, 2, 3)))


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_cube_round_trip(tmp_path):
    table = np.random.default_rng(0).random((5, 5, 5, 3))
    write_cube(tmp_path / "a.cube", table, "some title", 0.62)
    lut, intensity = read_cube(tmp_path / "a.cube")
    assert intensity == 0.62
    assert np.abs(lut_table(lut) - table).max() <= 5.1e-5


def test_cube_red_runs_fastest(tmp_path):
    (tmp_path / "a.cube").write_text(CUBE)
    lut, intensity = read_cube(tmp_path / "a.cube")
    assert intensity is None
    assert np.array_equal(lut_table(lut), identity_table(2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Cannot read"),
        ("LUT_3D_SIZE 2\n0 0 0\n", "Cannot read"),
        ("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n", "1D LUT"),
        (CUBE.replace("1 1 0", "1 1 x"), "Not a number on line 5"),
        (f"TITLE without quotes\n{CUBE}", "Cannot read"),
        (f"DOMAIN_MAX 255 255 255\n{CUBE}", 'has "DOMAIN_MAX 255 255 255"; only the domain 0 to 1'),
        (f"DOMAIN_MIN -1 -1 -1\n{CUBE}", "only the domain 0 to 1"),
    ],
)
def test_cube_errors(tmp_path, text, message):
    (tmp_path / "bad.cube").write_text(text)
    with pytest.raises(GraphError, match=f'"{tmp_path}/bad.cube".*{message}|{message}.*bad.cube'):
        read_cube(tmp_path / "bad.cube")


def test_cube_with_usual_domain(tmp_path):
    (tmp_path / "a.cube").write_text(f"DOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n{CUBE}")
    assert np.array_equal(lut_table(read_cube(tmp_path / "a.cube")[0]), identity_table(2))


def test_cube_missing(tmp_path):
    with pytest.raises(GraphError, match=r"none\.cube"):
        read_cube(tmp_path / "none.cube")


@pytest.mark.parametrize(
    ("intensity", "share"),
    [(0.2, 0), (0.6, 1), (0.4, 0.5), (0.3, 0.25), (0, 0), (1, 1)],
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
