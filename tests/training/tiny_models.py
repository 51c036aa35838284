"""Models of one layer, to measure measures with: each pixel's answer is known."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from training.export import convert


def write_model(
    path: Path, weights: Sequence[Sequence[float]], bias: Sequence[float] = (), size: int = 8
) -> Path:
    """A .tflite that gives each pixel, of R, G, B (0 to 1) and the previous mask, a weighted sum."""
    layer = keras.layers.Conv2D(len(weights), 1)
    frame = keras.Input((size, size, len(weights[0])))
    model = keras.Model(frame, layer(frame))
    layer.set_weights([np.array(weights, np.float32).T[None, None], np.array(bias or [0] * len(weights))])
    path.write_bytes(convert(model, float16=False))
    return path


def red_is_hair(path: Path, size: int = 8) -> Path:
    """As our models: one channel, a probability."""
    return write_model(path, [[1, 0, 0, 0]], size=size)


def red_is_hair_in_logits(path: Path, size: int = 8) -> Path:
    """As MediaPipe's model: logits of background and hair."""
    return write_model(path, [[0, 0, 0, 0], [40, 0, 0, 0]], [0, -20], size=size)


def slow_red_is_hair(path: Path) -> Path:
    """Believes its previous mask more than the picture."""
    return write_model(path, [[0.4, 0, 0, 0.6]])
