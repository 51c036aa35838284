"""Which models are taken as nail models, what is said of others."""

import re
from pathlib import Path

import pytest

from tests.training.tiny_models import write_model
from tests.training.tiny_nails import red_is_nail
from training.evaluate_model import SignatureError
from training.evaluate_nail_graph import NailGraph
from training.evaluate_nail_model import read_nail_size
from tryon import GraphError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("size", [32, 48])
def test_size(tmp_path, size):
    path = red_is_nail(tmp_path / "red.tflite", size)
    assert read_nail_size(path) == read_nail_size(path.read_bytes()) == size


def test_another_model_is_described(tmp_path):
    path = write_model(tmp_path / "other.tflite", [[1, 0, 0]])
    with pytest.raises(SignatureError) as raised:
        NailGraph(path)
    assert re.fullmatch(
        rf'Model "{path}" is not a nail model: expected float32 \[1, 8, 8, 1\], \[1, 2, 2, 10\], '
        r'\[1, 2, 2, 2\] as outputs, got ".+" float32 \[1, 8, 8, 1\]\.',
        str(raised.value),
    )


def test_a_hair_model_is_described():
    with pytest.raises(
        SignatureError, match=r"is not a nail model: expected float32 \[1, 256, 256, 3\] as input"
    ):
        read_nail_size(ROOT / "models" / "hair_256.tflite")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"cannot be read: No such file or directory\.$"),
        (b"no model at all", r"is not a \.tflite file; give a TFLite model\.$"),
    ],
)
def test_a_file_that_is_no_model(tmp_path, content, message):
    path = tmp_path / "none.tflite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GraphError, match=f'^Model "{re.escape(str(path))}" {message}'):
        NailGraph(path)
