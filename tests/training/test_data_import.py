"""Imports from tiny trees in the layouts of the published sets."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import DataError, Example, read_index, read_pair
from training.data_check import find_problems
from training.data_import import FIGARO_TYPES, find_celebamask_hq, find_figaro, import_data

ROOT = Path(__file__).parents[2]
HAIR = ROOT / "../shared/data/hair"


def write(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)


def grey(height: int, width: int) -> np.ndarray:
    return np.full((height, width, 3), 90, np.uint8)


def left(side: int, share: float = 0.5) -> np.ndarray:
    """A mask whose left part is white, as CelebAMask-HQ has them: in three channels."""
    mask = np.zeros((side, side, 3), np.uint8)
    mask[:, : round(side * share)] = 255
    return mask


@pytest.fixture
def celeba(tmp_path) -> Path:
    """Picture 0 has hair, 1 hair under a hat, 1999 none; 2000 is in the next folder of masks."""
    root = tmp_path / "CelebAMask-HQ"
    for number in (0, 1, 1999, 2000):
        write(root / f"CelebA-HQ-img/{number}.jpg", grey(64, 64))
        write(root / f"CelebAMask-HQ-mask-anno/{number // 2000}/{number:05d}_skin.png", left(32))
    for number in (0, 1, 2000):
        write(root / f"CelebAMask-HQ-mask-anno/{number // 2000}/{number:05d}_hair.png", left(32))
    write(root / "CelebAMask-HQ-mask-anno/0/00001_hat.png", left(32, 0.25))
    (root / "CelebAMask-HQ-pose-anno.txt").write_text("30000\n")
    return root


@pytest.fixture
def figaro(tmp_path) -> Path:
    root = tmp_path / "Figaro1k"
    for part, number, suffix in (("Training", 1, "pbm"), ("Training", 151, "png"), ("Testing", 1050, "pbm")):
        write(root / f"Original/{part}/Frame{number:05d}-org.jpg", grey(40, 30))
        write(root / f"GT/{part}/Frame{number:05d}-gt.{suffix}", left(40)[:, 5:35, 0])
    return root


def test_celebamask_hq(celeba, tmp_path):
    out = tmp_path / "out"
    assert import_data("celebamask-hq", celeba, out, 48) == (4, [])
    assert read_index(out) == [
        Example("celebamask-hq_00000", "celebamask-hq", "hair"),
        Example("celebamask-hq_00001", "celebamask-hq", "hat"),
        Example("celebamask-hq_01999", "celebamask-hq", "no-hair"),
        Example("celebamask-hq_02000", "celebamask-hq", "hair"),
    ]
    assert find_problems(out) == []
    rows = [read_pair(out, e.name)[1][20] for e in read_index(out)]
    np.testing.assert_array_equal(rows[0], [255] * 24 + [0] * 24)
    np.testing.assert_array_equal(rows[1], [0] * 12 + [255] * 12 + [0] * 24)
    np.testing.assert_array_equal(rows[2], [0] * 48)
    np.testing.assert_array_equal(rows[3], rows[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CelebAMask-HQ", "out"]


def test_figaro(figaro, tmp_path):
    out = tmp_path / "out"
    assert import_data("figaro", figaro, out) == (3, [])
    assert read_index(out) == [
        Example("figaro_Frame00001", "figaro", "straight"),
        Example("figaro_Frame00151", "figaro", "wavy"),
        Example("figaro_Frame01050", "figaro_test", "short-men"),
    ]
    for example in read_index(out):
        image, mask = read_pair(out, example.name)
        assert image.shape == (40, 30, 3)
        np.testing.assert_array_equal(mask[0], [255] * 15 + [0] * 15)


def test_folder_thresholds_grey_masks(tmp_path):
    write(tmp_path / "mine/images/one.png", grey(100, 50))
    mask = np.zeros((100, 50), np.uint8)
    mask[:50], mask[50:] = 128, 127
    write(tmp_path / "mine/masks/one.png", mask)
    assert import_data("folder", tmp_path / "mine", tmp_path / "out", 50) == (1, [])
    image, mask = read_pair(tmp_path / "out", "one")
    assert image.shape == (50, 25, 3)
    np.testing.assert_array_equal(mask[:, 0], [255] * 25 + [0] * 25)
    assert read_index(tmp_path / "out") == [Example("one")]


@pytest.mark.skipif(not HAIR.is_dir(), reason="needs ../shared/data/hair")
def test_figaro_types_are_those_of_the_index():
    for example in read_index(HAIR):
        if example.set == "figaro":
            number = int(example.name.removeprefix("figaro_Frame"))
            assert FIGARO_TYPES[(number - 1) // 150] == example.tag


def no_masks(celeba: Path) -> None:
    for path in (celeba / "CelebAMask-HQ-mask-anno/1").iterdir():
        path.unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            lambda root: (root / "CelebA-HQ-img").rename(root / "img"),
            r"no folder CelebA-HQ-img; there is CelebAM",
        ),
        (lambda root: [path.unlink() for path in root.glob("*/*.jpg")], r"CelebA-HQ-img: no picture N\.jpg"),
        (
            lambda root: (root / "CelebAMask-HQ-mask-anno/1").rename(root / "1"),
            r"anno/1: no such folder; it has the masks of the pictures 2000 to 3999",
        ),
        (no_masks, r"(?s)1 of 4 pictures are bad:\n.*1/02000_hair\.png: no such file"),
        (
            lambda root: write(root / "CelebAMask-HQ-mask-anno/0/00001_hat.png", left(32)[:16]),
            r"(?s)1 of 4.*00001_hat\.png: the mask is 32x16, its picture is 64x64",
        ),
    ],
)
def test_celebamask_hq_says_what_is_wrong(celeba, tmp_path, damage, message):
    damage(celeba)
    with pytest.raises(DataError, match=message):
        import_data("celebamask-hq", celeba, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda root: (root / "GT").rename(root / "masks"), r"no folder GT; there is Original, masks"),
        (
            lambda root: write(root / "Original/Training/Frame01051-org.jpg", grey(8, 8)),
            r"Frame01051-org\.jpg: expected Frame00001-org\.jpg to Frame01050-org\.jpg",
        ),
        (
            lambda root: (root / "GT/Training/Frame00001-gt.pbm").unlink(),
            r"(?s)1 of 3 pictures are bad:\n.*Frame00001-gt\.pbm: no such file\n.*--skip-bad",
        ),
        (lambda root: (root / "Original").rename(root.parent / "x"), r"no folder Original; there is GT"),
    ],
)
def test_figaro_says_what_is_wrong(figaro, tmp_path, damage, message):
    damage(figaro)
    with pytest.raises(DataError, match=message):
        import_data("figaro", figaro, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_bad_pictures_are_skipped_and_named(figaro, tmp_path):
    (figaro / "Original/Training/Frame00001-org.jpg").write_text("x")
    count, problems = import_data("figaro", figaro, tmp_path / "out", skip_bad=True)
    assert count == 2
    assert len(problems) == 1
    assert "Frame00001-org.jpg: not a readable picture" in problems[0]
    assert len(read_index(tmp_path / "out")) == 2
    assert find_problems(tmp_path / "out") == []


def test_goes_on_where_it_was(figaro, tmp_path):
    """What was converted before the stop is not converted again: its source may even be gone."""
    bad = figaro / "Original/Testing/Frame01050-org.jpg"
    bad.write_text("x")
    with pytest.raises(DataError, match="1 of 3 pictures are bad"):
        import_data("figaro", figaro, tmp_path / "out")
    (tmp_path / "out.figaro-432.partial/images/a.jpg.7.partial").write_text("killed while writing")
    write(bad, grey(40, 30))
    (figaro / "GT/Training/Frame00001-gt.pbm").write_text("x")
    assert import_data("figaro", figaro, tmp_path / "out") == (3, [])
    assert len(list((tmp_path / "out/images").iterdir())) == 3
    with pytest.raises(DataError, match="out: is already there"):
        import_data("figaro", figaro, tmp_path / "out")


def test_other_options_start_anew(figaro, tmp_path):
    bad = figaro / "Original/Testing/Frame01050-org.jpg"
    bad.write_text("x")
    with pytest.raises(DataError, match="1 of 3"):
        import_data("figaro", figaro, tmp_path / "out", 40)
    write(bad, grey(40, 30))
    import_data("figaro", figaro, tmp_path / "out", 32)
    assert {read_pair(tmp_path / "out", e.name)[0].shape for e in read_index(tmp_path / "out")} == {
        (32, 24, 3)
    }


def test_parts_of_the_sets_will_do(celeba, figaro):
    for path in (figaro / "Original/Testing").iterdir():
        path.unlink()
    assert {s.example.set for s in find_figaro(figaro)} == {"figaro"}
    (celeba / "CelebA-HQ-img/2000.jpg").unlink()
    assert len(find_celebamask_hq(celeba)) == 3


def test_command(figaro, tmp_path):
    command = [sys.executable, "-m", "training.data_import", "figaro", str(figaro), str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"3 pictures -> {tmp_path / 'out'}\n")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        f"{tmp_path / 'out'}: is already there; remove it or choose another folder\n",
    )
