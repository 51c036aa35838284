"""Scoring a landmark model whose answer is known, on drawn faces."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.face.landmark_crop import crop_matrix, face_region
from calculators.face.landmark_layout import IBUG_68
from tests.training.tiny_faces import face_points, write_faces, write_points
from tests.training.tiny_landmarks import constant_model
from tests.training.tiny_models import write_model
from training.evaluate import main
from training.evaluate_landmarks_model import LandmarkModel
from training.evaluate_landmarks_pictures import dots, score_landmark_pictures, worst_tiles
from training.evaluate_landmarks_report import draw_ced, landmark_tables
from training.evaluate_model import SignatureError


def fractions(points: np.ndarray) -> np.ndarray:
    """Points as fractions of their face's square."""
    matrix = crop_matrix(face_region(points, IBUG_68), 1.0)
    return points @ matrix[:, :2].T + matrix[:, 2]


@pytest.fixture(scope="module")
def perfect(tmp_path_factory) -> Path:
    """A model that is right of all drawn faces: in their squares they are all the same."""
    return constant_model(tmp_path_factory.mktemp("model") / "perfect.tflite", fractions(face_points()))


@pytest.fixture(scope="module")
def off(tmp_path_factory) -> Path:
    """One that is off by a twentieth of the square, to the right, and sees no face."""
    points = fractions(face_points()) + np.array([0.05, 0])
    return constant_model(tmp_path_factory.mktemp("model") / "off.tflite", points, presence=0.1)


@pytest.fixture
def data(tmp_path) -> Path:
    """A crop, and a whole photograph with a small face that is turned."""
    write_faces(tmp_path / "images", ["crop"])
    points = face_points((0, 0), 80) @ np.array([[0.8, 0.6], [-0.6, 0.8]], np.float32) + np.float32(
        [400, 300]
    )
    cv2.imwrite(str(tmp_path / "images/photograph.jpg"), np.zeros((600, 900, 3), np.uint8))
    write_points(tmp_path / "images/photograph.pts", points)
    (tmp_path / "index.csv").write_text("name,set\ncrop,one\nphotograph,two\n")
    return tmp_path


def test_a_perfect_model(data, perfect):
    report = score_landmark_pictures(perfect, data)
    assert report.scores.faces == 2
    assert report.scores.inter_ocular == pytest.approx(0, abs=0.01)
    assert report.scores.auc == pytest.approx(1, abs=1e-3)
    assert report.missed == 0
    assert list(report.per_set) == ["one", "two"]


def test_a_model_that_is_off(data, off):
    report = score_landmark_pictures(off, data)
    points = face_points()
    expected = 5 * face_region(points, IBUG_68).width / IBUG_68.inter_ocular(points)
    for scores in (report.scores, *report.per_set.values()):
        found = (scores.inter_ocular, scores.inner, scores.contour)
        assert found == pytest.approx((expected, expected, expected), rel=1e-3)
    assert report.scores.failure_rate == 100
    assert report.missed == 2
    assert {face.name for face in report.worst} == {"crop", "photograph"}


def test_points_come_back_to_the_picture(data, perfect):
    points = face_points((70, 40), 50)
    found = LandmarkModel(perfect)(np.zeros((90, 120, 3), np.uint8), face_region(points, IBUG_68))
    np.testing.assert_allclose(found.points, points, atol=0.02)
    assert found.presence == pytest.approx(0.9)


def test_report_pictures(data, off):
    report = score_landmark_pictures(off, data)
    tiles = worst_tiles(report)
    assert len(tiles) == 2
    assert all(tile.truth.any() and tile.prediction.any() for tile in tiles)
    assert cv2.imdecode(np.frombuffer(draw_ced(report), np.uint8), cv2.IMREAD_COLOR).shape[0] > 100
    assert [table.row_count for table in landmark_tables(report)] == [3]
    assert report.graph is None


def test_dots_lie_about_their_points():
    mask = dots(np.array([[10.5, 20.5], [-5.0, 3.0]]), 40)
    y, x = np.nonzero(mask)
    assert (x.mean(), y.mean()) == pytest.approx((10, 20), abs=0.5)


def test_the_command(data, perfect, capsys, monkeypatch):
    monkeypatch.chdir(data)
    (data / "val.txt").write_text("crop\n")
    arguments = ["landmarks", str(perfect), str(data), "--split", "val.txt", "--json", "-"]
    assert main([*arguments, "--worst", "w.png", "--curve", "c.png"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert (scores["faces"], scores["missed"], scores["box"]) == (1, 0, "annotation")
    assert [picture["name"] for picture in scores["per_picture"]] == ["crop"]
    assert (data / "w.png").is_file()
    assert (data / "c.png").is_file()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda images: (images / "crop.pts").unlink(), "pictures without points"),
        (lambda images: (images / "crop.pts").write_text("x"), "not a .pts file"),
    ],
)
def test_bad_data_is_refused_or_left_out(data, perfect, capsys, monkeypatch, change, message):
    monkeypatch.chdir(data)
    change(data / "images")
    assert main(["landmarks", str(perfect), str(data)]) == 1
    assert message in capsys.readouterr().err
    assert main(["landmarks", str(perfect), str(data), "--skip-bad", "--json", "s.json"]) == 0
    assert json.loads((data / "s.json").read_text())["faces"] == 1


def test_another_model_is_described(tmp_path):
    path = write_model(tmp_path / "other.tflite", [[1, 0, 0]])
    with pytest.raises(
        SignatureError, match=r"is not a landmark model: expected float32 \[1, S, S, 3\] as input"
    ):
        LandmarkModel(path)
