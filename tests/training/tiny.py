"""A task that trains in a second; as a program, a run of it that is killed: `FOLDER MOMENT`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import keras
import numpy as np

import training.run
from training.config import Config, Stage
from training.losses import mask_loss
from training.run import Run

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
    """What two convolutions learn, on a picture that is halved and doubled again."""

    loss = staticmethod(mask_loss)
    logits = ("logits",)
    WIDTH = 4

    def build(self, input_size):
        frame = keras.Input((input_size, input_size, 4))
        x = keras.layers.Conv2D(self.WIDTH, 3, 2, padding="same", use_bias=False, name="look")(frame)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization(name="norm")(x))
        x = keras.layers.UpSampling2D(interpolation="bilinear")(x)
        x = keras.layers.Concatenate()([x, frame])
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


def die(*_) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, moment: str) -> None:
    run = Run(CONFIG, BrightIsHair(), folder)
    if moment == "batch":
        # In the middle of the second epoch.
        steps = iter([run._follow] * (CONFIG.stages[0].steps + 2))
        run._follow = lambda: next(steps, die)()
    else:
        # At the end of the first epoch; a run that goes on writes its figures at the start as well.
        shown = iter([training.run.write_curves])
        training.run.write_curves = lambda *arguments: next(shown, die)(*arguments)
    run.fit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
