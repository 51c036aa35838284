"""Training: progress, and a stopped run goes on as if it had not been stopped."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from models.weights import WeightsError
from tests.training.tiny import CONFIG, BrightIsHair
from training.run import Run, RunError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def straight(tmp_path_factory) -> Run:
    run = Run(CONFIG, BrightIsHair(), tmp_path_factory.mktemp("straight"))
    run.fit()
    return run


def copy_of(run: Run, folder: Path) -> Path:
    (folder / "state.npz").write_bytes(run.state.read_bytes())
    return folder


def assert_same_run(one: Run, two: Run) -> None:
    for a, b in zip(one.history, two.history, strict=True):
        figures = {k: v for k, v in a.items() if k not in ("seconds", "pictures_per_second")}
        assert figures == pytest.approx({k: b[k] for k in figures}, rel=1e-4)
    for a, b in zip(one.average, two.average, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    for a, b in zip(one.optimizer.variables, two.optimizer.variables, strict=True):
        np.testing.assert_allclose(np.asarray(a), np.asarray(b), atol=1e-5)


class TestRun:
    def test_loss_falls(self, straight):
        losses = [row["loss"] for row in straight.history]
        assert len(losses) == 4
        assert losses[-1] < losses[0]

    def test_writes_metrics_curves_and_best_weights(self, straight):
        assert json.loads((straight.folder / "metrics.json").read_text()) == straight.history
        assert (straight.folder / "curves.png").stat().st_size > 1000
        straight.task.build(16).load_weights(straight.folder / "best.weights.h5")

    def test_writes_events_for_tensorboard(self, straight):
        event_accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
        events = event_accumulator.EventAccumulator(str(straight.folder / "tensorboard"))
        events.Reload()
        points = events.Tensors("validation/mean")
        assert [point.step for point in points] == [1, 2, 3, 4]
        values = [point.tensor_proto.float_val[0] for point in points]
        assert values == pytest.approx([row["mean"] for row in straight.history])

    def test_learning_rate_rises_and_falls(self, straight):
        rates = [row["learning_rate"] for row in straight.history]
        assert max(rates) == rates[0] <= CONFIG.learning_rate
        assert rates[-1] == pytest.approx(0.005 * CONFIG.learning_rate, rel=1e-3)

    def test_learning_rate_stays_and_nothing_is_averaged(self, tmp_path):
        stages = (replace(CONFIG.stages[0], epochs=2),)
        config = replace(CONFIG, warmup_steps=0, final_rate=1.0, ema=0.0, clip_norm=None, stages=stages)
        run = Run(config, BrightIsHair(), tmp_path)
        run.fit()
        assert [row["learning_rate"] for row in run.history] == pytest.approx([config.learning_rate] * 2)
        for average, weights in zip(run.average, run.model.get_weights(), strict=True):
            np.testing.assert_array_equal(average, weights)

    def test_loss_that_is_no_number_ends_the_run(self, tmp_path):
        class Broken(BrightIsHair):
            def batch(self, size, count, rng):
                frames, masks = super().batch(size, count, rng)
                return frames * np.nan, masks

        with pytest.raises(RunError, match="the loss is nan at step 1 of epoch 1: try a lower learning_rate"):
            Run(CONFIG, Broken(), tmp_path).fit()
        assert not (tmp_path / "state.npz").exists()


class TestResume:
    def test_killed_twice(self, straight, tmp_path):
        """Once within an epoch; once while the figures are written, when the state is written already."""
        for moment in ("batch", "curves"):
            command = [sys.executable, "-m", "tests.training.tiny", str(tmp_path), moment]
            killed = subprocess.run(
                command,
                cwd=ROOT,
                env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
                capture_output=True,
                text=True,
            )
            assert killed.returncode == -signal.SIGKILL, killed.stderr
        (tmp_path / "state.npz.partial").write_bytes(b"half of a state")
        last = Run(CONFIG, BrightIsHair(), tmp_path)
        last.fit()
        assert_same_run(last, straight)
        assert json.loads((tmp_path / "metrics.json").read_text()) == last.history

    def test_finished_run_shows_its_figures(self, straight, tmp_path):
        run = Run(CONFIG, BrightIsHair(), copy_of(straight, tmp_path))
        run.fit()
        assert json.loads((tmp_path / "metrics.json").read_text()) == straight.history

    def test_changed_configuration(self, straight, tmp_path):
        stages = (CONFIG.stages[0], replace(CONFIG.stages[1], epochs=3))
        changed = replace(CONFIG, learning_rate=0.01, data="elsewhere", stages=stages)
        with pytest.raises(RunError) as error:
            Run(changed, BrightIsHair(), copy_of(straight, tmp_path)).fit()
        assert str(error.value).splitlines() == [
            f"{tmp_path}: the run began with another configuration:",
            "  learning_rate: 0.03 -> 0.01",
            "  stages 2.epochs: 2 -> 3",
            "go on with the new one: --keep; start anew: --fresh",
        ]
        kept = Run(changed, BrightIsHair(), tmp_path)
        kept.fit(keep=True)
        assert [row["epoch"] for row in kept.history] == [1, 2, 3, 4, 5]

    def test_pictures_may_move(self, straight, tmp_path):
        Run(replace(CONFIG, data="elsewhere"), BrightIsHair(), copy_of(straight, tmp_path)).fit()

    def test_state_without_a_configuration(self, straight, tmp_path):
        """As runs wrote it before."""
        with np.load(straight.state) as file:
            np.savez(
                tmp_path / "state.npz", **{k: v for k, v in file.items() if k != "config" and "seed" not in k}
            )
        run = Run(CONFIG, BrightIsHair(), tmp_path)
        run.load()
        assert run.history == straight.history

    def test_another_network(self, straight, tmp_path):
        class Wider(BrightIsHair):
            WIDTH = 6

        with pytest.raises(RunError, match="of another network; start anew with --fresh"):
            Run(CONFIG, Wider(), copy_of(straight, tmp_path)).fit()

    def test_unreadable_state(self, tmp_path):
        (tmp_path / "state.npz").write_bytes(b"PK no archive")
        with pytest.raises(RunError, match=r"state\.npz: cannot be read .* --fresh"):
            Run(CONFIG, BrightIsHair(), tmp_path).fit()

    def test_forget(self, straight, tmp_path):
        run = Run(CONFIG, BrightIsHair(), copy_of(straight, tmp_path))
        (tmp_path / "notes.txt").touch()
        run.forget()
        assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]

    def test_folder_that_cannot_be_written(self, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(RunError, match=r"file: cannot write there: File exists"):
            Run(CONFIG, BrightIsHair(), tmp_path / "file").fit()


class TestInitial:
    def test_starts_from_weights(self, straight, tmp_path, capsys):
        """What was learnt is there, and the averaged weights start from it too."""
        config = replace(CONFIG, initial=str(straight.folder / "best.weights.h5"))
        run = Run(config, BrightIsHair(), tmp_path)
        run.begin()
        assert capsys.readouterr().out.endswith("best.weights.h5: 3 of 3 layers taken\n")
        best = straight.task.build(16)
        best.load_weights(straight.folder / "best.weights.h5")
        for expected, model, average in zip(
            best.get_weights(), run.model.get_weights(), run.average, strict=True
        ):
            np.testing.assert_array_equal(model, expected)
            np.testing.assert_array_equal(average, expected)

    def test_missing_file(self, tmp_path):
        with pytest.raises(WeightsError, match=r"none\.h5: no such file"):
            Run(replace(CONFIG, initial="none.h5"), BrightIsHair(), tmp_path).fit()


def test_dropout_goes_on_where_it_was(tmp_path):
    """The state of its random numbers is not among a model's weights."""

    class Forgetful(BrightIsHair):
        def build(self, input_size):
            frame = keras.Input((input_size, input_size, 4))
            x = keras.layers.Dropout(0.5)(frame)
            x = keras.layers.Conv2D(1, 1, name="logits")(x)
            return keras.Model(frame, keras.layers.Activation("sigmoid")(x))

    config = replace(CONFIG, stages=(replace(CONFIG.stages[0], epochs=2),))
    straight = Run(config, Forgetful(), tmp_path / "straight")
    straight.fit()
    first = Run(config, Forgetful(), tmp_path / "stopped")
    first.begin()
    first.epoch(0)
    second = Run(config, Forgetful(), tmp_path / "stopped")
    second.fit()
    assert_same_run(second, straight)
