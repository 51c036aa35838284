"""The hair task: what `training.fit` and `training.export` need to know about hair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from models.hair import hair_segmenter
from training.augment import augment
from training.data import DataError, load_backgrounds, load_pictures, read_index, read_split
from training.evaluate import evaluate_masks
from training.losses import mask_loss
from training.metrics import resize

SHARES = {"figaro": 0.5, "celeba_a": 0.22, "celeba_b": 0.22, "fasseg3": 0.06}
"""How often a set is drawn. Figaro is the varied one: web photographs, all hair types, views from behind."""


OWN_SHARE = 0.4
"""How much of a batch gets the network's own mask as the previous mask."""


BACKGROUND = "background"
BACKGROUND_SHARE = 0.04
"""How often a picture without any hair is shown."""


class HairTask:
    """Hair pictures in memory, drawn by set; those that the split names are held out for validation.

    Raises:
        DataError: if the data set or the split cannot be read.
    """

    loss = staticmethod(mask_loss)
    logits = "logits"

    def __init__(self, data: Path, split: Path, backgrounds: Path) -> None:
        held_out = read_split(split)
        examples = read_index(data)
        self._train: dict[str, list[np.ndarray]] = {}
        for name in SHARES:
            names = [e.name for e in examples if e.set == name and e.name not in held_out]
            if not names:
                raise DataError(f"{data / 'index.csv'}: no picture to train on in the set {name!r}")
            self._train[name] = load_pictures(data, names)
        scenes = [
            part for name in SHARES for picture in self._train[name] for part in hairless_parts(picture)
        ]
        self._train[BACKGROUND] = load_backgrounds(backgrounds, 700) + scenes
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
        people = rng.choice(list(SHARES), (count, 2), p=list(SHARES.values()))
        kinds = np.where(rng.random((count, 2)) < (BACKGROUND_SHARE, 0.5), BACKGROUND, people)
        pairs = [augment(self._draw(one, rng), self._draw(other, rng), size, rng) for one, other in kinds]
        inputs, targets = zip(*pairs, strict=True)
        return np.stack(inputs), np.stack(targets)

    @staticmethod
    def feed_back(inputs: np.ndarray, predict: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Give a part of a batch the network's own masks as previous masks.

        Over a video the network meets its own errors again; without this it learns from true previous masks
        that whatever was hair stays hair, and false hair spreads from frame to frame. In every other mask
        doubt is hardened to certainty, and half of the part has gone round twice.
        """
        own = round(OWN_SHARE * len(inputs))
        for count in (own, own // 2):
            masks = predict(inputs[:count])
            masks[::2] = np.clip(6 * masks[::2] - 0.5, 0, 1)
            inputs[:count, ..., 3:] = masks
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


def hairless_parts(picture: np.ndarray) -> list[np.ndarray]:
    """The outer parts of a picture [H, W, 4] without hair: street, room, leaves, clothes.

    Looked at are the left, right, upper and lower two fifths, where they have 48 pixels or more.
    """
    height, width = (round(0.4 * n) for n in picture.shape[:2])
    parts = (picture[:, :width], picture[:, -width:], picture[:height], picture[-height:])
    return [part for part in parts if min(part.shape[:2]) >= 48 and not part[..., 3].any()]


def _shrink(pictures: list[np.ndarray], side: float) -> list[np.ndarray]:
    """Shrink those whose longest side is beyond `side` to it."""
    result = []
    for picture in pictures:
        scale = min(1.0, side / max(picture.shape[:2]))
        height, width = (round(scale * n) for n in picture.shape[:2])
        result.append(resize(picture, width, height))
    return result
