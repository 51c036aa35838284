"""The validation split: whole groups, of every set, the same every time."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import Example, read_index, read_pair, read_split
from training.split import groups, perceptual_hash, validation_names

ROOT = Path(__file__).parents[2]
HAIR = ROOT / "../shared/data/hair"
SPLIT = ROOT / "training/splits/hair_val.txt"


def test_groups_join_near_duplicates_and_persons():
    names = ["a", "b", "c", "x_personne01247", "x_personne01148", "x_personne02247"]
    examples = [Example(name, "s") for name in names]
    far = [0x0, 0x7, 0xFFFF, 0xFFFF0000, 0xFFFF00000000, 0xFFFF000000000000]
    assert groups(examples, far) == [[0, 1], [2], [3, 4], [5]]


def test_validation_takes_whole_groups_of_every_set():
    rng = np.random.default_rng(0)
    hashes = [int(h) for h in rng.integers(0, 2**63, 100).repeat(2)]
    examples = [Example(f"{i}", "ab"[i >= 100]) for i in range(200)]
    names = {int(name) for name in validation_names(examples, hashes)}
    assert len([i for i in names if i < 100]) == len([i for i in names if i >= 100]) == 12
    assert {i ^ 1 for i in names} == names


def test_hash_survives_compression_and_tells_pictures_apart():
    rng = np.random.default_rng(1)
    one, two = (cv2.resize(rng.integers(0, 256, (6, 6, 3), np.uint8), (96, 96)) for _ in range(2))
    again = cv2.imdecode(cv2.imencode(".jpg", one, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], cv2.IMREAD_COLOR)
    assert (perceptual_hash(one) ^ perceptual_hash(again)).bit_count() <= 6
    assert (perceptual_hash(one) ^ perceptual_hash(two)).bit_count() > 15


@pytest.fixture(scope="module")
def hair() -> tuple[list[Example], list[int]]:
    """The pictures that the committed split is for, and their hashes."""
    if not HAIR.is_dir():
        pytest.skip("needs ../shared/data/hair")
    examples = read_index(HAIR)
    return examples, [perceptual_hash(read_pair(HAIR, e.name)[0]) for e in examples]


def test_committed_split_leaks_nothing_and_covers_all_sets(hair):
    examples, hashes = hair
    held_out = read_split(SPLIT)
    share = {}
    for name in {e.set for e in examples}:
        members = [e.name in held_out for e in examples if e.set == name]
        share[name] = sum(members) / len(members)
    assert held_out <= {e.name for e in examples}
    assert share.keys() == {"figaro", "celeba_a", "celeba_b", "fasseg3"}
    assert all(0.1 < s < 0.3 for s in share.values()), share
    for group in groups(examples, hashes):
        assert len({examples[i].name in held_out for i in group}) == 1


def test_the_committed_split_is_what_the_command_makes(hair):
    assert set(validation_names(*hair)) == read_split(SPLIT)


@pytest.mark.parametrize("sets", ["", "ab"])
def test_command_with_and_without_an_index(tmp_path, sets):
    """Twenty pictures, each there twice: three or four of them are held out, and both copies of each."""
    rng = np.random.default_rng(0)
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
    names = [f"{i:02}{copy}" for i in range(20) for copy in "xy"]
    for i in range(20):
        picture = cv2.resize(rng.integers(0, 256, (6, 6, 3), np.uint8), (64, 64))
        for copy in "xy":
            cv2.imwrite(str(tmp_path / f"images/{i:02}{copy}.jpg"), picture)
            cv2.imwrite(str(tmp_path / f"masks/{i:02}{copy}.png"), np.zeros((64, 64), np.uint8))
    if sets:
        rows = (f"{name},{sets[k >= 20]}\n" for k, name in enumerate(names))
        (tmp_path / "index.csv").write_text("name,set\n" + "".join(rows))
    out = tmp_path / "val.txt"
    command = [sys.executable, "-m", "training.split", str(tmp_path), str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    held_out = read_split(out)
    assert done.stdout == f"{len(held_out)} of 40 pictures -> {out}\n"
    assert 4 <= len(held_out) <= 8
    assert {f"{name[:2]}{copy}" for name in held_out for copy in "xy"} == held_out
    if sets:
        assert {int(name[:2]) >= 10 for name in held_out} == {False, True}


def test_command_refuses_bad_data(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images/one.jpg").write_text("x")
    command = [sys.executable, "-m", "training.split", str(tmp_path), str(tmp_path / "val.txt")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "pictures without a mask (masks/NAME.png): 1" in done.stderr
    assert not (tmp_path / "val.txt").exists()
