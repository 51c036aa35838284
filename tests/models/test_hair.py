"""The hair network: shapes, size, numbers against LiteRT; and the committed file against its card."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from models.hair import hair_segmenter
from training.evaluate_model import HairModel
from training.export import difference, export, multiply_adds, operators
from training.gpu_check import gpu_problems

MODELS = Path(__file__).parents[2] / "models"
COMMITTED = [("hair_256", 256), ("hair_512", 512)]


def frames(size: int, count: int = 1) -> np.ndarray:
    return np.random.default_rng(3).random((count, size, size, 4), np.float32)


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

    def test_inner_size_scales_the_picture_and_the_mask(self):
        plain, scaled = hair_segmenter(64), hair_segmenter(128, inner_size=64)
        scaled.set_weights(plain.get_weights())
        logits = keras.Model(plain.input, plain.get_layer("half_logits").output)
        large = frames(128)
        inner = np.asarray(logits(keras.layers.Resizing(64, 64)(large), training=False))
        expected = keras.ops.sigmoid(keras.layers.Resizing(128, 128)(inner))
        np.testing.assert_allclose(np.asarray(scaled(large, training=False)), expected, atol=1e-5)

    @pytest.mark.parametrize(
        ("ablation", "gone"),
        [("skips", {"skip0", "skip1", "skip2"}), ("dense", {"half_concat", "half_dense_concat"})],
    )
    def test_ablations_leave_out_what_they_say(self, ablation, gone):
        names = {layer.name for layer in hair_segmenter(32).layers}
        left = {layer.name for layer in hair_segmenter(32, **{ablation: False}).layers}
        assert gone <= names - left


@pytest.mark.parametrize(("name", "size"), COMMITTED)
class TestCommitted:
    def test_signature(self, name, size):
        hair = HairModel(MODELS / f"{name}.tflite")
        mask = hair(frames(size)[0])
        assert hair.size == size
        assert mask.shape == (size, size, 1)
        assert mask.dtype == np.float32
        assert mask.min() >= 0
        assert mask.max() <= 1

    def test_gpu_delegate_takes_every_operator(self, name, size):
        assert gpu_problems((MODELS / f"{name}.tflite").read_bytes()) == []

    def test_card_tells_the_truth(self, name, size):
        tflite = (MODELS / f"{name}.tflite").read_bytes()
        card = json.loads((MODELS / f"{name}.json").read_text())
        assert card["bytes"] == len(tflite)
        assert card["input"] == [1, size, size, 4]
        assert card["operators"] == operators(tflite)
        assert card["multiply_adds"] == multiply_adds(tflite)
        assert card["parameters"] == hair_segmenter().count_params()
        assert card["validation"]["per_set"].keys() == {"figaro", "celeba_a", "celeba_b", "fasseg3"}

    def test_card_names_its_licence_and_files(self, name, size):
        text = (MODELS / f"{name}.md").read_text()
        assert "trained on pictures whose licences do not all allow commercial use" in text
        assert (MODELS / f"{name}_curves.png").stat().st_size < 150_000
