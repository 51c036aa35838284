"""Landmarks in clips, through the users' graph; red squares are faces for networks with known answers."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.face.landmark_layout import IBUG_68
from calculators.face.types import Face
from calculators.video.reader import VideoReader
from calculators.video.writer import VideoWriter
from tests.training.red_faces import FACE, SIZE, Models, picture, true_points, write_face, write_models
from training.data import DataError
from training.data_landmarks import FacePicture, load_face
from training.evaluate import main
from training.evaluate_graph import FRAME_US
from training.evaluate_landmarks_clips import move_face
from training.evaluate_landmarks_graph import FaceGraph
from training.evaluate_landmarks_sheet import CLOSE, LOOKS, close_up
from training.evaluate_landmarks_video import SIDE, follow, score_landmark_clips, score_still, watch

MIDDLE = 160, 160
FRAMES = 24


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Models:
    """For moved stills: what is loaded of one is 138 pixels wide, and zoomed by a third."""
    return write_models(tmp_path_factory.mktemp("models"), box=0.5, red=0.067)


@pytest.fixture
def data(tmp_path) -> Path:
    for name in ("a", "b", "c"):
        write_face(tmp_path, name, MIDDLE, picture([MIDDLE]))
    return tmp_path


@pytest.fixture
def video(tmp_path) -> Path:
    """A face at rest, 16 pixels in 128."""
    path = tmp_path / "videos" / "one.mp4"
    path.parent.mkdir()
    with VideoWriter(path) as writer:
        for number in range(12):
            writer.write(picture([(64, 64)])[:128, :128], number * FRAME_US)
    return path


def centre_of_red(image: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(image[..., 0] > 127)
    return np.array([columns.mean(), rows.mean()]) + 0.5


@pytest.mark.parametrize("moves", [False, True])
def test_true_points_move_with_the_picture(moves):
    face = FacePicture(picture([MIDDLE], side=40), true_points(*MIDDLE))
    frames = list(move_face("any", face, FRAMES, moves=moves))
    middles = np.array([(f.points.min(0) + f.points.max(0)) / 2 for f in frames])
    for frame, middle in zip(frames, middles, strict=True):
        assert (frame.image.shape, frame.image.dtype) == (face.image.shape, np.uint8)
        np.testing.assert_allclose(centre_of_red(frame.image), middle, atol=1)
    assert (np.ptp(middles, 0).max() > 10) == moves
    assert any((frames[0].image != frame.image).any() for frame in frames)


def test_a_face_is_followed(models, data):
    graph = FaceGraph(models.landmarks, models.detector, 4)
    face = load_face(data, "a", IBUG_68, SIDE)
    rest, moving = (
        follow(graph, move_face("a", face, FRAMES, moves=moves), IBUG_68) for moves in (False, True)
    )
    assert rest.truth.shape == rest.calm.shape == rest.raw.shape == (FRAMES, 68, 2)
    score = score_still(rest, moving)
    assert score.lost == 0
    assert score.jitter < score.jitter_raw
    assert score.lag > score.lag_raw


def test_a_face_of_a_video(models, video):
    with VideoReader(video) as reader:
        tracks = watch(FaceGraph(models.landmarks, models.detector, 1), (f for _, f in reader), IBUG_68)
    assert tracks.shape == (2, 12, 68, 2)
    assert IBUG_68.inter_ocular(tracks[1, 5]) == pytest.approx(1, abs=0.05)


def test_stills_are_chosen_evenly_among_those_that_stay_in_view(models, data):
    """At the picture's edge a face leaves it when the camera comes nearer."""
    for name in ("a", "d"):
        write_face(data, name, (27, 160), picture([(27, 160)]))
    report = score_landmark_clips(models.landmarks, models.detector, data, {}, clips=2, frames=6)
    assert list(report.stills) == ["b", "c"]
    assert report.videos == {}
    with pytest.raises(DataError, match="no face stays in view when its picture is moved; leave about 80%"):
        score_landmark_clips(models.landmarks, models.detector, data, {}, {"a", "d"}, frames=6)


def test_near_the_face():
    points = (true_points(*MIDDLE) / SIZE).astype(np.float32)
    near, same = close_up([picture([MIDDLE])] * 2, [Face(points, 1.0)])
    assert near.shape == same.shape
    assert near.shape[0] == pytest.approx(CLOSE * FACE, abs=1)
    np.testing.assert_allclose(centre_of_red(near), near.shape[0] / 2, atol=1)
    edge = [picture([(0, 10)])]
    assert close_up(edge, [Face((true_points(0, 10) / SIZE).astype(np.float32), 1.0)])[0].shape < (80, 80)
    beside = [Face(np.full((68, 2), 1.5, np.float32), 1.0)]
    assert close_up(edge, beside)[0].shape == (1, 1, 3)
    assert close_up(edge, []) is edge


def test_the_command(models, data, video, capsys):
    arguments = ["landmarks_video", str(models.landmarks), str(data), "--detector", str(models.detector)]
    assert (
        main([*arguments, "--clips", "1", "--frames", "12", "--videos", str(video.parent), "--json", "-"])
        == 0
    )
    scores = json.loads(capsys.readouterr().out)
    assert (scores["stills"]["clips"], scores["stills"]["frames"]) == (1, 24)
    assert scores["stills"]["per_clip"].keys() == {"a"}
    assert (scores["videos"]["clips"], scores["videos"]["without_face"]) == (1, 0)
    assert scores["videos"]["jitter_raw"] == pytest.approx(0, abs=0.3)
    assert main([*arguments, "--clips", "2", "--frames", "6"]) == 0
    printed = capsys.readouterr().out
    assert "moved stills" in printed
    assert "videos" not in printed


def test_a_contact_sheet(models, video, tmp_path):
    arguments = ["landmarks_video", str(models.landmarks), "--detector", str(models.detector)]
    sheet = tmp_path / "out" / "sheet.png"
    assert main([*arguments, "--videos", str(video), "--frames", "6", "--sheet", str(sheet)]) == 0
    image = cv2.imread(str(sheet))
    assert image.shape == (3 * 240, 6 * 240, 3)


def test_clips_side_by_side(models, data, tmp_path):
    arguments = ["landmarks_video", str(models.landmarks), str(data), "--detector", str(models.detector)]
    film = tmp_path / "sheet.mp4"
    arguments += ["--clips", "1", "--frames", "4", "--sheet", str(film), "--look", str(LOOKS[0])]
    assert main(arguments) == 0
    with VideoReader(film) as reader:
        frames = [frame for _, frame in reader]
    assert [frame.shape for frame in frames] == [(480, 960, 3)] * 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a folder of pictures with points, or videos with --videos, or both"),
        (["data", "--look", "x.json"], "--look is what --sheet shows: name its file, too"),
        (["data", "--sheet", "x.gif"], "x.gif: a sheet is a .png, a video an .mp4"),
        (["--videos", "nowhere"], "nowhere: no such clip or folder"),
        (["--videos", "clips", "--skip-bad"], "--split and --skip-bad choose among pictures with points"),
        (["data", "--detector", "absent.tflite"], 'Model "absent.tflite" cannot be read'),
    ],
)
def test_mistakes_are_one_message(models, capsys, arguments, message):
    if "--detector" not in arguments:
        arguments = [*arguments, "--detector", str(models.detector)]
    assert main(["landmarks_video", str(models.landmarks), *arguments]) == 1
    assert capsys.readouterr().err.startswith(message)


def test_without_a_detector_nothing_is_measured(models, data, capsys, monkeypatch):
    monkeypatch.setattr("training.evaluate_landmarks_graph.DETECTOR", data / "absent.tflite")
    assert main(["landmarks_video", str(models.landmarks), str(data)]) == 1
    assert "models/face_detector.tflite is not there" in capsys.readouterr().err
