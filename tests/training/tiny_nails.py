"""A nail model of one layer an output, to measure measures with: each pixel's answer is known."""

from math import cos, pi, sin
from pathlib import Path

import keras
import numpy as np

from training.export import convert

SURE = 40.0
TURN = 2 * pi / 10


def red_is_nail(path: Path, size: int = 32) -> Path:
    """Red is nail, green and blue are its direction: x and y, 0 to 255 for -1 to 1.

    The finger is in the direction, too: number f points to f tenths of a turn.
    """
    image = keras.Input((size, size, 3))
    coarse = keras.layers.AveragePooling2D(4)(image)
    heads = {
        "foreground": (image, [(SURE, 0, 0)], "sigmoid"),
        "fingers": (coarse, [(0, SURE * cos(TURN * f), SURE * sin(TURN * f)) for f in range(10)], "softmax"),
        "direction": (coarse, [(0, 1, 0), (0, 0, 1)], None),
    }
    outputs = []
    for name, (source, weights, activation) in heads.items():
        layer = keras.layers.Conv2D(len(weights), 1, activation=activation, name=name)
        outputs.append(layer(source))
        layer.set_weights([np.array(weights, np.float32).T[None, None], np.zeros(len(weights), np.float32)])
    path.write_bytes(convert(keras.Model(image, outputs), float16=False))
    return path


def nail_colour(finger: int) -> tuple[int, int, int]:
    """The colour (R, G, B) of a nail that the model takes for this finger."""
    return 255, round(127.5 * (1 + cos(TURN * finger))), round(127.5 * (1 + sin(TURN * finger)))
