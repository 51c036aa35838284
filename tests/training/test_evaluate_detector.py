"""Scoring detectors, on a network that takes red for faces."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.calculators.face.network import middle_of_red, red_is_face
from tests.calculators.nails.network import red_is_nail
from tests.training.square_faces import write_faces, write_labels, write_pictures
from training import evaluate_detector_faces
from training.data import DataError
from training.data_detector import FacePicture, landmarks_face, read_landmarks, read_rgb
from training.evaluate import main
from training.evaluate_detector_boxes import BoxReader, box_ious, matched
from training.evaluate_detector_faces import SIZES, detector_table, empty_pictures, place, score_detector
from training.evaluate_detector_graph import DetectorGraph
from training.evaluate_model import SignatureError


@pytest.fixture
def model(tmp_path) -> Path:
    path = tmp_path / "red.tflite"
    path.write_bytes(red_is_face(0.25))
    return path


@pytest.fixture
def without_peer(monkeypatch):
    """MediaPipe takes half a minute to import; its boxes are the tests of `face_labels`."""
    monkeypatch.setattr(evaluate_detector_faces, "find_spec", lambda name: None)


def test_boxes_in_pixels_of_the_picture(model):
    picture = np.zeros((320, 448, 3), np.uint8)
    picture[112:144, 96:128, 0] = 255
    (found,) = DetectorGraph(model)(picture)
    np.testing.assert_allclose(found[:4], [112 - 56, 128 - 56, 112 + 56, 128 + 56], atol=0.5)
    np.testing.assert_allclose(found[4:8], [89.6, 116.8, 134.4, 116.8], atol=0.5)


def test_no_face(model):
    graph = DetectorGraph(model)
    assert graph(np.zeros((240, 320, 3), np.uint8)).shape == (0, 12)
    assert graph(np.full((100, 30, 3), 90, np.uint8)).shape == (0, 12)


def test_another_model_is_refused(tmp_path):
    path = tmp_path / "nail.tflite"
    path.write_bytes(red_is_nail(64))
    with pytest.raises(SignatureError, match=r"is not a face detector: expected \[\[1, 224, 224, 3\]\]"):
        DetectorGraph(path)


def test_tensors_are_read_as_the_graph_does():
    """One sure cell in the middle, its neighbour less sure: the weighted mean of both."""
    boxes, scores = np.zeros((784, 12), np.float32), np.zeros((784, 1), np.float32)
    boxes[:, 2:4] = np.log(0.5)
    scores[348], scores[349], scores[5] = 0.9, 0.6, 0.4
    (found,) = BoxReader()(boxes, scores)
    x = (0.9 * 12.5 + 0.6 * 13.5) / 1.5 / 28
    np.testing.assert_allclose(found[:4], [x - 0.25, 12.5 / 28 - 0.25, x + 0.25, 12.5 / 28 + 0.25], atol=1e-6)
    assert found[-1] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], [False, False]),
        ([[0, 0, 10, 10]], [True, False]),
        ([[0, 0, 10, 10], [0, 0, 10, 10]], [True, False]),
        ([[0, 0, 10, 10], [30, 0, 40, 9]], [True, True]),
        ([[0, 0, 10, 4]], [False, False]),
    ],
)
def test_matched(found, expected):
    truth = np.array([[0, 0, 10, 10], [30, 0, 40, 10]], float)
    assert matched(np.array(found, float).reshape(-1, 4), truth).tolist() == expected


def test_box_ious():
    found = box_ious(np.array([0, 0, 2, 2.0]), np.array([[1, 0, 3, 2], [0, 0, 2, 2], [5, 5, 6, 6.0]]))
    np.testing.assert_allclose(found, [1 / 3, 1, 0])


@pytest.mark.parametrize("height", [0.1, 0.5, 1.0])
def test_faces_are_placed_at_their_height(tmp_path, height):
    root = write_faces(tmp_path / "faces", ["one"])
    face = FacePicture(read_rgb(root, "one"), (landmarks_face(read_landmarks(root, "one")),))
    frame, box = place(face, np.zeros((50, 40, 3), np.uint8), height, np.random.default_rng(1))
    assert frame.shape == (480, 640, 3)
    assert box[3] - box[1] == pytest.approx(height * 480, rel=1e-3)
    assert frame[int(np.clip((box[1] + box[3]) / 2, 0, 479)), int((box[0] + box[2]) / 2)].min() > 200


def test_scores(tmp_path, model, without_peer):
    """White faces are found by nobody who looks for red; one of the empty pictures is red."""
    faces = write_faces(tmp_path / "faces", ["one", "two"])
    negatives = write_pictures(tmp_path / "negatives", ["a", "b", "c", "d"])
    red = np.zeros((60, 80, 3), np.uint8)
    red[..., 2] = 255
    cv2.imwrite(str(negatives / "images/b.png"), red)
    done = []
    report = score_detector(model, faces, negatives, {"one"}, progress=lambda *counts: done.append(counts))
    assert [score.faces for score in report.sizes] == [1] * len(SIZES)
    assert report.recall.keys() == {"detector"}
    assert report.false_alarms == {"detector": 0.25}
    assert report.empty == 4
    assert done[-1] == (len(SIZES) + 4, len(SIZES) + 4)
    assert detector_table(report).row_count == len(SIZES) + 2


@pytest.mark.parametrize(("share", "through_graph"), [(0.9, 0.5), (3.0, 0.0)])
def test_false_alarms_through_the_graph(tmp_path, model, without_peer, share, through_graph):
    """The landmark network takes a red picture for a face where it asks for as little red as there is."""
    faces = write_faces(tmp_path / "faces", ["one"])
    negatives = write_pictures(tmp_path / "negatives", ["a", "b"])
    red = np.zeros((60, 80, 3), np.uint8)
    red[..., 2] = 255
    cv2.imwrite(str(negatives / "images/b.png"), red)
    landmarks = tmp_path / "middle.tflite"
    landmarks.write_bytes(middle_of_red(0.4, share))
    report = score_detector(model, faces, negatives, landmarks=landmarks)
    assert report.false_alarms == {"detector": 0.5}
    assert report.graph_false_alarms == through_graph
    assert detector_table(report).row_count == len(SIZES) + 3


def test_pictures_that_training_saw_do_not_count(tmp_path, monkeypatch):
    folder = write_pictures(tmp_path / "nails", [f"{i:02}" for i in range(12)])
    labels = write_labels(tmp_path / "labels.csv", [f"nails,{i:02},0{',' * 12}" for i in range(11)])
    monkeypatch.setattr(evaluate_detector_faces, "LABELS", labels)
    assert [path.name for path in empty_pictures(folder)] == ["00.png", "10.png"]
    assert len(empty_pictures(write_pictures(tmp_path / "others", ["a", "b"]))) == 2


def test_nothing_to_measure_on(tmp_path, model, without_peer):
    faces, negatives = write_faces(tmp_path / "faces", ["one"]), write_pictures(tmp_path / "negatives", ["a"])
    with pytest.raises(DataError, match=r"no annotated faces \(.pts\) in images/"):
        score_detector(model, negatives, negatives)
    with pytest.raises(DataError, match="no pictures in images/"):
        score_detector(model, faces, tmp_path)


def test_command(tmp_path, model, without_peer, capsys):
    faces, negatives = write_faces(tmp_path / "faces", ["one"]), write_pictures(tmp_path / "negatives", ["a"])
    assert main(["detector", str(model), str(faces), str(negatives), "--json", "-", "--pictures", "1"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["false_alarms"] == {"detector": 0.0}
    assert len(report["sizes"]) == len(SIZES)
