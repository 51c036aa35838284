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
    read_index,
    read_pair,
    read_split,
)
from training.split import groups, perceptual_hash, validation_names

HAIR = Path(__file__).parents[2] / "../shared/data/hair"
SPLIT = Path(__file__).parents[2] / "training/splits/hair_val.txt"


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


def smaller_mask(data: Path) -> None:
    cv2.imwrite(str(data / "masks/one.png"), np.zeros((8, 16), np.uint8))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: (data / "index.csv").unlink(), r"index\.csv: no such file"),
        (lambda data: (data / "index.csv").write_text("name\none\n"), r"index\.csv: column missing: set"),
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


@pytest.mark.skipif(not HAIR.is_dir(), reason="needs ../shared/data/hair")
def test_committed_split_leaks_nothing_and_covers_all_sets():
    held_out, examples = read_split(SPLIT), read_index(HAIR)
    share = {}
    for name in {e.set for e in examples}:
        members = [e.name in held_out for e in examples if e.set == name]
        share[name] = sum(members) / len(members)
    assert held_out <= {e.name for e in examples}
    assert share.keys() == {"figaro", "celeba_a", "celeba_b", "fasseg3"}
    assert all(0.1 < s < 0.3 for s in share.values()), share
    hashes = [perceptual_hash(read_pair(HAIR, e.name)[0]) for e in examples]
    for group in groups(examples, hashes):
        assert len({examples[i].name in held_out for i in group}) == 1
