"""Train a model: `python -m training.fit hair_256` reads `training/configs/hair_256.toml`.

Writes to `runs/hair_256/`: `state.npz` (everything that a resumed run needs), `best.weights.h5` (averaged
weights with the best validation score), `metrics.json` and `curves.png`. A run that was stopped goes on where
its last finished epoch ended.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# TensorFlow leaves oneDNN off on some processors, where its own convolutions train at a third of the speed.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

import cv2
import keras
import numpy as np

from training.hair import HairTask
from training.plot import write_curves

CONFIGS = Path(__file__).parent / "configs"
TASKS = {"hair": HairTask}


@dataclass(frozen=True)
class Stage:
    """Epochs of `steps` batches at one picture size."""

    size: int
    batch: int
    steps: int
    epochs: int


@dataclass(frozen=True)
class Config:
    """A training run; see `training/configs/` for the values in use."""

    task: str
    data: str
    split: str
    backgrounds: str
    seed: int
    learning_rate: float
    weight_decay: float
    warmup_steps: int
    clip_norm: float
    ema: float
    stages: tuple[Stage, ...]

    @property
    def epochs(self) -> int:
        return sum(stage.epochs for stage in self.stages)

    @property
    def steps(self) -> int:
        return sum(stage.epochs * stage.steps for stage in self.stages)

    def stage(self, epoch: int) -> Stage:
        """The stage of an epoch counted from 0."""
        for stage in self.stages:
            if epoch < stage.epochs:
                return stage
            epoch -= stage.epochs
        raise IndexError(f"the run has {self.epochs} epochs")


def read_config(path: Path) -> Config:
    """Read a TOML file whose keys are the fields of `Config`."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    return Config(**(values | {"stages": tuple(Stage(**stage) for stage in values["stages"])}))


class Run:
    """The state of a training run: network, optimizer, averaged weights, history."""

    def __init__(self, config: Config, task: Any, folder: Path) -> None:
        self.config, self.task, self.folder = config, task, folder
        keras.utils.set_random_seed(config.seed)
        self.model = task.build(None)
        self.trained = keras.Model(self.model.input, self.model.get_layer(task.logits).output)
        self.optimizer = keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(
                0.0,
                config.steps - config.warmup_steps,
                alpha=0.005,
                warmup_target=config.learning_rate,
                warmup_steps=config.warmup_steps,
            ),
            weight_decay=config.weight_decay,
            global_clipnorm=config.clip_norm,
        )
        self.optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        self.trained.compile(self.optimizer, loss=task.loss)
        self.optimizer.build(self.trained.trainable_variables)
        self.average = self.model.get_weights()
        self.history: list[dict[str, float]] = []

    @property
    def state(self) -> Path:
        return self.folder / "state.npz"

    def fit(self) -> None:
        """Train to the end of the schedule, saving after every epoch."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.state.is_file():
            self.load()
        for epoch in range(len(self.history), self.config.epochs):
            self.epoch(epoch)

    def epoch(self, epoch: int) -> None:
        config, stage = self.config, self.config.stage(epoch)
        start = time.perf_counter()
        losses = []
        for inputs, targets in self._batches(epoch):
            inputs = self.task.feed_back(inputs, self.model.predict_on_batch)
            losses.append(float(self.trained.train_on_batch(inputs, targets)))
            # The average follows fast at first, else it would remember the random start.
            done = int(self.optimizer.iterations)
            keep = min(config.ema, done / (9 + done))
            for average, weights in zip(self.average, self.model.get_weights(), strict=True):
                average *= keep
                average += (1 - keep) * weights
        seconds = time.perf_counter() - start
        scores = self._evaluate(stage.size)
        row = {
            "epoch": epoch + 1,
            "size": stage.size,
            "loss": float(np.mean(losses)),
            **scores,
            "learning_rate": float(self.optimizer.learning_rate),
            "pictures_per_second": len(losses) * stage.batch / seconds,
            "seconds": time.perf_counter() - start,
        }
        # Scores of different sizes do not compare: each stage starts anew.
        best = max((r["mean"] for r in self.history if r["size"] == stage.size), default=0.0)
        self.history.append(row)
        if row["mean"] >= best:
            self._save_best()
        self.save()
        print(" ".join(f"{k} {v:.4g}" for k, v in row.items()), flush=True)

    def save(self) -> None:
        """Write the state and the human-readable history, each beside and then renamed."""
        partial = self.folder / "state.npz.partial"
        arrays = {f"weight{i}": w for i, w in enumerate(self.model.get_weights())}
        arrays |= {f"average{i}": w for i, w in enumerate(self.average)}
        arrays |= {f"optimizer{i}": np.asarray(v) for i, v in enumerate(self.optimizer.variables)}
        with partial.open("wb") as file:
            np.savez(file, history=json.dumps(self.history), **arrays)
        partial.replace(self.state)
        (self.folder / "metrics.json").write_text(json.dumps(self.history, indent=1), encoding="utf-8")
        write_curves(self.history, self.folder / "curves.png")

    def load(self) -> None:
        """Take up the state of the last finished epoch."""
        with np.load(self.state) as arrays:
            self.history = json.loads(str(arrays["history"]))
            self.model.set_weights([arrays[f"weight{i}"] for i in range(len(self.average))])
            self.average = [arrays[f"average{i}"] for i in range(len(self.average))]
            for i, variable in enumerate(self.optimizer.variables):
                variable.assign(arrays[f"optimizer{i}"])

    def _evaluate(self, size: int) -> dict[str, float]:
        weights = self.model.get_weights()
        self.model.set_weights(self.average)
        scores = self.task.evaluate(self.model.predict_on_batch, size)
        self.model.set_weights(weights)
        return scores

    def _save_best(self) -> None:
        weights = self.model.get_weights()
        self.model.set_weights(self.average)
        partial = self.folder / "best.partial.weights.h5"
        self.model.save_weights(partial)
        partial.replace(self.folder / "best.weights.h5")
        self.model.set_weights(weights)

    def _batches(self, epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """One epoch's batches, made one ahead in a thread; what they hold depends on seed and epoch alone."""
        stage = self.config.stage(epoch)
        rng = np.random.default_rng((self.config.seed, epoch))

        def make() -> tuple[np.ndarray, np.ndarray]:
            return self.task.batch(stage.size, stage.batch, rng)

        with ThreadPoolExecutor(max_workers=1) as pool:
            following = pool.submit(make)
            for _ in range(stage.steps - 1):
                batch, following = following.result(), pool.submit(make)
                yield batch
            yield following.result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="name of a file in training/configs, without .toml")
    parser.add_argument("--data", help="folder of the data set, instead of the config's")
    args = parser.parse_args()
    # The thread that makes batches must not spread over the cores that train.
    cv2.setNumThreads(1)
    config = read_config(CONFIGS / f"{args.config}.toml")
    task = TASKS[config.task](Path(args.data or config.data), Path(config.split), Path(config.backgrounds))
    Run(config, task, Path("runs") / args.config).fit()


if __name__ == "__main__":
    main()
