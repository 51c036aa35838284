"""The files of the networks for faces that are shipped: what their cards say of them, and what they find."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from calculators.face.landmark_crop import crop_face, face_region, to_picture
from calculators.face.landmark_layout import IBUG_68
from calculators.inference.region import Region
from demo.portrait import photograph
from models.face_detector import INPUT_SIZE, STRIDE, face_detector
from models.landmarks import landmark_network
from training.export import multiply_adds, operators
from training.gpu_check import gpu_problems

MODELS = Path(__file__).resolve().parents[2] / "models"


@pytest.mark.parametrize(
    ("name", "build", "kilobytes"),
    [("landmarks_tiny", landmark_network, 607), ("face_detector", face_detector, 700)],
)
def test_card_tells_the_truth(name, build, kilobytes):
    tflite = (MODELS / f"{name}.tflite").read_bytes()
    facts = json.loads((MODELS / f"{name}.json").read_text())
    assert gpu_problems(tflite) == []
    assert facts["bytes"] == len(tflite) <= 1000 * kilobytes
    assert facts["operators"] == operators(tflite)
    assert facts["multiply_adds"] == multiply_adds(tflite)
    assert facts["parameters"] == build().count_params()
    text = (MODELS / f"{name}.md").read_text()
    assert "trained on pictures whose licences do not all allow commercial use" in text
    assert (MODELS / f"{name}_curves.png").stat().st_size < 150_000


def run(name: str, image: np.ndarray) -> dict[str, np.ndarray]:
    interpreter = Interpreter(model_path=str(MODELS / f"{name}.tflite"))
    return interpreter.get_signature_runner()(image=image[None].astype(np.float32) / 127.5 - 1)


def test_landmarks_of_a_photograph():
    """Nobody trained on it; its landmarks were looked over by eye."""
    shown = photograph()
    points = shown.face.landmarks * shown.rgb.shape[1::-1]
    given = face_region(points, IBUG_68)
    for shift, scale, turn in ((0.0, 1.0, 0.0), (0.03, 1.1, 0.3), (-0.03, 0.92, -0.3)):
        side = scale * given.width
        region = Region(
            given.center_x + shift * side, given.center_y - shift * side, side, side, given.rotation + turn
        )
        found = run("landmarks_tiny", crop_face(shown.rgb, region, 128))
        away = np.linalg.norm(to_picture(found["landmarks"][0], region) - points, axis=1)
        assert away.mean() / IBUG_68.inter_ocular(points) < 0.06
        assert found["presence"].item() > 0.9
    beside = Region(60.0, 60.0, 110.0, 110.0, 0.0)
    assert run("landmarks_tiny", crop_face(shown.rgb, beside, 128))["presence"].item() < 0.5


def test_the_detector_finds_the_photograph_and_nothing_in_noise():
    shown = photograph()
    image = cv2.resize(shown.rgb, (INPUT_SIZE, round(INPUT_SIZE * shown.rgb.shape[0] / shown.rgb.shape[1])))
    image = image[:INPUT_SIZE]
    square = np.zeros((INPUT_SIZE, INPUT_SIZE, 3), np.uint8)
    square[: len(image)] = image
    found = run("face_detector", square)
    best = found["scores"][0, :, 0].argmax()
    assert found["scores"][0, best, 0] > 0.5
    count = INPUT_SIZE // STRIDE
    middle = (np.array([best % count, best // count]) + 0.5) / count + found["boxes"][0, best, :2]
    points = shown.face.landmarks * (1, len(image) / INPUT_SIZE)
    assert middle == pytest.approx((points.min(0) + points.max(0)) / 2, abs=0.08)
    noise = np.random.default_rng(0).integers(0, 256, square.shape, np.uint8)
    assert run("face_detector", noise)["scores"].max() < 0.5
