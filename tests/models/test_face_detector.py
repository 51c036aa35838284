"""The face detector: shapes, where boxes start, numbers against LiteRT."""

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from models.face_detector import BOX_LOGITS, COORDS, INPUT_SIZE, SCORE_LOGITS, STRIDE, face_detector
from training import data_detector
from training.card_detector import write_detector_card
from training.evaluate_detector_boxes import BoxReader
from training.export import difference, export, multiply_adds
from training.gpu_check import gpu_problems


def frames(size: int, count: int = 1) -> np.ndarray:
    return np.random.default_rng(3).uniform(-1, 1, (count, size, size, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def shipped() -> keras.Model:
    keras.utils.set_random_seed(1)
    return face_detector()


def test_outputs(shipped):
    shapes = {name: o.shape[1:] for name, o in zip(shipped.output_names, shipped.outputs, strict=True)}
    assert shapes == {"boxes": (784, 12), "scores": (784, 1)}
    assert shipped.get_layer(SCORE_LOGITS).output.shape[1:] == (28, 28, 1)
    assert shipped.get_layer(BOX_LOGITS).output.shape[1:] == (28, 28, 12)
    assert (STRIDE, COORDS) == (data_detector.STRIDE, data_detector.COORDS)


def test_size(shipped):
    assert shipped.count_params() < 260_000


def test_boxes_are_logits_in_sides_of_the_input(shipped):
    logits = keras.Model(shipped.input, shipped.get_layer(BOX_LOGITS).output)(frames(INPUT_SIZE))
    boxes = np.asarray(shipped(frames(INPUT_SIZE))[0])[0]
    way = STRIDE / INPUT_SIZE
    expected = np.asarray(logits).reshape(-1, 12) * [way, way, 1, 1, *[way] * 8]
    np.testing.assert_allclose(boxes, expected, rtol=1e-5)


def test_at_first_no_face_is_seen(shipped):
    boxes, scores = (np.asarray(output)[0] for output in shipped(frames(INPUT_SIZE), training=False))
    assert scores.max() < 0.1
    assert BoxReader()(boxes, scores).shape == (0, 13)


@pytest.mark.parametrize("size", [0, 100])
def test_refuses(size):
    with pytest.raises(ValueError, match=f"multiple of 32, got {size}"):
        face_detector(size)


def test_keras_against_tflite(shipped):
    tflite = export(shipped, frames(INPUT_SIZE))
    assert difference(shipped, tflite, frames(INPUT_SIZE, 2)) < 1e-2
    assert gpu_problems(tflite) == []
    assert multiply_adds(tflite) < 95e6
    assert Interpreter(model_content=tflite).get_signature_list()["serving_default"] == {
        "inputs": ["image"],
        "outputs": ["boxes", "scores"],
    }


def test_card():
    card = write_detector_card(
        {
            "name": "face_detector",
            "input": [1, 224, 224, 3],
            "output": {"boxes": [1, 784, 12], "scores": [1, 784, 1]},
            "weights": "float16",
            "parameters": 234567,
            "multiply_adds": 45_000_000,
            "bytes": 520_000,
            "operators": {"ADD": 1, "CONV_2D": 2},
            "keras_difference": 0.002,
            "seed": 5,
            "epochs": 3,
            "hours": 0.5,
            "history": [{"mean": 0.8, "false_alarms": 0.125}, {"mean": 0.7, "false_alarms": 0.1}],
            "validation": {
                "sizes": [
                    {"low": 0.1, "high": 0.15, "faces": 7, "recall": {"detector": 0.5, "mediapipe": 1.0}}
                ],
                "recall": {"detector": 0.5, "mediapipe": 1.0},
                "empty": 9,
                "false_alarms": {"detector": 0.25, "mediapipe": 0.0},
            },
        }
    )
    for line in (
        "# face_detector: face detection",
        "| parameters | 234,567 |",
        "7 held-out faces",
        "| | detector | mediapipe |",
        "| 10% to 15% of the frame's height | 0.500 | 1.000 |",
        "| pictures without faces that show one | 0.250 | 0.000 |",
        "9 of these pictures alone, which training did not see",
    ):
        assert line in card
