"""A data set's problems: each is found, named, counted, and refused or skipped."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import DataError, Example
from training.data_check import BadData, Kind, Problem, describe, find_problems, usable_examples

ROOT = Path(__file__).parents[2]


def write(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(exist_ok=True)
    assert cv2.imwrite(str(path), pixels)


def half() -> np.ndarray:
    mask = np.zeros((16, 20), np.uint8)
    mask[:, :10] = 255
    return mask


@pytest.fixture
def data(tmp_path) -> Path:
    """Five good pairs, a to e, and an index that lists them."""
    for name in "abcde":
        write(tmp_path / f"images/{name}.jpg", np.full((16, 20, 3), 90, np.uint8))
        write(tmp_path / f"masks/{name}.png", half())
    (tmp_path / "index.csv").write_text("name\na\nb\nc\nd\ne\n")
    return tmp_path


def grey_mask(data: Path) -> None:
    mask = half()
    mask[0, :3] = 1
    mask[1, 0] = 128
    write(data / "masks/b.png", mask)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda data: None, None),
        (lambda data: (data / "masks/b.png").unlink(), Problem(Kind.NO_MASK, "b")),
        (lambda data: (data / "images/b.jpg").unlink(), Problem(Kind.NO_PICTURE, "b")),
        (lambda data: write(data / "images/z.png", half()), Problem(Kind.NO_MASK, "z")),
        (lambda data: write(data / "masks/z.png", half()), Problem(Kind.NO_PICTURE, "z")),
        (lambda data: (data / "index.csv").write_text("name\na\nq\n"), Problem(Kind.UNLISTED, "q")),
        (lambda data: (data / "index.csv").write_text("name\na\nb\na\n"), Problem(Kind.TWICE, "a")),
        (lambda data: write(data / "images/b.png", half()), Problem(Kind.SEVERAL, "b")),
        (lambda data: (data / "images/b.jpg").write_text("x"), Problem(Kind.UNREADABLE_PICTURE, "b")),
        (lambda data: (data / "images/b.jpg").write_text(""), Problem(Kind.UNREADABLE_PICTURE, "b")),
        (lambda data: cut(data / "images/b.jpg"), Problem(Kind.UNREADABLE_PICTURE, "b")),
        (lambda data: cut(data / "masks/b.png"), Problem(Kind.UNREADABLE_MASK, "b")),
        (
            lambda data: write(data / "masks/b.png", half()[:, 4:]),
            Problem(Kind.SIZES, "b", "16x16, its picture 20x16"),
        ),
        (grey_mask, Problem(Kind.GREY, "b", "4 pixels, 1.25%: 1, 128")),
    ],
)
def test_finds(data, damage, problem):
    damage(data)
    assert find_problems(data) == ([problem] if problem else [])


def spoil(data: Path) -> None:
    (data / "masks/a.png").unlink()
    (data / "images/b.jpg").write_text("x")
    grey_mask(data)
    write(data / "masks/d.png", half()[:, 4:])


def test_refuses_with_everything(data):
    spoil(data)
    with pytest.raises(BadData) as caught:
        usable_examples(data)
    assert str(caught.value) == (
        f"{data}: 4 problems\n"
        "  pictures without a mask (masks/NAME.png): 1\n"
        "    a\n"
        "  unreadable pictures: 1\n"
        "    b\n"
        "  masks of another size than their picture: 1\n"
        "    d (16x16, its picture 20x16)\n"
        "  masks with values other than 0 and 255 (grey: threshold them at 128, or pass --skip-bad): 1\n"
        "    b (4 pixels, 1.25%: 1, 128)"
    )
    assert isinstance(caught.value, DataError)
    assert len(caught.value.problems) == 4


def test_skips(data):
    spoil(data)
    examples, problems = usable_examples(data, skip_bad=True)
    assert examples == [Example("c"), Example("e")]
    assert {problem.name for problem in problems} == {"a", "b", "d"}


def test_looks_at_the_names_only(data):
    spoil(data)
    assert usable_examples(data, {"c", "e"}) == ([Example("c"), Example("e")], [])


def test_listed_twice_counts_once(data):
    (data / "index.csv").write_text("name\na\nb\na\n")
    assert usable_examples(data, skip_bad=True) == ([Example("a"), Example("b")], [Problem(Kind.TWICE, "a")])


def test_nothing_left(data):
    for name in "abcde":
        (data / f"masks/{name}.png").unlink()
    with pytest.raises(DataError, match=r"no usable picture; 5 problems\n  pictures without a mask.*: 5"):
        usable_examples(data, skip_bad=True)
    with pytest.raises(DataError, match=r"no usable picture$"):
        usable_examples(data, {"q"})


def test_ten_names_a_kind():
    text = describe([Problem(Kind.NO_MASK, f"{i}") for i in range(33)])
    assert text.endswith(
        "  pictures without a mask (masks/NAME.png): 33\n    0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 23 more"
    )


@pytest.mark.parametrize(
    ("damage", "code", "text"),
    [
        (lambda data: None, 0, "5 pictures, no problem"),
        (spoil, 1, "4 problems"),
        (lambda data: (data / "index.csv").write_text("x\n1\n"), 1, "index.csv: column missing: name"),
    ],
)
def test_command(data, damage, code, text):
    damage(data)
    command = [sys.executable, "-m", "training.data_check", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code
    assert text in done.stdout + done.stderr
