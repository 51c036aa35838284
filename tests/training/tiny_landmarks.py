"""A landmark model that looks at nothing."""

from pathlib import Path

import keras
import numpy as np

from training.export import convert


def constant_model(path: Path, points: np.ndarray, presence: float = 0.9, size: int = 32) -> Path:
    """A .tflite that says the same of every picture: points, float [n, 2], and presence."""
    image = keras.Input((size, size, 3))
    mean = keras.layers.GlobalAveragePooling2D()(image)
    layers = [keras.layers.Dense(points.size), keras.layers.Dense(1)]
    flat, present = (layer(mean) for layer in layers)
    for layer, bias in zip(layers, (points.ravel(), np.array([presence])), strict=True):
        layer.set_weights([np.zeros((3, bias.size), np.float32), bias.astype(np.float32)])
    landmarks = keras.layers.Reshape(points.shape, name="landmarks")(flat)
    outputs = [landmarks, keras.layers.Identity(name="presence")(present)]
    path.write_bytes(convert(keras.Model(image, outputs), float16=False))
    return path
