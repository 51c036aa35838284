"""Reading nail pictures and their labels."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from training.data import DataError
from training.data_nails import NailLabel, load_nails, read_labels, read_nails

HEADER = "picture,nail,finger,dx,dy\n"


def write(root: Path, instances: np.ndarray, size: tuple[int, int] = (4, 6)) -> None:
    for folder in ("images", "instances"):
        (root / folder).mkdir(exist_ok=True)
    cv2.imwrite(str(root / "images/one.png"), np.full((*size, 3), (10, 20, 30), np.uint8))
    cv2.imwrite(str(root / "instances/one.png"), instances)


def labels(tmp_path, text: str) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    return path


def test_pairs(tmp_path):
    instances = np.zeros((4, 6), np.uint16)
    instances[1, 2] = 300
    write(tmp_path, instances)
    image, found = read_nails(tmp_path, "one")
    assert image[0, 0].tolist() == [30, 20, 10]
    np.testing.assert_array_equal(found, instances)
    assert found.dtype == np.int32


def test_a_palette_is_read_by_its_numbers(tmp_path):
    write(tmp_path, np.zeros((4, 6), np.uint8))
    picture = Image.fromarray(np.uint8([[0, 1, 2, 0, 0, 2]] * 4), "L").convert("P")
    picture.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
    picture.save(tmp_path / "instances/one.png")
    _, found = read_nails(tmp_path, "one")
    assert found[0].tolist() == [0, 1, 2, 0, 0, 2]


def test_damaged_and_missing_instances(tmp_path):
    write(tmp_path, np.arange(24, dtype=np.uint8).reshape(4, 6))
    path = tmp_path / "instances/one.png"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"one\.png: not a readable picture"):
        read_nails(tmp_path, "one")
    path.unlink()
    with pytest.raises(DataError, match=r"one\.png: no such file"):
        read_nails(tmp_path, "one")


@pytest.mark.parametrize(
    ("instances", "message"),
    [
        (np.zeros((4, 6, 3), np.uint8), "one.png: has colours"),
        (np.zeros((4, 5), np.uint8), "the instances are 5x4, their picture is 6x4"),
    ],
)
def test_bad_instances(tmp_path, instances, message):
    write(tmp_path, instances)
    with pytest.raises(DataError, match=message):
        read_nails(tmp_path, "one")


def test_labels_are_laid_beside_the_nails(tmp_path):
    write(tmp_path, np.uint8([[0, 0, 1, 1, 2, 2]] * 4))
    known = {("one", 1): NailLabel(7, (0.0, -1.0)), ("other", 2): NailLabel(3, None)}
    picture = load_nails(tmp_path, "one", known)
    assert picture.fingers[:4].tolist() == [-1, 7, -1, -1]
    assert picture.directions[:3].tolist() == [[0, 0], [0, -1], [0, 0]]


def test_too_many_nails_are_refused(tmp_path):
    write(tmp_path, np.full((4, 6), 256, np.uint16))
    with pytest.raises(DataError, match="a nail has the value 256, above 255"):
        load_nails(tmp_path, "one", {})


def test_read_labels(tmp_path):
    path = labels(tmp_path, HEADER + "a,1,9,0.6,0.8\na,2,-1,,\nb,1,-1,1,0\n")
    assert read_labels(path) == {
        ("a", 1): NailLabel(9, (0.6, 0.8)),
        ("a", 2): NailLabel(None, None),
        ("b", 1): NailLabel(None, (1.0, 0.0)),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("picture,nail,finger\n", "column missing: dx, dy"),
        (HEADER + "a,1,10,,\n", "line 2: finger 10 is not -1 to 9"),
        (HEADER + "a,1,0,,\na,x,0,,\n", "line 3: invalid literal"),
        (HEADER + "a,1\n", "line 2: int"),
    ],
)
def test_bad_labels(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read_labels(labels(tmp_path, text))


def test_labels_as_spreadsheets_save_them(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_bytes(b"\xef\xbb\xbfpicture,nail,finger,dx,dy\r\na,1,9,,\r\n")
    assert read_labels(path) == {("a", 1): NailLabel(9, None)}
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"labels\.csv: not a table of comma-separated values in UTF-8"):
        read_labels(path)


def test_missing_labels_are_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_labels(tmp_path / "none.csv")
