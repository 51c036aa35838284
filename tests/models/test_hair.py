"""The hair network: shapes, size, numbers against LiteRT; and the committed file against its card."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.hair import hair_segmenter
from training.evaluate import HairModel
from training.export import difference, export, gpu_problems, multiply_adds, operators

MODELS = Path(__file__).parents[2] / "models"
COMMITTED = MODELS / "hair_256.tflite"


def frames(size: int, count: int = 1) -> np.ndarray:
    return np.random.default_rng(3).random((count, size, size, 4), np.float32)


@pytest.fixture(scope="module")
def tflite() -> bytes:
    return COMMITTED.read_bytes()


@pytest.fixture(scope="module")
def card() -> dict:
    return json.loads(COMMITTED.with_suffix(".json").read_text())


class TestNetwork:
    @pytest.mark.parametrize("size", [32, 128, 160])
    def test_any_size_from_the_same_weights(self, size):
        open_sided = hair_segmenter(None)
        mask = np.asarray(open_sided(frames(size, 2), training=False))
        assert mask.shape == (2, size, size, 1)
        assert mask.dtype == np.float32
        assert mask.min() >= 0
        assert mask.max() <= 1
        fixed = hair_segmenter(size)
        fixed.set_weights(open_sided.get_weights())
        np.testing.assert_allclose(np.asarray(fixed(frames(size, 2), training=False)), mask, atol=1e-6)

    def test_parameters(self):
        assert hair_segmenter().count_params() <= 500_000

    def test_mask_is_the_sigmoid_of_the_layer_named_logits(self):
        model = hair_segmenter(32)
        assert model.get_layer("mask").input is model.get_layer("logits").output

    @pytest.mark.parametrize("size", [0, -32, 100])
    def test_refuses_a_size(self, size):
        with pytest.raises(ValueError, match=rf"multiple of 32, got {size}"):
            hair_segmenter(size)

    def test_keras_against_tflite(self):
        model = hair_segmenter(64, depths=(1, 1, 1, 1))
        # Fresh bottlenecks add nothing; positive random weights let every layer speak.
        rng = np.random.default_rng(4)
        model.set_weights([rng.uniform(0, 1 / w.shape[-1], w.shape) for w in model.get_weights()])
        assert difference(model, export(model, frames(64)), frames(64, 3)) < 5e-3


class TestCommitted:
    def test_signature(self, tflite):
        hair = HairModel(tflite)
        mask = hair(frames(256)[0])
        assert hair.size == 256
        assert mask.shape == (256, 256, 1)
        assert mask.dtype == np.float32
        assert mask.min() >= 0
        assert mask.max() <= 1

    def test_gpu_delegate_takes_every_operator(self, tflite):
        assert gpu_problems(tflite) == []

    def test_card_tells_the_truth(self, tflite, card):
        assert card["bytes"] == len(tflite)
        assert card["operators"] == operators(tflite)
        assert card["multiply_adds"] == multiply_adds(tflite)
        assert card["parameters"] == hair_segmenter().count_params()
        assert card["validation"]["per_set"].keys() == {"figaro", "celeba_a", "celeba_b", "fasseg3"}

    def test_card_names_its_licence_and_files(self):
        text = COMMITTED.with_suffix(".md").read_text()
        assert "trained on pictures whose licences do not all allow commercial use" in text
        assert (MODELS / "hair_256_curves.png").stat().st_size < 150_000
