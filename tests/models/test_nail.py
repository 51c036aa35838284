"""The nail network: shapes, depths, the cascade, numbers against LiteRT; and the committed files."""

import json
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from calculators.nails.nail import Nail
from models.nail import CHANNELS, DEEP, LEVELS, SHALLOW, level_name, nail_segmenter
from models.weights import load_by_name
from training.card_nail import write_nail_card
from training.evaluate_nail_score import score_nails, summarise
from training.export import difference, export, multiply_adds
from training.gpu_check import gpu_problems

MODELS = Path(__file__).parents[2] / "models"
COMMITTED = ["nail_352"]


def frames(size: int, count: int = 1) -> np.ndarray:
    return np.random.default_rng(3).uniform(-1, 1, (count, size, size, 3)).astype(np.float32)


def shapes(model: keras.Model) -> dict[str, tuple]:
    return {name: o.shape[1:] for name, o in zip(model.output_names, model.outputs, strict=True)}


class TestNetwork:
    @pytest.mark.parametrize("options", [{}, {"depth": 43}, {"cascade": False}])
    def test_outputs(self, options):
        model = nail_segmenter(64, **options)
        assert shapes(model) == {
            "foreground": (64, 64, 1),
            "fingers": (16, 16, 10),
            "direction": (16, 16, 2),
        }
        foreground, fingers, _ = (np.asarray(o) for o in model(frames(64), training=False))
        assert 0 <= foreground.min() <= foreground.max() <= 1
        np.testing.assert_allclose(fingers.sum(-1), 1, atol=1e-5)

    def test_any_size_from_the_same_weights(self):
        small, large = nail_segmenter(32), nail_segmenter(64)
        assert [w.shape for w in small.weights] == [w.shape for w in large.weights]

    def test_a_level_for_every_stride(self):
        model = nail_segmenter(64)
        found = {stride: model.get_layer(level_name(stride)).output.shape[1:] for stride in LEVELS}
        assert found == {
            16: (4, 4, CHANNELS),
            8: (8, 8, CHANNELS),
            4: (16, 16, CHANNELS),
            1: (64, 64, 2),
        }

    def test_foreground_is_the_softmax_of_the_last_level(self):
        model = nail_segmenter(32)
        level = keras.Model(model.input, model.get_layer(level_name(1)).output)(frames(32))
        expected = keras.ops.softmax(level)[..., 1:]
        np.testing.assert_allclose(model(frames(32))[0], expected, atol=1e-6)

    def test_depths_differ_by_twelve_layers_of_the_encoder(self):
        def convolutions(depth: int) -> int:
            kinds = keras.layers.Conv2D | keras.layers.DepthwiseConv2D
            model = nail_segmenter(32, depth)
            return sum(
                1 for layer in model.layers if isinstance(layer, kinds) and layer.name.startswith(DEEP)
            )

        assert convolutions(55) - convolutions(43) == 55 - 43

    def test_without_cascade_there_is_no_shallow_branch(self):
        both, deep = (
            [layer for layer in nail_segmenter(32, cascade=cascade).layers if layer.name.startswith(SHALLOW)]
            for cascade in (True, False)
        )
        assert both
        assert not deep

    def test_folded_encoders_take_the_weights_of_normalised_ones(self, tmp_path):
        plain, folded = nail_segmenter(32, depth=43), nail_segmenter(32, depth=43, folded=True)
        rng = np.random.default_rng(6)
        plain.set_weights([rng.uniform(0.1, 1, w.shape) / np.sqrt(w.size) for w in plain.get_weights()])
        path = tmp_path / "plain.weights.h5"
        plain.save_weights(path)
        assert len(load_by_name(folded, path)) == sum(1 for layer in folded.layers if layer.weights)
        assert not [layer for layer in folded.layers if layer.name.endswith("_BN")]
        for one, other in zip(plain(frames(32)), folded(frames(32)), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)

    @pytest.mark.parametrize(
        ("size", "depth", "message"),
        [(100, 55, "multiple of 32, got 100"), (0, 55, "got 0"), (64, 50, r"one of \[55, 43\], got 50")],
    )
    def test_refuses(self, size, depth, message):
        with pytest.raises(ValueError, match=message):
            nail_segmenter(size, depth)

    def test_keras_against_tflite(self):
        model = nail_segmenter(32, depth=43)
        rng = np.random.default_rng(4)
        model.set_weights([rng.uniform(0, 1 / w.shape[-1], w.shape) for w in model.get_weights()])
        tflite = export(model, frames(32))
        assert difference(model, tflite, frames(32, 2)) < 1e-2
        interpreter = Interpreter(model_content=tflite)
        assert interpreter.get_signature_list()["serving_default"] == {
            "inputs": ["image"],
            "outputs": ["direction", "fingers", "foreground"],
        }


def test_card_of_a_model_of_whose_scores_some_have_nothing_to_measure():
    """No labels, no pictures without nails, no small nails in the validation."""
    nail = Nail(np.ones((40, 40), np.float32), 0, 0, (19.5, 19.5), 0.0, 40, 40, None, 1.0)
    scores = summarise([score_nails("a", np.ones((40, 40), np.int32), [nail], {})])
    card = write_nail_card(
        {
            "name": "nail_64",
            "input": [1, 64, 64, 3],
            "output": {"foreground": [1, 64, 64, 1], "fingers": [1, 16, 16, 10], "direction": [1, 16, 16, 2]},
            "parameters": 1234567,
            "multiply_adds": 2_500_000,
            "bytes": 4200,
            "weights": "float16",
            "operators": {"ADD": 1, "CONV_2D": 2},
            "keras_difference": 0.002,
            "seed": 5,
            "epochs": 3,
            "hours": 0.5,
            "validation": asdict(scores),
        }
    )
    for line in (
        "# nail_64: nail segmentation",
        "| parameters | 1,234,567 |",
        "| file | 4 kB, weights in float16, arithmetic in float32 |",
        "1 pictures with 1 nails",
        "| IoU of the nails, all pixels | 1.000 |",
        "| share of the pictures without nails that show a false one | -, 0 pictures |",
        "| error of the direction, median and 90th percentile | - and - degrees, 0 nails |",
        "| right finger where all five nails of the hand are labelled | -, 0 nails |",
        "| small | 0 | - | - |",
        "| large | 1 | 1.000 | 1.000 |",
    ):
        assert line in card


@pytest.mark.parametrize("name", COMMITTED)
class TestCommitted:
    def test_file_agrees_with_its_facts(self, name):
        tflite = (MODELS / f"{name}.tflite").read_bytes()
        facts = json.loads((MODELS / f"{name}.json").read_text())
        assert gpu_problems(tflite) == []
        assert facts["bytes"] == len(tflite)
        assert facts["multiply_adds"] == multiply_adds(tflite)
        run = Interpreter(model_content=tflite).get_signature_runner()
        found = {output: d["shape"].tolist() for output, d in run.get_output_details().items()}
        assert found == facts["output"]

    def test_card_is_of_today(self, name):
        facts = json.loads((MODELS / f"{name}.json").read_text())
        assert (MODELS / f"{name}.md").read_text(encoding="utf-8") == write_nail_card(facts)
