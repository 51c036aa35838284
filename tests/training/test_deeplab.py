"""The study's task on a few pictures, and its figures."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data import DataError
from training.deeplab import DeepLabTask, squared_error
from training.deeplab_figures import draw_epochs, draw_masks


@pytest.fixture
def data(tmp_path) -> Path:
    """Ten pictures whose left half is white and hair; every fifth is held out."""
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
    half = np.zeros((48, 64), np.uint8)
    half[:, :32] = 255
    names = [f"p{i}" for i in range(10)]
    for name in names:
        cv2.imwrite(str(tmp_path / f"images/{name}.jpg"), half)
        cv2.imwrite(str(tmp_path / f"masks/{name}.png"), half)
    sets = ["one", "two"] * 5
    rows = "".join(f"{name},{of}\n" for name, of in zip(names, sets, strict=True))
    (tmp_path / "index.csv").write_text("name,set\n" + rows)
    (tmp_path / "split.txt").write_text("p0\np5\n")
    return tmp_path


def task_on(data: Path, **options) -> DeepLabTask:
    return DeepLabTask(data, data / "split.txt", data / "none", **options)


def test_batch(data):
    """Different pictures, stretched; the same for the same random numbers."""
    task = task_on(data)
    inputs, targets = task.batch(32, 6, np.random.default_rng(1))
    assert inputs.shape == (6, 32, 32, 3)
    assert targets.shape == (6, 32, 32, 1)
    assert inputs.dtype == targets.dtype == np.float32
    np.testing.assert_allclose(inputs[:, :, :12], 1, atol=0.03)
    np.testing.assert_array_equal(targets[:, :, :16], 1)
    np.testing.assert_array_equal(targets[:, :, 16:], 0)
    np.testing.assert_array_equal(inputs, task.batch(32, 6, np.random.default_rng(1))[0])
    assert task.feed_back(inputs, lambda frames: frames) is inputs


def test_more_pictures_in_a_batch_than_there_are(data):
    assert len(task_on(data).batch(16, 20, np.random.default_rng(1))[0]) == 20


def test_scores_of_the_truth(data):
    scores = task_on(data).evaluate(lambda frames: (frames[..., :1] > 0.5).astype(np.float32), 32)
    assert scores == {
        "validation_loss": 0.0,
        "train_f1": 1.0,
        "f1": 1.0,
        "train_auroc": 1.0,
        "auroc": 1.0,
        "one": 1.0,
        "two": 1.0,
        "mean": 1.0,
    }


def test_scores_of_a_guess(data):
    """One half everywhere is not above the threshold, tells nothing apart, and is off by a half."""
    scores = task_on(data).evaluate(lambda frames: np.full_like(frames[..., :1], 0.5), 32)
    assert scores["validation_loss"] == pytest.approx(0.25)
    assert scores["auroc"] == scores["train_auroc"] == pytest.approx(0.5)
    assert scores["f1"] == scores["mean"] == 0


def test_a_part_of_the_pictures(data):
    task = task_on(data, train_pictures=3, validation_pictures=1)
    assert set(task.evaluate(lambda frames: frames[..., :1], 32)) >= {"one", "mean"}
    assert "two" not in task.evaluate(lambda frames: frames[..., :1], 32)
    pictures, inputs = task.examples(5, 16)
    assert (len(pictures), inputs.shape) == (1, (1, 16, 16, 3))


@pytest.mark.parametrize(
    ("held_out", "side"), [("", "validate with"), ("p0 p1 p2 p3 p4 p5 p6 p7 p8 p9", "train on")]
)
def test_an_empty_side(data, held_out, side):
    (data / "split.txt").write_text(held_out.replace(" ", "\n"))
    with pytest.raises(DataError, match=f"split.txt: no picture to {side}"):
        task_on(data)


@pytest.mark.parametrize(
    ("logits", "expected"), [([[0.0, 0.0]], 0.25), ([[-50.0, 50.0]], 0.0), ([[50.0, 0.0]], 0.625)]
)
def test_squared_error(logits, expected):
    target = np.float32([[0, 1]]).reshape(1, 1, 2, 1)
    assert float(squared_error(target, np.float32(logits).reshape(1, 1, 2, 1))) == pytest.approx(expected)


class TestFigures:
    ROW = dict.fromkeys(("loss", "validation_loss", "train_f1", "f1", "train_auroc", "auroc"), 0.5)

    def test_epochs(self, tmp_path):
        history = [{"epoch": 1, **self.ROW}, {"epoch": 2, **self.ROW}]
        draw_epochs({"pretrained": history, "random": history[:1]}, tmp_path / "epochs.png")
        assert cv2.imread(str(tmp_path / "epochs.png")).shape == (306, 990, 3)

    def test_masks(self, tmp_path):
        picture = np.full((30, 40, 4), 255, np.uint8)
        masks = {"pretrained": [np.zeros((8, 8), np.float32)], "random": [np.ones((8, 8), np.float32)]}
        draw_masks([picture], masks, tmp_path / "masks.png")
        assert cv2.imread(str(tmp_path / "masks.png")).shape == (180, 720, 3)
