"""Data sets: what is read, and what a bad one says."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import (
    DataError,
    Example,
    load_backgrounds,
    load_pictures,
    read_image,
    read_index,
    read_pair,
    read_split,
    write_image,
)


@pytest.fixture
def data(tmp_path) -> Path:
    """A data set of one green picture whose left half is hair."""
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    (tmp_path / "index.csv").write_text("name,set,more\none,mine,7\n")
    cv2.imwrite(str(tmp_path / "images/one.jpg"), np.full((16, 16, 3), (0, 255, 0), np.uint8))
    mask = np.zeros((16, 16), np.uint8)
    mask[:, :8] = 255
    cv2.imwrite(str(tmp_path / "masks/one.png"), mask)
    return tmp_path


def test_reads(data):
    assert read_index(data) == [Example("one", "mine")]
    (picture,) = load_pictures(data, ["one"])
    assert (picture.shape, picture.dtype) == ((16, 16, 4), np.uint8)
    assert picture[0, 0, 1] > 250
    assert picture[0, 0, 0] < 5
    np.testing.assert_array_equal(picture[0, :, 3], [255] * 8 + [0] * 8)


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("name\none\n", [Example("one", "", "")]),
        ("tag,name\ncurly,one\n", [Example("one", "", "curly")]),
        (
            "name,set,tag\none,mine,curly\ntwo,mine,\n",
            [Example("one", "mine", "curly"), Example("two", "mine")],
        ),
        ("\ufeffname,set\r\none,mine\r\n", [Example("one", "mine")]),
    ],
)
def test_columns_of_the_index(data, index, expected):
    (data / "index.csv").write_text(index, encoding="utf-8", newline="")
    assert read_index(data) == expected


def test_without_an_index_every_picture_counts(data):
    (data / "index.csv").unlink()
    for name in ("two.jpeg", "three.png", "FOUR.JPG", ".hidden.jpg", "notes.txt"):
        (data / "images" / name).write_bytes((data / "images/one.jpg").read_bytes())
    assert read_index(data) == [Example("FOUR"), Example("one"), Example("three"), Example("two")]
    (data / "masks/two.png").write_bytes((data / "masks/one.png").read_bytes())
    np.testing.assert_array_equal(*load_pictures(data, ["one", "two"]))


def test_no_data_set(tmp_path):
    with pytest.raises(DataError, match="no pictures; a data set is a folder with images/"):
        read_index(tmp_path / "none")


def test_masks_are_hard_unless_soft_ones_are_wanted(data):
    cv2.imwrite(str(data / "masks/one.png"), np.tile(np.uint8([0, 127, 128, 255]), (16, 4)))
    np.testing.assert_array_equal(read_pair(data, "one")[1][0, :4], [0, 0, 255, 255])
    np.testing.assert_array_equal(read_pair(data, "one", soft=True)[1][0, :4], [0, 127, 128, 255])


def smaller_mask(data: Path) -> None:
    cv2.imwrite(str(data / "masks/one.png"), np.zeros((8, 16), np.uint8))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: (data / "index.csv").write_text("set\none\n"), r"index\.csv: column missing: name"),
        (lambda data: (data / "index.csv").write_text("set,name\none\n"), r"index\.csv: line 2 has no name"),
        (lambda data: (data / "index.csv").write_bytes(b"name\n\xff\n"), r"index\.csv: not a table"),
        (lambda data: (data / "index.csv").write_text("name,set\n"), r"index\.csv: lists no picture"),
        (lambda data: (data / "images/one.jpg").unlink(), r"images/one\.jpg: no such file"),
        (lambda data: (data / "images/one.jpg").write_text("x"), r"images/one\.jpg: not a readable picture"),
        (lambda data: (data / "masks/one.png").unlink(), r"masks/one\.png: no such file"),
        (smaller_mask, r"masks/one\.png: the mask is 16x8, its picture is 16x16"),
    ],
)
def test_bad_data_names_the_file(data, damage, message):
    damage(data)
    with pytest.raises(DataError, match=message):
        load_pictures(data, [example.name for example in read_index(data)])


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_written_pictures_come_back(tmp_path, name):
    image = np.full((8, 8, 3), (10, 120, 240), np.uint8)
    for _ in range(2):
        write_image(tmp_path / name, image)
    assert np.abs(read_image(tmp_path / name, cv2.IMREAD_COLOR).astype(int) - image).max() <= 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_backgrounds_have_no_hair(data):
    (picture,) = load_backgrounds(data / "images", 5)
    assert picture.shape == (16, 16, 4)
    assert picture[0, 0, 1] > 250
    assert (picture[..., 3] == 0).all()


def test_backgrounds_are_taken_evenly(tmp_path):
    for i in range(6):
        cv2.imwrite(str(tmp_path / f"{i}.jpg"), np.full((8, 8, 3), 40 * i, np.uint8))
    assert [round(int(p[0, 0, 0]) / 40) for p in load_backgrounds(tmp_path, 3)] == [0, 2, 4]


def test_no_background_names_the_folder(tmp_path):
    with pytest.raises(DataError, match=r"none: no \.jpg picture"):
        load_backgrounds(tmp_path / "none", 5)


def test_split_file(tmp_path):
    (tmp_path / "split.txt").write_text("# how\n\none\n two \n")
    assert read_split(tmp_path / "split.txt") == {"one", "two"}
    with pytest.raises(DataError, match=r"none\.txt: no such file"):
        read_split(tmp_path / "none.txt")
