"""Models on a clip: a steady one, and one that turns its mask over at every frame."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.video.writer import VideoWriter
from tests.training.tiny_models import red_is_hair, slow_red_is_hair, write_model
from training.evaluate import main
from training.video_score import HOLD, WARM_UP, ratios, score_clips

SIDE, FRAMES = 96, 16


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """A camera pans over a soft pattern with a red disc in it."""
    noise = np.random.default_rng(5).integers(0, 256, (2 * SIDE, 2 * SIDE, 3), np.uint8)
    scene = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 3), None, 0, 200, cv2.NORM_MINMAX)
    scene[..., 0] = 0
    cv2.circle(scene, (SIDE, SIDE), 26, (255, 60, 60), -1)
    path = tmp_path_factory.mktemp("clips") / "pan.mp4"
    with VideoWriter(path) as writer:
        for number in range(FRAMES):
            x = 40 + 2 * number
            writer.write(np.ascontiguousarray(scene[50 : 50 + SIDE, x : x + SIDE]), number * 40_000)
    return path


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    return {
        "model": red_is_hair(folder / "steady.tflite", SIDE),
        "peer": write_model(folder / "restless.tflite", [[0, 0, 0, -1]], [1], SIDE),
        "slow": slow_red_is_hair(folder / "slow.tflite"),
    }


def test_the_command(clip, models, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments = ["hair_video", str(models["model"]), str(clip), "--peer", str(models["peer"])]
    assert main([*arguments, "--json", "-"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    steady, restless = found["mean"]["model"], found["mean"]["peer"]
    assert steady["flicker"] < 0.02
    assert steady["flicker_band"] < 0.1
    assert 0.2 < steady["hair"] < 0.35
    assert steady["area_variation"] < 0.05
    assert (steady["recovery_start"], steady["recovery_cut"]) == (0, 0)
    # All of the mask goes on and off; the whole frame is the outline's band.
    assert restless["flicker"] == restless["network_flicker"] == pytest.approx(1, abs=1e-3)
    assert restless["area_variation"] > 0.9
    assert restless["recovery_start"] >= HOLD - 1
    assert found["ratios"]["flicker"] == pytest.approx(steady["flicker"] / restless["flicker"])
    assert found["per_clip"]["pan"]["frames"] == FRAMES
    assert found["per_clip"]["pan"]["ratios"] == found["ratios"]
    assert "flicker over time: out/flicker_steady.png" in printed.err
    assert cv2.imread("out/flicker_steady.png").shape[1] > 300


def test_the_table(clip, models, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert (
        main(["hair_video", str(models["model"]), str(clip), "--frames", "8", "--plot", "flicker.png"]) == 0
    )
    printed = capsys.readouterr().out
    assert "pan" in printed
    assert "mean" in printed
    assert "ratio" not in printed
    assert Path("flicker.png").is_file()


def test_a_slow_model_recovers_late_and_a_cut_is_seen(clip, models, tmp_path):
    report = score_clips({"model": models["slow"]}, {"one": clip}, FRAMES)
    score = report.clips["one"]["model"]
    assert 0 < score.recovery_start < HOLD - 1
    assert 0 < score.recovery_cut < HOLD
    assert len(report.curves["one"]["model"]) == FRAMES - WARM_UP


def test_ratios():
    scores = {
        "model": {"flicker": 0.2, "recovery_cut": 2, "area_variation": None, "hair": 0.3},
        "peer": {"flicker": 0.4, "recovery_cut": 0, "area_variation": 0.1, "hair": 0.3},
    }
    assert ratios(scores) == {"flicker": 0.5, "recovery_cut": None, "area_variation": None}
    assert ratios({"model": scores["model"]}) == {}


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nowhere.mp4"], 1, "nowhere.mp4: no such clip or folder"),
        (["broken.mp4"], 1, '"broken.mp4" is not a video, or cut off too early.'),
        (["broken.mp4", "--peer", "nowhere.tflite"], 1, 'Model "nowhere.tflite" cannot be read'),
        (["broken.mp4", "--frames", "1"], 2, "1 is no number of frames, 2 or more"),
    ],
)
def test_mistakes(models, tmp_path, monkeypatch, capsys, arguments, status, message):
    monkeypatch.chdir(tmp_path)
    Path("broken.mp4").write_bytes(bytes(500))
    try:
        ended = main(["hair_video", str(models["model"]), *arguments])
    except SystemExit as error:
        ended = error.code
    assert ended == status
    assert message in capsys.readouterr().err
