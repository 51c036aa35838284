"""A training run, and what it leaves in its folder: `state.npz` (everything that a resumed run needs),
`best.weights.h5` (averaged weights with the best validation score), `metrics.json`, `curves.png` and
`tensorboard/`."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

import keras
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.weights import load_by_name
from training.config import Config
from training.plot import write_curves
from training.tensorboard import Events


class RunError(RuntimeError):
    """A run cannot go on; the message says what to do."""


class Run:
    """The state of a training run: network, optimizer, averaged weights, history."""

    def __init__(self, config: Config, task: Any, folder: Path) -> None:
        self.config, self.task, self.folder = config, task, folder
        keras.utils.set_random_seed(config.seed)
        self.model = task.build(None)
        outputs = [self.model.get_layer(name).output for name in task.logits]
        self.trained = keras.Model(self.model.input, outputs)
        self.optimizer = keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(
                0.0,
                config.steps - config.warmup_steps,
                alpha=config.final_rate,
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
        self._traced_size = 0

    @property
    def state(self) -> Path:
        return self.folder / "state.npz"

    def fit(self, keep: bool = False) -> None:
        """Train to the end of the schedule, saving after every epoch.

        Args:
            keep: as in `begin`, which raises besides.

        Raises:
            RunError: if the loss is no number any more.
        """
        self.begin(keep)
        events = Events(self.folder / "tensorboard", self.history)
        for epoch in range(len(self.history), self.config.epochs):
            self.epoch(epoch)
            events.add(self.history[-1])
        events.close()

    def begin(self, keep: bool = False) -> None:
        """Take up the run in the folder, or else the weights to start from.

        Args:
            keep: go on although the configuration is not the one that the run began with.

        Raises:
            RunError: if the folder cannot be written, or holds a run of another configuration or network.
            WeightsError: if the weights to start from cannot be used.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._partial.touch()
        except OSError as error:
            raise RunError(f"{self.folder}: cannot write there: {error.strerror}") from error
        if self.state.is_file():
            self.load(keep)
        elif self.config.initial is not None:
            names = load_by_name(self.model, Path(self.config.initial))
            with_weights = sum(1 for layer in self.model.layers if layer.weights)
            print(f"{self.config.initial}: {len(names)} of {with_weights} layers taken", flush=True)
            self.average = self.model.get_weights()

    def forget(self) -> None:
        """Delete what an earlier run has written, so that the next starts anew."""
        for name in ("state.npz", "best.weights.h5", "metrics.json", "curves.png"):
            (self.folder / name).unlink(missing_ok=True)

    def epoch(self, epoch: int) -> None:
        config, stage = self.config, self.config.stage(epoch)
        self._trace(stage.size)
        start = time.perf_counter()
        losses: list[float] = []
        with _progress() as progress:
            bar = progress.add_task(
                f"epoch {epoch + 1}/{config.epochs}", total=stage.steps, loss=0.0, speed=0.0
            )
            for inputs, targets in self._batches(epoch):
                inputs = self.task.feed_back(inputs, self.model.predict_on_batch)
                losses.append(self._step(inputs, targets))
                if not np.isfinite(losses[-1]):
                    raise RunError(
                        f"the loss is {losses[-1]} at step {len(losses)} of epoch {epoch + 1}: "
                        "try a lower learning_rate, a longer warm-up or a clip_norm"
                    )
                self._follow()
                speed = len(losses) * stage.batch / (time.perf_counter() - start)
                progress.update(bar, advance=1, loss=float(np.mean(losses)), speed=speed)
        if not config.ema:
            self.average = self.model.get_weights()
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

    def _step(self, inputs: np.ndarray, targets: np.ndarray) -> float:
        """All outputs are compared with the same targets; Keras gives the sum first, then each loss."""
        loss = self.trained.train_on_batch(inputs, [targets] * len(self.trained.outputs))
        return float(np.ravel(loss)[0])

    def save(self) -> None:
        """Write the state and the human-readable history, each beside and then renamed."""
        arrays = {f"weight{i}": w for i, w in enumerate(self.model.get_weights())}
        arrays |= {f"average{i}": w for i, w in enumerate(self.average)}
        arrays |= {f"optimizer{i}": np.asarray(v) for i, v in enumerate(self.optimizer.variables)}
        arrays |= {f"seed{i}": np.asarray(v) for i, v in enumerate(self._seeds)}
        with self._partial.open("wb") as file:
            np.savez(file, history=json.dumps(self.history), config=json.dumps(asdict(self.config)), **arrays)
        self._partial.replace(self.state)
        self._show()

    def load(self, keep: bool = False) -> None:
        """Take up the state of the last finished epoch.

        Raises:
            RunError: if it cannot be read, or is of another network or (unless `keep`) configuration.
        """
        try:
            with np.load(self.state) as file:
                arrays = dict(file)
        except (zipfile.BadZipFile, EOFError, ValueError) as error:
            raise RunError(f"{self.state}: cannot be read ({error}); start anew with --fresh") from error
        # States of runs from before configurations were kept have none.
        before = json.loads(str(arrays.get("config", "{}")))
        changes = _changes(before, json.loads(json.dumps(asdict(self.config)))) if before else []
        if changes and not keep:
            raise RunError(
                f"{self.folder}: the run began with another configuration:\n  "
                + "\n  ".join(changes)
                + "\ngo on with the new one: --keep; start anew: --fresh"
            )
        groups = {
            "weight": self.model.weights,
            "average": self.model.weights,
            "optimizer": self.optimizer.variables,
        }
        for name, variables in groups.items():
            shapes = [arrays[f"{name}{i}"].shape for i in range(_count(arrays, name))]
            if shapes != [tuple(v.shape) for v in variables]:
                raise RunError(f"{self.state}: of another network; start anew with --fresh")
        self.history = json.loads(str(arrays["history"]))
        self.model.set_weights([arrays[f"weight{i}"] for i in range(len(self.average))])
        self.average = [arrays[f"average{i}"] for i in range(len(self.average))]
        for i, variable in enumerate(self.optimizer.variables):
            variable.assign(arrays[f"optimizer{i}"])
        for i, variable in enumerate(self._seeds[: _count(arrays, "seed")]):
            variable.assign(arrays[f"seed{i}"])
        self._show()

    @property
    def _partial(self) -> Path:
        return self.folder / "state.npz.partial"

    @property
    def _seeds(self) -> list[Any]:
        """What dropout draws from; Keras does not count it among a model's weights."""
        weights = {id(v) for v in self.model.weights}
        return [v for v in self.model.variables if id(v) not in weights]

    def _trace(self, size: int) -> None:
        """Compile anew for pictures of another size, which TensorFlow else takes for pictures of any size."""
        if size != self._traced_size:
            self.trained.make_train_function(force=True)
            self.model.make_predict_function(force=True)
            self._traced_size = size

    def _follow(self) -> None:
        """Let the averaged weights follow; fast at first, else they would remember the random start."""
        if not self.config.ema:
            return
        done = int(self.optimizer.iterations)
        keep = min(self.config.ema, done / (9 + done))
        for average, weights in zip(self.average, self.model.get_weights(), strict=True):
            average *= keep
            average += (1 - keep) * weights

    def _show(self) -> None:
        """Write the history for people: as figures and as curves."""
        partial = self.folder / "metrics.json.partial"
        partial.write_text(json.dumps(self.history, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.folder / "metrics.json")
        write_curves(self.history, self.folder / "curves.png")

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
        """One epoch's batches, made one ahead in a thread; what they hold depends on seed and epoch alone.

        They are NumPy arrays, which every backend of Keras takes. keras.utils.PyDataset would make batches
        ahead inside `fit` only, where a batch cannot be given the network's own masks (`feed_back`).
        """
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


def _changes(before: Any, now: Any, name: str = "") -> list[str]:
    """What differs between two configurations, a line a value; where the pictures lie may differ."""
    if isinstance(before, dict) and isinstance(now, dict):
        keys = [key for key in now if key in before or name]
        if not name:
            keys = [key for key in keys if key not in ("data", "backgrounds")]
        keys += [key for key in before if key not in now]
        pairs = [(before.get(key), now.get(key), f"{name}.{key}" if name else key) for key in keys]
    elif isinstance(before, list) and isinstance(now, list):
        both = zip_longest(before, now)
        pairs = [(one, other, f"{name} {i}") for i, (one, other) in enumerate(both, start=1)]
    else:
        return [] if before == now else [f"{name}: {before} -> {now}"]
    return [line for pair in pairs for line in _changes(*pair)]


def _count(arrays: dict[str, np.ndarray], name: str) -> int:
    return sum(1 for key in arrays if key.removeprefix(name).isdigit())


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.4f}  {task.fields[speed]:.1f} pictures/s"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
