"""The hair task: what `training.fit` and `training.export` need to know about hair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from models.hair import hair_segmenter
from training.augment import augment
from training.data import load_pictures, read_index, read_split
from training.evaluate import evaluate_masks
from training.losses import mask_loss
from training.metrics import resize

SHARES = {"figaro": 0.5, "celeba_a": 0.21, "celeba_b": 0.21, "fasseg3": 0.08}
"""How often a set is drawn. Figaro is the varied one: web photographs, all hair types, views from behind."""


OWN_SHARE = 0.25
"""How much of a batch gets the network's own mask as the previous mask."""


class HairTask:
    """Hair pictures in memory, drawn by set; those that the split names are held out for validation.

    Raises:
        DataError: if the data set or the split cannot be read.
    """

    loss = staticmethod(mask_loss)
    logits = "logits"

    def __init__(self, data: Path, split: Path) -> None:
        held_out = read_split(split)
        examples = read_index(data)
        self._train: dict[str, list[np.ndarray]] = {}
        for name in SHARES:
            names = [e.name for e in examples if e.set == name and e.name not in held_out]
            self._train[name] = load_pictures(data, names)
        # The pictures shrunk towards the size in training: warping from them is three times faster.
        self._size, self._near = 0, self._train
        validation = [e for e in examples if e.name in held_out]
        pictures = load_pictures(data, [e.name for e in validation])
        self._validation = [
            (e.set, picture[..., :3], picture[..., 3])
            for e, picture in zip(validation, pictures, strict=True)
        ]

    @staticmethod
    def build(input_size: int | None) -> keras.Model:
        return hair_segmenter(input_size)

    def batch(self, size: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`count` augmented examples: float32 inputs [N, size, size, 4] and targets [N, size, size, 1]."""
        if size != self._size:
            self._size, self._near = size, {k: _shrink(v, 1.75 * size) for k, v in self._train.items()}
        sets = rng.choice(list(SHARES), count, p=list(SHARES.values()))
        others = rng.choice(list(SHARES), count, p=list(SHARES.values()))
        pairs = [
            augment(self._draw(one, rng), self._draw(other, rng), size, rng)
            for one, other in zip(sets, others, strict=True)
        ]
        inputs, targets = zip(*pairs, strict=True)
        return np.stack(inputs), np.stack(targets)

    @staticmethod
    def feed_back(inputs: np.ndarray, predict: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Give a part of a batch the network's own masks as previous masks.

        Over a video the network meets its own errors again; without this it learns from true previous masks
        that whatever was hair stays hair, and false hair spreads from frame to frame.
        """
        count = round(OWN_SHARE * len(inputs))
        inputs[:count, ..., 3:] = predict(inputs[:count])
        return inputs

    def evaluate(self, predict: Callable[[np.ndarray], np.ndarray], size: int) -> dict[str, float]:
        """Mean IoU per set of the validation pictures and `mean` over all pictures.

        `predict` takes float32 [N, size, size, 4] and returns masks float32 [N, size, size, 1].
        """
        report = evaluate_masks(predict, size, self._validation)
        return {**report.per_set, "mean": report.mean_iou}

    def _draw(self, name: str, rng: np.random.Generator) -> np.ndarray:
        pictures = self._near[name]
        return pictures[rng.integers(len(pictures))]


def _shrink(pictures: list[np.ndarray], side: float) -> list[np.ndarray]:
    """Shrink those whose longest side is beyond `side` to it."""
    result = []
    for picture in pictures:
        scale = min(1.0, side / max(picture.shape[:2]))
        height, width = (round(scale * n) for n in picture.shape[:2])
        result.append(resize(picture, width, height))
    return result
