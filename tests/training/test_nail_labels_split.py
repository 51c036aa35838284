"""The validation split of the nails: one source on one side, and no augmented copies held out."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import find_picture, read_image, read_split
from training.nail_labels_split import (
    AUGMENTED,
    WITH_NAILS,
    WITHOUT_NAILS,
    choose,
    hold_out,
    main,
    read_sources,
    same_source,
    source,
)
from training.picture_groups import turned_hashes
from training.split import MAX_HASH_DISTANCE

ROOT = Path(__file__).parents[2]
NAILS = ROOT / "../shared/data/nails"
SPLIT = ROOT / "training/splits/nail_val.txt"


def noise(seed: int) -> np.ndarray:
    """A picture with edges."""
    small = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), np.uint8)
    return cv2.resize(small, (200, 200), interpolation=cv2.INTER_NEAREST)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2_PNG_jpg.rf.0a", "2_PNG_jpg"),
        ("frames_12_frame0639_jpg.rf.0a", "frames_12_"),
        ("video_2022-06-22_17-44-01_004_jpg.rf.0a", "video_2022-06-22_17-44-01_"),
        ("IMG_20230416_100506_jpg.rf.0a", "IMG_20230416_"),
    ],
)
def test_source(name, expected):
    assert source(name) == expected


def test_same_source_pairs_with_the_first():
    assert list(same_source(["a.rf.1", "b.rf.1", "a.rf.2"])) == [(0, 0), (1, 1), (2, 0)]


def test_choose_takes_whole_groups_of_allowed_pictures():
    groups = [[0, 1], [2], [3, 4, 5], [6], list(range(7, 16))]
    chosen = choose(groups, [i != 2 for i in range(16)], 16)
    assert sorted(chosen) == [0, 1, 3, 4, 5, 6]
    assert chosen == choose(groups, [i != 2 for i in range(16)], 16)
    assert len(choose(groups, [True] * 16, 3)) <= 3


def test_a_small_set_is_not_held_out_whole():
    """Of 40 pictures with nails, of which some are augmented, 6; of 20 without, 3, none that shows one."""
    names = [f"nail_{number:04d}" for number in range(100, 160)]
    sources = {name: "augmented_1" if i < 10 else name for i, name in enumerate(names)}
    nails = [i < 40 for i in range(60)]
    left_out = set(names[45:])
    chosen = hold_out(sources, nails, [[i] for i in range(60)], left_out)
    assert [nails[i] for i in chosen].count(True) == 6
    assert [nails[i] for i in chosen].count(False) == 3
    assert chosen == sorted(chosen)
    assert min(chosen) >= 10
    assert not {names[i] for i in chosen} & left_out


def test_sources_of_a_folder(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images/a.png").touch()
    assert read_sources(tmp_path) == {"a": "a"}
    (tmp_path / "index.csv").write_text("name\na\nb\n")
    assert read_sources(tmp_path) == {"a": "a", "b": "b"}
    (tmp_path / "index.csv").write_text("name,source_name\na,x.rf.1\nb,\n")
    assert read_sources(tmp_path) == {"a": "x.rf.1", "b": "b"}


def test_the_command_on_a_folder_of_ones_own(tmp_path, monkeypatch, capsys):
    for folder in ("images", "instances"):
        (tmp_path / folder).mkdir()
    for number in range(8):
        picture = noise(number)
        instances = np.zeros(picture.shape[:2], np.uint8)
        instances[10:20, 10:30] = number > 0
        cv2.imwrite(str(tmp_path / f"images/{number}.png"), picture)
        cv2.imwrite(str(tmp_path / f"instances/{number}.png"), instances)
    out = tmp_path / "splits" / "mine.txt"
    monkeypatch.setattr("sys.argv", ["nail_labels_split", str(tmp_path), str(out)])
    main()
    assert capsys.readouterr().out.startswith("1 of 8 pictures -> ")
    (name,) = read_split(out)
    assert name in set("1234567")
    (tmp_path / "instances/3.png").unlink()
    with pytest.raises(SystemExit, match=r"3\.png: no such file"):
        main()


def test_committed_split_holds_originals_of_sources_of_its_own():
    if not NAILS.is_dir():
        pytest.skip("needs ../shared/data/nails")
    rows = list(csv.DictReader((NAILS / "index.csv").read_text().splitlines()))
    held_out = read_split(SPLIT)
    inside = [row for row in rows if row["name"] in held_out]
    assert len(inside) == len(held_out) == WITH_NAILS + WITHOUT_NAILS
    assert sum(row["nails"] == "0" for row in inside) == WITHOUT_NAILS
    assert not held_out & read_split(SPLIT.with_name("nail_left_out.txt"))
    assert not any(row["source_name"].startswith(AUGMENTED) for row in inside)
    outside = {source(row["source_name"]) for row in rows if row["name"] not in held_out}
    assert not outside & {source(row["source_name"]) for row in inside}


def test_committed_split_has_no_near_duplicate_outside():
    if not NAILS.is_dir():
        pytest.skip("needs ../shared/data/nails")
    rows = list(csv.DictReader((NAILS / "index.csv").read_text().splitlines()))
    held_out = read_split(SPLIT)
    few = [row["name"] for row in rows if row["name"] in held_out][::10]
    many = [row["name"] for row in rows if row["name"] not in held_out][::10]
    pictures = {
        name: cv2.cvtColor(read_image(find_picture(NAILS, name), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        for name in few + many
    }
    upright = {name: turned_hashes(pictures[name])[0] for name in many}
    for name in few:
        for one in turned_hashes(pictures[name]):
            assert min((one ^ other).bit_count() for other in upright.values()) > MAX_HASH_DISTANCE
