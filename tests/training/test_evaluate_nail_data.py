"""What is wrong with a folder of nails is said all at once."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import DataError
from training.data_check import usable_examples
from training.data_nails import read_nails
from training.evaluate_nail_data import Kind, find_problems

NAIL = np.zeros((6, 8), np.uint8)
NAIL[2:4, 2:6] = 1


def write(root: Path, name: str, picture: np.ndarray | None, instances: np.ndarray | None) -> None:
    """A pair, or half of one."""
    for folder, pixels in (("images", picture), ("instances", instances)):
        (root / folder).mkdir(parents=True, exist_ok=True)
        if pixels is not None:
            assert cv2.imwrite(str(root / folder / f"{name}.png"), pixels)


@pytest.fixture
def data(tmp_path) -> Path:
    """Good pictures: in colour, grey, with transparency, of 16 bits; an instance picture of 16 bits."""
    colour = np.full((6, 8, 3), 100, np.uint8)
    write(tmp_path, "colour", colour, NAIL)
    write(tmp_path, "grey", colour[..., 0], NAIL)
    write(tmp_path, "transparent", np.dstack((colour, NAIL)), NAIL)
    write(tmp_path, "deep", colour.astype(np.uint16) * 257, NAIL.astype(np.uint16) * 300)
    return tmp_path


def test_good_pictures(data):
    assert find_problems(data) == []
    for name in ("colour", "grey", "transparent", "deep"):
        picture, instances = read_nails(data, name)
        assert (picture.shape, picture.dtype, int(picture[0, 0, 0])) == ((6, 8, 3), np.uint8, 100)
        assert instances.dtype == np.int32
    assert np.unique(instances).tolist() == [0, 300]


def test_all_problems_are_found_and_named(data):
    colour = np.full((6, 8, 3), 100, np.uint8)
    write(data, "alone", colour, None)
    write(data, "lost", None, NAIL)
    write(data, "small", colour, NAIL[:5])
    write(data, "painted", colour, np.dstack([NAIL] * 3))
    (data / "images" / "broken.jpg").write_bytes(b"none")
    write(data, "broken", None, NAIL)
    write(data, "torn", colour, NAIL)
    whole = (data / "instances" / "torn.png").read_bytes()
    (data / "instances" / "torn.png").write_bytes(whole[:-30])
    cv2.imwrite(str(data / "images" / "grey.jpg"), colour)
    found = {(problem.kind, problem.name) for problem in find_problems(data)}
    assert found >= {
        (Kind.NO_INSTANCES, "alone"),
        (Kind.NO_PICTURE, "lost"),
        (Kind.UNUSABLE, "small"),
        (Kind.UNUSABLE, "painted"),
        (Kind.UNUSABLE, "broken"),
        (Kind.SEVERAL, "grey"),
    }
    with pytest.raises(DataError) as raised:
        usable_examples(data, find=find_problems)
    message = str(raised.value)
    for part in (
        "7 problems",
        "pictures without instances (instances/NAME.png): 1",
        "alone",
        "lost",
        "8x5",
        "8x6",
        "painted.png: has colours",
        "broken.jpg",
    ):
        assert part in message
    examples, problems = usable_examples(data, skip_bad=True, find=find_problems)
    assert {"colour", "transparent", "deep"} <= {example.name for example in examples}
    assert {"alone", "lost", "small", "painted", "broken", "grey"} <= {problem.name for problem in problems}


def test_the_index(data):
    (data / "index.csv").write_text("name,tag\ncolour,red\ncolour,red\nnobody,\n")
    assert {(p.kind, p.name) for p in find_problems(data)} == {
        (Kind.TWICE, "colour"),
        (Kind.UNLISTED, "nobody"),
    }
    examples, _ = usable_examples(data, skip_bad=True, find=find_problems)
    assert [(example.name, example.tag) for example in examples] == [("colour", "red")]


@pytest.mark.parametrize("folder", ["images", "instances"])
@pytest.mark.parametrize("missing", [True, False])
def test_a_missing_or_empty_folder(data, folder, missing):
    shutil.rmtree(data / folder)
    if not missing:
        (data / folder).mkdir()
    with pytest.raises(DataError, match=f"no pictures in {folder}/; a data set is a folder with images/"):
        find_problems(data)


def test_nothing_usable(data):
    with pytest.raises(DataError, match="no usable picture"):
        usable_examples(data, ["nobody"], skip_bad=True, find=find_problems)
