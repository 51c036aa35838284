"""Training: progress, and a stopped run goes on as if it had not been stopped."""

import json

import keras
import numpy as np
import pytest

from training.fit import CONFIGS, Config, Run, Stage, read_config
from training.losses import mask_loss

CONFIG = Config(
    task="tiny",
    data="",
    split="",
    backgrounds="",
    seed=1,
    learning_rate=0.03,
    weight_decay=0.01,
    warmup_steps=4,
    clip_norm=1.0,
    ema=0.8,
    stages=(Stage(8, 4, steps=5, epochs=2), Stage(16, 2, steps=4, epochs=2)),
)


class BrightIsHair:
    """A task that one convolution with batch normalisation learns."""

    loss = staticmethod(mask_loss)
    logits = "logits"

    def build(self, input_size):
        frame = keras.Input((input_size, input_size, 4))
        x = keras.layers.Conv2D(4, 3, padding="same", use_bias=False)(frame)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
        x = keras.layers.Conv2D(1, 1, name="logits")(x)
        return keras.Model(frame, keras.layers.Activation("sigmoid")(x))

    def batch(self, size, count, rng):
        frames = rng.random((count, size, size, 4), np.float32)
        return frames, (frames[..., :1] > 0.5).astype(np.float32)

    def feed_back(self, inputs, predict):
        return inputs

    def evaluate(self, predict, size):
        frames, masks = self.batch(size, 4, np.random.default_rng(0))
        return {"mean": float(((predict(frames) > 0.5) == masks).mean())}


@pytest.fixture(scope="module")
def straight(tmp_path_factory) -> Run:
    run = Run(CONFIG, BrightIsHair(), tmp_path_factory.mktemp("straight"))
    run.fit()
    return run


def test_loss_falls(straight):
    losses = [row["loss"] for row in straight.history]
    assert len(losses) == 4
    assert losses[-1] < losses[0]


def test_writes_metrics_curves_and_best_weights(straight):
    assert json.loads((straight.folder / "metrics.json").read_text()) == straight.history
    assert (straight.folder / "curves.png").stat().st_size > 1000
    straight.task.build(16).load_weights(straight.folder / "best.weights.h5")


def test_resumed_run_equals_a_straight_one(straight, tmp_path):
    first = Run(CONFIG, BrightIsHair(), tmp_path)
    for epoch in range(3):
        first.epoch(epoch)
    second = Run(CONFIG, BrightIsHair(), tmp_path)
    second.fit()
    for key in ("epoch", "size", "learning_rate"):
        assert [row[key] for row in second.history] == [row[key] for row in straight.history]
    for one, two in zip(second.average, straight.average, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5)
    for one, two in zip(second.optimizer.variables, straight.optimizer.variables, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(two), atol=1e-5)


def test_learning_rate_rises_and_falls(straight):
    rates = [row["learning_rate"] for row in straight.history]
    assert max(rates) == rates[0] <= CONFIG.learning_rate
    assert rates[-1] == pytest.approx(0.005 * CONFIG.learning_rate, rel=1e-3)


@pytest.mark.parametrize(("epoch", "size"), [(0, 8), (1, 8), (2, 16), (3, 16)])
def test_stage(epoch, size):
    assert CONFIG.stage(epoch).size == size


def test_stage_beyond_the_run():
    with pytest.raises(IndexError, match="4 epochs"):
        CONFIG.stage(4)


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.stem)
def test_committed_configs_load(path):
    config = read_config(path)
    assert config.epochs == sum(stage.epochs for stage in config.stages)
