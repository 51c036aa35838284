"""Landmarks through the users' graph, with networks whose answers are known: red squares are faces."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.face.landmark_layout import IBUG_68
from calculators.face.types import Face
from tests.training.red_faces import SIZE, Models, picture, true_points, write_face, write_models
from training import evaluate
from training.evaluate import main
from training.evaluate_landmarks_graph import MAX_FACES, FaceGraph, annotated
from training.evaluate_landmarks_pictures import score_landmark_pictures
from training.evaluate_landmarks_report import draw_ced, landmark_tables
from tryon import GraphError


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Models:
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def data(tmp_path) -> Path:
    """A face that is found exactly, one that is found 6 pixels off, beside another person, one that is
    missed, and one that is missed while another person is found."""
    write_face(tmp_path, "exact", (104, 120), picture([(104, 120)]))
    write_face(tmp_path, "off", (104, 120), picture([(104, 120), (248, 216)]), shift=(6, 0))
    write_face(tmp_path, "missed", (200, 200), picture([]))
    write_face(tmp_path, "other", (72, 72), picture([(200, 200)]))
    (tmp_path / "index.csv").write_text("name,set\nexact,good\noff,good\nmissed,bad\nother,bad\n")
    return tmp_path


def test_each_picture_is_a_fresh_start(models):
    """The second picture shows the same face as the first, elsewhere: a tracker would have lost it."""
    graph = FaceGraph(models.landmarks, models.detector, 1)
    for middle in ((72, 72), (232, 232), (72, 72)):
        (face,) = graph.picture(picture([middle]))
        assert face.id == 0
        np.testing.assert_allclose(face.landmarks * SIZE, true_points(*middle), atol=1)


def test_a_video_with_and_without_calming(models):
    frames = [picture([(104 + 4 * step, 104)]) for step in range(5)]
    graph = FaceGraph(models.landmarks, models.detector, 1)
    for step, seen in enumerate(graph.video(frames)):
        (raw,), (calm,) = seen.raw, seen.calm
        np.testing.assert_allclose(raw.landmarks * SIZE, true_points(104 + 4 * step, 104), atol=1.5)
        assert (calm.landmarks[:, 0] <= raw.landmarks[:, 0] + 1e-6).all()
        assert raw.id == calm.id == 0


def test_a_face_that_is_gone_is_not_kept(models):
    graph = FaceGraph(models.landmarks, models.detector, 1)
    frames = [picture([(104, 104)]), *[picture([])] * 3]
    assert [(len(seen.raw), len(seen.calm)) for seen in graph.video(frames)] == [(1, 1), *[(0, 0)] * 3]


@pytest.mark.parametrize(
    ("middles", "expected"),
    [([], None), ([(100, 100)], 0), ([(120, 100), (104, 100)], 1), ([(160, 100)], None)],
)
def test_the_nearest_face_is_the_annotated_one(middles, expected):
    faces = [Face((true_points(*middle) / SIZE).astype(np.float32), 1.0) for middle in middles]
    assert annotated(faces, true_points(100, 100), (SIZE, SIZE)) == expected


def test_scores(models, data):
    report = score_landmark_pictures(models.landmarks, data, detector=models.detector)
    assert report.graph is not None
    scores = report.graph.scores
    eyes = IBUG_68.inter_ocular(true_points(0, 0))
    assert (scores.faces, scores.missed) == (4, 2)
    assert scores.inter_ocular == pytest.approx(100 * 6 / eyes / 2, abs=1.5)
    assert scores.failure_rate == 75
    assert scores.auc == pytest.approx(0.25, abs=0.1)
    assert {name: some.missed for name, some in report.graph.per_set.items()} == {"bad": 2, "good": 0}
    bad = report.graph.per_set["bad"]
    assert (bad.inter_ocular, bad.failure_rate, bad.auc) == (None, 100, 0)
    assert [face.through_graph is None for face in report.faces] == [False, False, True, True]


def test_report(models, data):
    report = score_landmark_pictures(models.landmarks, data, detector=models.detector)
    assert [table.row_count for table in landmark_tables(report)] == [3, 3]
    assert cv2.imdecode(np.frombuffer(draw_ced(report), np.uint8), cv2.IMREAD_COLOR).shape[0] > 100


def test_the_command(models, data, capsys, monkeypatch):
    monkeypatch.chdir(data)
    arguments = ["landmarks", str(models.landmarks), str(data), "--detector", str(models.detector)]
    assert main([*arguments, "--json", "-"]) == 0
    captured = capsys.readouterr()
    scores = json.loads(captured.out)
    assert (scores["box"], scores["faces"]) == ("annotation", 4)
    assert (scores["graph"]["detector"], scores["graph"]["missed"]) == (str(models.detector), 2)
    assert [picture["found"] for picture in scores["graph"]["per_picture"]] == [True, True, False, False]
    assert "not measured through the graph" not in captured.err


def test_without_our_detector_the_annotated_part_is_measured(models, data, capsys, monkeypatch):
    monkeypatch.chdir(data)
    monkeypatch.setattr("training.evaluate_landmarks_graph.DETECTOR", data / "absent.tflite")
    assert main(["landmarks", str(models.landmarks), str(data), "--json", "s.json"]) == 0
    assert json.loads((data / "s.json").read_text())["graph"] is None
    captured = capsys.readouterr()
    assert f"not measured through the graph: {evaluate.NO_DETECTOR}" in captured.err
    assert "through the graph" not in captured.out


def test_a_named_detector_must_be_there(models, data, capsys):
    arguments = ["landmarks", str(models.landmarks), str(data), "--detector"]
    assert main([*arguments, "absent.tflite"]) == 1
    assert 'Model "absent.tflite" cannot be read' in capsys.readouterr().err
    assert main([*arguments, str(models.landmarks)]) == 1
    assert "is not a face detector" in capsys.readouterr().err


def test_a_network_is_no_landmark_model(models):
    with pytest.raises(ValueError, match="is not a landmark model"):
        FaceGraph(models.detector, models.detector, MAX_FACES)
    with pytest.raises(GraphError, match="cannot be read"):
        FaceGraph(Path("absent.tflite"), models.detector, MAX_FACES)
