"""The landmark network: shapes, sizes, RoI align against a plain loop, numbers against LiteRT."""

from dataclasses import asdict

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from models.landmarks import (
    HEATMAPS,
    OFFSETS,
    PRESENCE_LOGIT,
    REFINEMENT,
    SAMPLES,
    STEP,
    cell_centers,
    expected_coordinates,
    landmark_network,
    offset_centers,
    roi_align,
)
from training.card_landmarks import write_landmark_card
from training.export import difference, export
from training.measures_landmarks import FaceErrors, summarise, summarise_found


def frames(size: int, count: int = 1) -> np.ndarray:
    return np.random.default_rng(3).uniform(-1, 1, (count, size, size, 3)).astype(np.float32)


def varied(model):
    """The same network with weights that say something."""
    rng = np.random.default_rng(4)
    model.set_weights([w + 0.1 * (w.ndim > 1) * rng.normal(size=w.shape) for w in model.get_weights()])
    return model


@pytest.mark.parametrize("refine", [True, False])
def test_outputs(refine):
    model = landmark_network(64, 5, refine=refine)
    assert model.output_names == ["landmarks", "presence"]
    assert [output.shape for output in model.outputs] == [(None, 5, 2), (None, 1)]
    landmarks, presence = (np.asarray(output) for output in varied(model)(frames(64, 2)))
    assert 0 < presence.min() <= presence.max() < 1
    assert -0.2 < landmarks.min() <= landmarks.max() < 1.2
    names = {layer.name for layer in model.layers}
    assert {HEATMAPS, PRESENCE_LOGIT} <= names
    assert (REFINEMENT in names) == refine


def test_layers_that_the_losses_look_at():
    model = landmark_network(64, 5)
    shapes = [model.get_layer(name).output.shape for name in (HEATMAPS, REFINEMENT, PRESENCE_LOGIT)]
    assert shapes == [(None, 5, 16 * 16), (None, 5, 2 + OFFSETS**2), (None, 1)]


@pytest.mark.parametrize(("width", "megabytes"), [("tiny", 0.607), ("half", 1.7), ("full", 6.6)])
def test_sizes_in_float32(width, megabytes):
    trained = landmark_network(128, 68, width).trainable_weights
    assert 4e-6 * sum(int(np.prod(w.shape)) for w in trained) == pytest.approx(megabytes, rel=0.05)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"input_size": 100}, "multiple of 16, 32 or more, got 100"),
        ({"input_size": 16}, "got 16"),
        ({"width": "small"}, r"one of \['tiny', 'half', 'full'\], got 'small'"),
    ],
)
def test_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        landmark_network(**options)


def test_expected_coordinates_are_means():
    logits = np.full((1, 2, 16), -50, np.float32)
    logits[0, 0, 5] = 0
    logits[0, 1, [0, 3]] = 0
    found = np.asarray(expected_coordinates(logits, cell_centers(4)))
    np.testing.assert_allclose(found, [[[0.375, 0.375], [0.5, 0.125]]], atol=1e-6)


def test_offsets_are_samples_apart():
    offsets = offset_centers(16).reshape(OFFSETS, OFFSETS, 2)
    np.testing.assert_allclose(offsets[OFFSETS // 2, OFFSETS // 2], 0, atol=1e-7)
    np.testing.assert_allclose(offsets[0, 1] - offsets[0, 0], (STEP / 16, 0), atol=1e-7)
    np.testing.assert_allclose(offsets[1, 0] - offsets[0, 0], (0, STEP / 16), atol=1e-7)


def test_roi_align_samples_between_cells():
    """Against bilinear interpolation one sample at a time; what lies beside the map counts as 0."""
    rng = np.random.default_rng(5)
    features = rng.normal(size=(2, 8, 8, 3)).astype(np.float32)
    centers = rng.uniform(-0.05, 1.05, (2, 4, 2)).astype(np.float32)
    found = np.asarray(roi_align(features, centers)).reshape(2, 4, SAMPLES, SAMPLES, 3)
    padded = np.pad(features, ((0, 0), (20, 20), (20, 20), (0, 0)))
    for index in np.ndindex(2, 4, SAMPLES, SAMPLES):
        picture, point, row, column = index
        offset = STEP * (np.array([column, row]) - SAMPLES // 2)
        x, y = 8 * centers[picture, point].astype(float) - 0.5 + offset + 20
        left, top = int(np.floor(x)), int(np.floor(y))
        across, down = x - left, y - top
        cells = padded[picture, top : top + 2, left : left + 2]
        expected = np.einsum("y,x,yxc->c", [1 - down, down], [1 - across, across], cells)
        np.testing.assert_allclose(found[index], expected, atol=1e-4)


@pytest.mark.parametrize("refine", [True, False])
def test_keras_against_tflite(refine):
    model = varied(landmark_network(64, 5, refine=refine))
    tflite = export(model, frames(64))
    assert difference(model, tflite, frames(64, 2)) < 2e-3
    signature = Interpreter(model_content=tflite).get_signature_list()["serving_default"]
    assert signature == {"inputs": ["image"], "outputs": ["landmarks", "presence"]}


GRAPH = {"graph": asdict(summarise_found([FaceErrors(0.04, 0.05, 0.03, 0.06), None]))}
NOTHING_FOUND = {"graph": asdict(summarise_found([None]))}


@pytest.mark.parametrize(
    ("graph", "lines"),
    [
        ({}, ["Not measured through the users' graph: there was no face detector."]),
        (
            GRAPH,
            [
                "| faces missed | 1 of 2 |",
                "| error of those found, by the eye corners | 4.00 |",
                "| faces beyond 8 % or missed | 50.00 % |",
            ],
        ),
        (NOTHING_FOUND, ["| faces missed | 1 of 1 |", "| contour points alone | None |"]),
    ],
)
def test_card(graph, lines):
    card = write_landmark_card(
        {
            "name": "landmarks_9",
            "input": [1, 64, 64, 3],
            "output": {"landmarks": [1, 68, 2], "presence": [1, 1]},
            "weights": "float16",
            "parameters": 1234567,
            "multiply_adds": 2_500_000,
            "bytes": 4200,
            "operators": {"ADD": 1, "CONV_2D": 2},
            "keras_difference": 0.002,
            "seed": 5,
            "epochs": 3,
            "hours": 0.5,
            "validation": asdict(summarise([FaceErrors(0.03, 0.04, 0.02, 0.05)])) | {"missed": 0} | graph,
        }
    )
    for line in (
        "# landmarks_9: facial landmarks",
        "| parameters | 1,234,567 |",
        "| error, by the distance of the outer eye corners | 3.00 |",
        "| faces beyond 8 % | 0.0 % |",
        "| faces taken for none | 0 |",
        *lines,
    ):
        assert line in card
