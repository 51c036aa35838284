"""The landmark task on a data set of drawn faces."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models.landmarks import HEATMAPS, PRESENCE_LOGIT, REFINEMENT
from tests.training.tiny_faces import write_faces
from training.config import find_config, read_config
from training.data import DataError
from training.fit import load_task
from training.landmarks import LandmarkTask

CONFIGS = [
    f"landmarks_{name}"
    for name in (
        "tiny",
        "half",
        "full",
        "ablation_full",
        "ablation_no_heatmap",
        "ablation_no_distance",
        "ablation_no_refinement",
    )
]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    write_faces(folder / "images", ["one", "two", "held"])
    (folder / "backgrounds").mkdir()
    cv2.imwrite(str(folder / "backgrounds/hand.jpg"), np.full((64, 80, 3), 90, np.uint8))
    (folder / "split.txt").write_text("held\n")
    return folder


def task_on(data: Path, split: str = "split.txt", **options) -> LandmarkTask:
    return LandmarkTask(data, data / split, data / "backgrounds", input_size=32, **options)


def test_batch(data):
    task = task_on(data)
    one, two = (task.batch(32, 6, np.random.default_rng(1)) for _ in range(2))
    assert one[0].shape == (6, 32, 32, 3)
    assert one[1].shape == (6, 137)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_batches_show_faces_and_others(data):
    _, targets = task_on(data).batch(32, 60, np.random.default_rng(2))
    assert set(targets[:, -1].tolist()) == {0.0, 1.0}
    assert targets[:, -1].mean() > 0.7


def test_a_perfect_and_a_wrong_answer(data):
    task = task_on(data)
    truth = task._truth
    points, present = truth[:, :-1].reshape(-1, 68, 2), truth[:, -1:]
    perfect = task.evaluate(lambda inputs: [points, present], 32)
    assert perfect == {
        "mean": pytest.approx(1, abs=1e-4),
        "inter_ocular": pytest.approx(0, abs=1e-3),
        "inter_pupil": pytest.approx(0, abs=1e-3),
        "inner": pytest.approx(0, abs=1e-3),
        "contour": pytest.approx(0, abs=1e-3),
        "failure_rate": 0.0,
        "presence": 1.0,
    }
    wrong = task.evaluate(lambda inputs: [points + 0.5, 1 - present], 32)
    assert wrong["mean"] == wrong["presence"] == 0
    assert wrong["failure_rate"] == 100
    assert wrong["inter_ocular"] > 50


def test_a_step_lowers_the_loss(data):
    """The losses that `training.run` trains with, on one batch over and over."""
    import keras

    keras.utils.set_random_seed(1)
    task = task_on(data)
    model = task.build(None)
    trained = keras.Model(model.input, [model.get_layer(name).output for name in task.logits])
    trained.compile(keras.optimizers.Adam(3e-3), loss=task.loss)
    inputs, targets = task.batch(32, 8, np.random.default_rng(3))
    losses = [
        float(np.ravel(trained.train_on_batch(inputs, [targets] * len(task.logits)))[0]) for _ in range(8)
    ]
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize(
    ("network", "logits"),
    [
        ({}, (HEATMAPS, REFINEMENT, PRESENCE_LOGIT)),
        ({"refine": False}, (HEATMAPS, PRESENCE_LOGIT)),
    ],
)
def test_layers_that_are_trained(data, network, logits):
    task = task_on(data, network=network)
    assert task.logits == logits
    assert len(task.loss) == len(logits)


@pytest.mark.parametrize(
    ("split", "options", "message"),
    [
        ("none.txt", {}, "leaves no picture to train on, or none to validate with"),
        ("all.txt", {}, "leaves no picture to train on, or none to validate with"),
        ("split.txt", {"layout": "ibug68"}, r"unknown layout 'ibug68' \(did you mean 'ibug_68'\?\)"),
    ],
)
def test_what_cannot_be_trained_on(data, split, options, message):
    (data / "none.txt").write_text("other\n")
    (data / "all.txt").write_text("one\ntwo\nheld\n")
    with pytest.raises(DataError, match=message):
        task_on(data, split, **options)


def test_a_stage_of_another_size_is_refused(data):
    with pytest.raises(DataError, match="must be the network's input_size, 32; got 64"):
        task_on(data).batch(64, 1, np.random.default_rng(0))


@pytest.mark.parametrize("name", CONFIGS)
def test_committed_configurations_are_of_this_task(name):
    config = read_config(find_config(name))
    assert config.task == "landmarks"
    assert {stage.size for stage in config.stages} == {config.options.get("input_size", 128)}
    assert LandmarkTask.shipped(config).input_shape == (None, 128, 128, 3)


def test_ablations_differ_in_what_they_are_named_after():
    full, *others = (read_config(find_config(name)) for name in CONFIGS[3:])
    assert all(other.stages == full.stages and other.seed == full.seed for other in others)
    changes = [
        {key: value for key, value in other.options.items() if full.options.get(key) != value}
        for other in others
    ]
    assert changes == [
        {"heatmap": 0.0},
        {"distance": 0.0},
        {"network": {"width": "tiny", "refine": False}},
    ]


def test_unknown_option_is_refused(data, tmp_path):
    config = tmp_path / "mine.toml"
    config.write_text(
        find_config("landmarks_ablation_no_heatmap").read_text().replace("heatmap =", "heatmp =")
    )
    with pytest.raises(ValueError, match="did you mean 'heatmap'"):
        load_task(config, data)
