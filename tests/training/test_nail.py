"""The nail task on a data set of three pictures."""

from pathlib import Path

import cv2
import keras
import numpy as np
import pytest

from models.nail import DEEP, LEVELS, SHALLOW, level_name
from training.config import find_config, read_config
from training.data import DataError
from training.fit import load_task
from training.nail import NailTask, fit, generate, is_turned_copy


@pytest.fixture
def data(tmp_path) -> Path:
    """Grey pictures with a white nail that points right, a right index finger."""
    for folder in ("images", "instances", "backgrounds"):
        (tmp_path / folder).mkdir()
    instances = np.zeros((48, 64), np.uint8)
    instances[16:32, 16:48] = 3
    image = np.where(instances > 0, 255, 90).astype(np.uint8)
    for name in ("one", "two", "held"):
        cv2.imwrite(str(tmp_path / f"images/{name}.png"), image)
        cv2.imwrite(str(tmp_path / f"instances/{name}.png"), instances)
    cv2.imwrite(str(tmp_path / "backgrounds/wall.jpg"), image)
    rows = "".join(f"{name},3,6,1,0\n" for name in ("one", "two", "held"))
    (tmp_path / "labels.csv").write_text("picture,nail,finger,dx,dy\n" + rows)
    (tmp_path / "split.txt").write_text("held\n")
    return tmp_path


def task_on(data: Path, **options) -> NailTask:
    return NailTask(
        data,
        data / "split.txt",
        data / "backgrounds",
        labels=str(data / "labels.csv"),
        input_size=64,
        **options,
    )


def perfect(frames: np.ndarray) -> list[np.ndarray]:
    """A network that takes white for nails, of a right index finger, pointing right."""
    white = (frames.mean(-1, keepdims=True) > 0.9).astype(np.float32)
    fingers = np.zeros((len(frames), 16, 16, 10), np.float32)
    fingers[..., 6] = 1
    direction = np.zeros((len(frames), 16, 16, 2), np.float32)
    direction[..., 0] = 1
    return [white, fingers, direction]


def test_batch(data):
    task = task_on(data)
    one, two = (task.batch(32, 5, np.random.default_rng(1)) for _ in range(2))
    assert one[0].shape == (5, 32, 32, 3)
    assert one[1].shape == (5, 32, 32, 4)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_perfect_scores(data):
    scores = task_on(data).evaluate(perfect, 32)
    assert scores == {"mean": 1.0, "binary_miou": 1.0, "fingers": 1.0, "direction": pytest.approx(0, abs=0.1)}


def test_wrong_scores(data):
    def wrong(frames: np.ndarray) -> list[np.ndarray]:
        mask, fingers, direction = perfect(frames)
        return [np.ones_like(mask), fingers[..., ::-1], direction[..., ::-1]]

    scores = task_on(data).evaluate(wrong, 32)
    assert scores["mean"] == pytest.approx(16 * 32 / (48 * 64))
    assert scores["binary_miou"] == pytest.approx(scores["mean"] / 2)
    assert scores["fingers"] == 0
    assert scores["direction"] == pytest.approx(90)


def test_split_that_holds_everything_out(data):
    (data / "split.txt").write_text("one\ntwo\nheld\n")
    with pytest.raises(DataError, match="leaves no picture to train on"):
        task_on(data)


def test_labels_of_other_pictures(data):
    (data / "labels.csv").write_text("picture,nail,finger,dx,dy\nother,3,6,1,0\n")
    with pytest.raises(DataError, match=r"labels\.csv: labels none of the pictures in"):
        task_on(data)


def test_random_weights_are_all_trained(data, capsys):
    model = task_on(data, network={"depth": 43}).build(32)
    assert capsys.readouterr().out == "random weights: all layers are trained\n"
    assert all(layer.trainable for layer in model.layers)
    assert model.get_layer(f"{DEEP}Conv1").trainable
    assert {level_name(stride) for stride in LEVELS} == set(NailTask.logits)


def test_pretrained_weights_keep_edges_and_statistics(data, tmp_path, capsys):
    task = task_on(data, network={"depth": 43})
    path = tmp_path / "encoder.weights.h5"
    keras.applications.MobileNetV2((64, 64, 3), include_top=False, weights=None).save_weights(path)
    model = task_on(data, network={"depth": 43}, encoder=str(path)).build(32)
    encoders = [layer for layer in model.layers if layer.weights and layer.name.startswith((DEEP, SHALLOW))]
    assert capsys.readouterr().out == f"{path}: {len(encoders)} layers of the encoders taken\n"
    frozen = {layer.name for layer in model.layers if layer.weights and not layer.trainable}
    assert {"deep_Conv1", "shallow_block_2_project", "deep_block_12_expand_BN"} <= frozen
    assert not {"deep_block_3_expand", "shallow_block_5_project", "fuse_8_bn", "residual_4"} & frozen
    assert task.build(32).count_params() == model.count_params()


def test_drawn_hands_are_pictures_like_others():
    one, two = (generate(np.random.default_rng(8)) for _ in range(2))
    np.testing.assert_array_equal(one.image, two.image)
    nails = np.unique(one.instances[one.instances > 0])
    assert len(nails)
    assert (one.fingers[nails] >= 0).all()
    np.testing.assert_allclose(np.linalg.norm(one.directions[nails], axis=-1), 1, atol=1e-5)


@pytest.mark.parametrize(("black", "expected"), [(0, False), (1, False), (2, True), (4, True)])
def test_turned_copies_have_black_corners(black, expected):
    image = np.full((40, 50, 3), 90, np.uint8)
    corners = ((0, 0), (0, -4), (-4, 0), (-4, -4))
    for y, x in corners[:black]:
        image[y : y + 4 or None, x : x + 4 or None] = 2
    assert is_turned_copy(image) is expected


def test_fit_puts_the_picture_between_black_bars():
    frame = fit(np.full((10, 20, 3), 255, np.uint8), 64)
    assert frame.shape == (64, 64, 3)
    assert (frame[:16] == -1).all()
    assert (frame[16:48] == 1).all()
    assert (frame[48:] == -1).all()


@pytest.mark.parametrize("name", ["nail_352", "nail_352_first", "nail_baseline", "nail_lmp", "nail_cascade"])
def test_committed_configurations_are_of_this_task(name):
    config = read_config(find_config(name))
    assert config.task == "nail"
    network = NailTask.shipped(config)
    assert network.input_shape[1] == config.options.get("input_size", 352)


def test_ablations_differ_in_what_they_are_named_after():
    baseline, lmp, cascade = (
        read_config(find_config(f"nail_{name}")) for name in ("baseline", "lmp", "cascade")
    )
    assert baseline.stages == lmp.stages == cascade.stages
    assert baseline.options == lmp.options | {"pooling": False}
    assert lmp.options == cascade.options | {"network": {"cascade": False}}


def test_a_folded_network_needs_weights(data):
    with pytest.raises(DataError, match="needs an encoder"):
        task_on(data, network={"folded": True})


def test_unknown_option_is_refused(data, tmp_path):
    config = tmp_path / "mine.toml"
    text = find_config("nail_lmp").read_text().replace("pooling", "poling") + "poling = true\n"
    config.write_text(text)
    with pytest.raises(ValueError, match="did you mean 'pooling'"):
        load_task(config, data)


def test_pictures_left_out_are_not_trained_on(data):
    (data / "left_out.txt").write_text("# why\none\ntwo\n")
    with pytest.raises(DataError, match="leaves no picture to train on"):
        task_on(data, left_out=str(data / "left_out.txt"))
