import numpy as np
import pytest

from calculators.color.cube import LARGEST, SIZE, identity_table, lut_table, read_cube, resample, write_cube
from tryon import GraphError

CUBE = "LUT_3D_SIZE 2\n" + "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))


def test_round_trip(tmp_path):
    table = np.random.default_rng(0).random((5, 5, 5, 3))
    write_cube(tmp_path / "a.cube", table, "some title", 0.62)
    lut, intensity = read_cube(tmp_path / "a.cube")
    assert intensity == 0.62
    assert np.abs(lut_table(lut) - table).max() <= 5.1e-5


def test_red_runs_fastest(tmp_path):
    (tmp_path / "a.cube").write_text(CUBE)
    lut, intensity = read_cube(tmp_path / "a.cube")
    assert intensity is None
    assert np.array_equal(lut_table(lut), identity_table(2))


@pytest.mark.parametrize(
    "content",
    [
        CUBE.encode(),
        CUBE.replace("\n", "\r\n").encode(),
        f"\ufeff{CUBE}".encode(),
        f"# by Zo\u00eb\n\n{CUBE}".encode("latin-1"),
        f"TITLE without quotes\n{CUBE}".encode(),
        f'TITLE "2 hairs"\n{CUBE}# the end\n\n'.encode(),
        f"DOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n{CUBE}".encode(),
        f"  LUT_3D_INPUT_RANGE 0.0 1.0\n{CUBE}".encode(),
        CUBE.replace("1 1 1", "1.0004 1 1").replace("0 0 0", "-2e-7 0 0").encode(),
    ],
    ids=["plain", "crlf", "bom", "latin", "title", "comments", "domain", "range", "overshoot"],
)
def test_dialects(tmp_path, content):
    (tmp_path / "a.cube").write_bytes(content)
    assert np.array_equal(lut_table(read_cube(tmp_path / "a.cube")[0]), identity_table(2))


@pytest.mark.parametrize(
    "header",
    ["DOMAIN_MIN -1 -1 -1\nDOMAIN_MAX 3 3 3\n", "LUT_3D_INPUT_RANGE -1 3\n"],
)
def test_another_domain(tmp_path, header):
    """The table's first step is -1, its last 3: 0 lies a quarter of the way, 1 half of it."""
    (tmp_path / "a.cube").write_text(f"{header}{CUBE}")
    assert np.allclose(
        lut_table(read_cube(tmp_path / "a.cube")[0]), 0.25 + identity_table(SIZE) / 4, atol=1e-6
    )


def test_a_domain_for_each_channel(tmp_path):
    (tmp_path / "a.cube").write_text(f"DOMAIN_MIN 0 0 0.5\nDOMAIN_MAX 2 1 1\n{CUBE}")
    table = lut_table(read_cube(tmp_path / "a.cube")[0])
    assert np.allclose(table[-1, -1, -1], [0.5, 1, 1], atol=1e-6)
    assert np.allclose(table[SIZE // 4, 0, 0], 0), "below its domain the first step holds"


def test_a_large_table_is_made_smaller(tmp_path):
    write_cube(tmp_path / "a.cube", identity_table(LARGEST + 2), "large", 0.5)
    assert np.allclose(lut_table(read_cube(tmp_path / "a.cube")[0]), identity_table(LARGEST), atol=1e-4)


@pytest.mark.parametrize("size", [2, 17, 33])
def test_resample(size):
    assert np.allclose(resample(identity_table(17), size), identity_table(size), atol=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "No size found"),
        ("LUT_3D_SIZE 2\n", "Not a number on line 1"),
        ("LUT_3D_SIZE 2\n0 0 0\n", "it has 1 colours; LUT_3D_SIZE 2 asks for 8"),
        ("LUT_3D_SIZE 1\n0 0 0\n", "LUT_3D_SIZE is not a number of steps from 2 on"),
        ("LUT_3D_SIZE 2 2 2\n0 0 0\n", "LUT_3D_SIZE is not a number of steps"),
        ("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n", "it is a 1D LUT, which cannot be used"),
        (f"LUT_1D_SIZE 2\n{CUBE}", "a 1D curve before its 3D table.*export it as a 3D LUT alone"),
        (CUBE.replace("1 1 0", "1 1 x"), "Not a number on line 5"),
        (CUBE.replace("1 1 0", "1 1"), "Wrong number of colors on line 5"),
        (CUBE.replace("1 1 0", "1 1 nan"), "values that are no numbers"),
        (CUBE.replace("1", "255"), "values up to 255: export it with values from 0 to 1"),
        (f"DOMAIN_MAX 1 1\n{CUBE}", "wrong number of values on line 1"),
        (f"DOMAIN_MAX 1 1 one\n{CUBE}", "not a number on line 1"),
        (f"DOMAIN_MIN 1 1 1\n{CUBE}", "smallest value of its domain is not below the largest"),
    ],
)
def test_errors(tmp_path, text, message):
    (tmp_path / "bad.cube").write_text(text)
    with pytest.raises(GraphError, match=rf"Cannot read the LUT .*bad\.cube\": .*{message}"):
        read_cube(tmp_path / "bad.cube")


def test_missing(tmp_path):
    with pytest.raises(GraphError, match=r"none\.cube"):
        read_cube(tmp_path / "none.cube")
