"""The validation split of the faces: whole photographs, of every set, the same every time."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.tiny_faces import write_faces, write_points
from training.data import read_index, read_split
from training.faces_split import FRACTION, main, same_photograph

ROOT = Path(__file__).parents[2]
FACES = ROOT / "../shared/data/faces"
SPLIT = ROOT / "training/splits/faces_val.txt"


def test_faces_of_one_photograph_differ_in_a_last_number():
    names = ["afw_12_1", "afw_34_1", "afw_12_2", "lfpw_image_0001", "lfpw_image_0002", "afw_12_11"]
    assert same_photograph(names) == [(0, 0), (1, 1), (2, 0), (3, 3), (4, 4), (5, 0)]


def test_the_command_holds_whole_groups_out(tmp_path, monkeypatch, capsys):
    """Ten photographs with two faces each, and a copy of the first face under another name."""
    names = [f"{number:03}_{face}" for number in range(10) for face in (1, 2)]
    images = write_faces(tmp_path / "data", names)
    # Drawn faces are all alike.
    for number, name in enumerate(names):
        noise = np.random.default_rng(number).integers(0, 256, (12, 12, 3), np.uint8)
        cv2.imwrite(str(images / f"{name}.png"), cv2.resize(noise, (120, 120)))
    cv2.imwrite(str(images / "copy.png"), cv2.imread(str(images / "000_1.png"))[:, ::-1])
    (images / "copy.pts").write_text((images / "000_1.pts").read_text())
    out = tmp_path / "splits" / "mine.txt"
    monkeypatch.setattr("sys.argv", ["faces_split", str(tmp_path / "data"), str(out)])
    main()
    held_out = read_split(out)
    assert capsys.readouterr().out.startswith(f"{len(held_out)} of 21 pictures -> {out}")
    assert 3 <= len(held_out) <= 5
    for number in range(10):
        pair = {f"{number:03}_1", f"{number:03}_2"} | ({"copy"} if number == 0 else set())
        assert pair <= held_out or not pair & held_out
    write_points(images / "copy.pts", np.zeros((3, 2)))
    with pytest.raises(SystemExit, match=r"copy\.pts: has 3 points; this annotation has 68"):
        main()


def test_committed_split_holds_whole_photographs_of_every_set():
    if not FACES.is_dir():
        pytest.skip("needs ../shared/data/faces")
    examples = read_index(FACES)
    held_out = read_split(SPLIT)
    names = [example.name for example in examples]
    assert held_out <= set(names)
    for one, other in same_photograph(names):
        assert (names[one] in held_out) == (names[other] in held_out)
    for name in ("helen_train", "lfpw_train", "afw"):
        members = [example.name in held_out for example in examples if example.set == name]
        # A group with pictures of two sets counts for one of them.
        assert np.mean(members) == pytest.approx(FRACTION, abs=0.01)
