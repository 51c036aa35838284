"""Which models are taken, what is said of others."""

import re

import keras
import pytest
import tensorflow as tf

from tests.training.tiny_models import red_is_hair, red_is_hair_in_logits, write_model
from training.evaluate_graph import HairGraph
from training.evaluate_model import HairModel, Signature, SignatureError, read_signature
from tryon import GraphError


@pytest.mark.parametrize(("make", "channels"), [(red_is_hair, 1), (red_is_hair_in_logits, 2)])
def test_signature(tmp_path, make, channels):
    path = make(tmp_path / "red.tflite")
    assert read_signature(path) == read_signature(path.read_bytes()) == Signature(8, channels)


def two_inputs(path):
    inputs = [
        keras.Input(shape, batch_size=1, name=name) for shape, name in (((8, 8, 4), "a"), ((8, 8, 4), "b"))
    ]
    path.write_bytes(
        tf.lite.TFLiteConverter.from_keras_model(keras.Model(inputs, inputs[0] + inputs[1])).convert()
    )


def integers(path):
    frame = keras.Input((8, 8, 4), batch_size=1, dtype="uint8")
    answer = keras.ops.cast(frame, "float32")[..., :1]
    path.write_bytes(tf.lite.TFLiteConverter.from_keras_model(keras.Model(frame, answer)).convert())


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda path: write_model(path, [[1, 0, 0, 0]] * 3),
            r'output "\w.*": expected a float32 output of \[1, 8, 8, 1 or 2\], got \[1, 8, 8, 3\] of',
        ),
        (
            lambda path: write_model(path, [[1, 0, 0]]),
            r'input ".+": expected a float32 input of \[1, 8, 8, 4\], got \[1, 8, 8, 3\] of float32\.$',
        ),
        (
            lambda path: write_model(path, [[1] * 5] * 5),
            r"input .+ got \[1, 8, 8, 5\] of float32; output .+ got \[1, 8, 8, 5\] of float32\.$",
        ),
        (integers, r'input ".+": .+ got \[1, 8, 8, 4\] of uint8\.$'),
        (two_inputs, r'expected one input, got 2 \("\w.*", "\w.*"\); output ".+": .+ got \[1, 8, 8, 4\]'),
    ],
)
def test_another_signature_says_which_tensor_differs(tmp_path, write, message):
    path = tmp_path / "other.tflite"
    write(path)
    for use in (read_signature, HairGraph, HairModel):
        with pytest.raises(SignatureError, match=message) as raised:
            use(path)
        assert str(raised.value).startswith(f'Model "{path}" is not a hair model: ')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"cannot be read: No such file or directory\.$"),
        (b"", r"is empty; give a TFLite model\.$"),
        (b"no model at all", r"is not a \.tflite file; give a TFLite model\.$"),
        (b"\x1c\0\0\0TFL3" + bytes(40), "is damaged or cannot be run"),
    ],
)
def test_a_file_that_is_no_model(tmp_path, content, message):
    path = tmp_path / "none.tflite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GraphError, match=f'^Model "{re.escape(str(path))}" {message}') as raised:
        HairGraph(path)
    assert "\n" not in str(raised.value)
