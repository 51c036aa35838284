"""The hair task on a data set of one picture a set, and one held out."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import DataError
from training.hair import OWN_SHARE, SHARES, HairTask, hairless_parts


@pytest.fixture
def data(tmp_path) -> Path:
    """Pictures whose left half is white and hair; `held` is the one in the split."""
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    half = np.zeros((64, 64), np.uint8)
    half[:, :32] = 255
    names = {**{f"one_{name}": name for name in SHARES}, "held": "figaro"}
    for name in names:
        cv2.imwrite(str(tmp_path / f"images/{name}.jpg"), half)
        cv2.imwrite(str(tmp_path / f"masks/{name}.png"), half)
    (tmp_path / "index.csv").write_text("name,set\n" + "".join(f"{n},{s}\n" for n, s in names.items()))
    (tmp_path / "split.txt").write_text("held\n")
    (tmp_path / "backgrounds").mkdir()
    cv2.imwrite(str(tmp_path / "backgrounds/wall.jpg"), half)
    return tmp_path


def task_on(data: Path) -> HairTask:
    return HairTask(data, data / "split.txt", data / "backgrounds")


def test_shares_add_up():
    assert sum(SHARES.values()) == pytest.approx(1)
    assert SHARES["figaro"] >= 0.5


def test_batch(data):
    task = task_on(data)
    one, two = (task.batch(32, 6, np.random.default_rng(1)) for _ in range(2))
    assert one[0].shape == (6, 32, 32, 4)
    assert one[1].shape == (6, 32, 32, 1)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_evaluates_the_held_out_pictures_only(data):
    task = task_on(data)
    assert task.evaluate(lambda frames: frames[..., :1], 32) == {"figaro": 1.0, "mean": 1.0}
    assert task.evaluate(np.ones_like, 32)["mean"] == 0.5


def test_a_set_without_pictures_is_named(data):
    (data / "index.csv").write_text("name,set\nheld,figaro\none_figaro,figaro\n")
    with pytest.raises(DataError, match="no picture to train on in the set 'celeba_a'"):
        task_on(data)


def test_own_masks_come_back_as_previous_masks():
    """A network that adds 0.25 to the previous mask; every other mask is hardened: 6 p - 0.5."""
    inputs = np.zeros((20, 8, 8, 4), np.float32)
    fed = HairTask.feed_back(inputs, lambda frames: frames[..., 3:] + 0.25)
    assert round(20 * OWN_SHARE) == 8
    twice, once, none = fed[:4, 0, 0, 3], fed[4:8, 0, 0, 3], fed[8:, 0, 0, 3]
    np.testing.assert_allclose(twice, [1, 0.5, 1, 0.5])
    np.testing.assert_allclose(once, [1, 0.25, 1, 0.25])
    assert (none == 0).all()
    assert (fed[..., :3] == 0).all()


@pytest.mark.parametrize(
    ("hair", "expected"),
    [
        # Rows and columns of the hair in a picture of 120 x 200, and the sizes of the parts without any
        ((slice(0, 0), slice(0, 0)), [(120, 80), (120, 80), (48, 200), (48, 200)]),
        ((slice(50, 60), slice(90, 110)), [(120, 80), (120, 80), (48, 200), (48, 200)]),
        ((slice(0, 120), slice(0, 10)), [(120, 80)]),
        ((slice(0, 10), slice(190, 200)), [(120, 80), (48, 200)]),
        ((slice(0, 120), slice(0, 200)), []),
    ],
)
def test_hairless_parts(hair, expected):
    picture = np.full((120, 200, 4), 9, np.uint8)
    picture[..., 3] = 0
    picture[(*hair, 3)] = 255
    assert [part.shape[:2] for part in hairless_parts(picture)] == expected


def test_hairless_parts_are_not_too_small():
    assert hairless_parts(np.zeros((100, 100, 4), np.uint8)) == []
