"""The face detector's task on tiny data."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.square_faces import write_faces, write_labels, write_pictures
from training.config import find_config, read_config
from training.data import DataError
from training.face_detector import FaceDetectorTask

EMPTY = ",".join(["0", *[""] * 12])
FACE = "0.9,0.25,0.25,0.5,0.5,0.4,0.4,0.6,0.4,0.5,0.5,0.5,0.6"


@pytest.fixture
def data(tmp_path) -> Path:
    write_faces(tmp_path / "faces", ["one", "two", "held", "held_too"])
    nothing = [f"n{i}" for i in range(11)]
    write_pictures(tmp_path / "nails", nothing)
    write_pictures(tmp_path / "hair", ["a", "b"])
    rows = [f"nails,{name},{EMPTY}" for name in nothing] + [f"hair,{name},{FACE}" for name in "ab"]
    write_labels(tmp_path / "labels.csv", rows)
    (tmp_path / "split.txt").write_text("held\nheld_too\n")
    return tmp_path


def task_on(data: Path) -> FaceDetectorTask:
    return FaceDetectorTask(
        data / "faces",
        data / "split.txt",
        data / "nails",
        str(data / "labels.csv"),
        str(data / "hair"),
        scenes=2,
    )


def outputs(count: int, score: float) -> list[np.ndarray]:
    """Every cell gives this score, and the whole input as its box."""
    boxes = np.zeros((count, 784, 12), np.float32)
    return [boxes, np.full((count, 784, 1), score, np.float32)]


def test_batch(data):
    task = task_on(data)
    one, two = (task.batch(224, 3, np.random.default_rng(1)) for _ in range(2))
    assert one[0].shape == (3, 224, 224, 3)
    assert one[1].shape == (3, 28, 28, 15)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_validation_is_always_the_same(data):
    one, two = task_on(data)._validation, task_on(data)._validation
    assert len(one) == 4
    heights = [np.ptp(scene.faces[0].box[1::2]) / frame.height for scene, frame in one]
    assert min(heights) == pytest.approx(0.1, rel=0.01)
    for (a, _), (b, _) in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.image, b.image)


@pytest.mark.parametrize(("score", "false_alarms"), [(0.4, 0.0), (0.9, 1.0)])
def test_false_alarms(data, score, false_alarms):
    scores = task_on(data).evaluate(lambda frames: outputs(len(frames), score), 224)
    assert scores["false_alarms"] == false_alarms
    assert scores["mean"] == scores["recall"] - false_alarms


def test_perfect_scores(data):
    """A network that knows the validation's faces."""
    task = task_on(data)
    truth = iter([scene.faces[0].box / 224 for scene, _ in task._validation])

    def knows(frames: np.ndarray) -> list[np.ndarray]:
        boxes, scores = outputs(len(frames), 0.0)
        for i, box in enumerate(truth):
            x, y = (box[:2] + box[2:]) / 2
            boxes[i, 0, :4] = x - 0.025, y - 0.025, *np.log(box[2:] - box[:2])
            scores[i, 0] = 1
        return [boxes, scores]

    assert task.evaluate(knows, 224) == {"mean": 1.0, "recall": 1.0, "small": 1.0, "false_alarms": 0.0}


def test_a_split_that_holds_everything_out(data):
    (data / "split.txt").write_text("one\ntwo\nheld\nheld_too\n")
    with pytest.raises(DataError, match="leaves no face to train on, or none to validate with"):
        task_on(data)


def test_the_committed_configuration_is_of_this_task():
    config = read_config(find_config("face_detector"))
    assert config.task == "face_detector"
    assert FaceDetectorTask.shipped(config).input_shape == (None, 224, 224, 3)
