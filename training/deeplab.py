"""The transfer-learning study's baseline: DeepLabv3-ResNet101 with squared error; F1 and AUROC by epoch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
from keras import ops

from models.deeplab import deeplab
from training.data import DataError, Example, load_pictures, read_index, read_split
from training.metrics import Scores, Totals, resize, roc_histogram, score_picture

EVALUATED = 8
"""Pictures that are given to the network at once for measuring."""


def squared_error(target, logits):
    """Mean squared error of the mask, the study's loss.

    Args:
        target: float32 [N, H, W, 1] in [0, 1].
        logits: float32 [N, H, W, 1] before the sigmoid.
    """
    return ops.mean(ops.square(ops.sigmoid(logits) - target))


class DeepLabTask:
    """Pictures stretched to a square, as they are: the study augments nothing.

    Args:
        data: folder of the data set.
        split: names of the validation pictures.
        backgrounds: not used.
        weights: of the encoder: "imagenet", a file's path, or "" for random ones; see `models.deeplab`.
        output_stride: 8 as in the study; 16 costs a quarter.
        train_pictures: train on so many, evenly over the data set; 0 is all.
        validation_pictures: likewise.

    Raises:
        DataError: if the data set or the split cannot be read, or one side of it is empty.
    """

    loss = staticmethod(squared_error)
    logits = ("logits",)

    def __init__(
        self,
        data: Path,
        split: Path,
        backgrounds: Path,
        weights: str = "",
        output_stride: int = 8,
        train_pictures: int = 0,
        validation_pictures: int = 0,
    ) -> None:
        del backgrounds
        self._weights, self._output_stride = weights or None, output_stride
        held_out = read_split(split)
        examples = read_index(data)
        train = _evenly([e for e in examples if e.name not in held_out], train_pictures)
        validation = _evenly([e for e in examples if e.name in held_out], validation_pictures)
        for side, chosen in (("train on", train), ("validate with", validation)):
            if not chosen:
                raise DataError(f"{data} and {split}: no picture to {side}")
        self._train = _load(data, train)
        self._validation = _load(data, validation)
        # As many as the validation has, so that the two sides' scores cost and mean the same.
        self._measured = _evenly(self._train, len(validation))

    def build(self, input_size: int | None) -> keras.Model:
        return deeplab(input_size, self._weights, self._output_stride)

    def batch(self, size: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`count` different pictures: float32 [N, size, size, 3] and masks [N, size, size, 1]."""
        drawn = rng.choice(len(self._train), count, replace=count > len(self._train))
        return _stack([self._train[i][1] for i in drawn], size)

    @staticmethod
    def feed_back(inputs: np.ndarray, predict: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """The network knows no previous mask."""
        del predict
        return inputs

    def evaluate(self, predict: Callable[[np.ndarray], np.ndarray], size: int) -> dict[str, float]:
        """The study's figures and the mean IoU.

        Returns:
            `validation_loss`; `f1` (mean of the pictures) and `auroc` (over all pixels) of the validation
            pictures, `train_f1` and `train_auroc` of as many training pictures; IoU by set and `mean` of the
            validation pictures. Masks are compared at the picture's own size, the loss is at the network's.
        """
        loss, by_set, validation = _measure(predict, size, self._validation)
        _, _, train = _measure(predict, size, self._measured)
        return {
            "validation_loss": loss,
            "train_f1": train.f1,
            "f1": validation.f1,
            "train_auroc": _area(train),
            "auroc": _area(validation),
            **{name: scores.mean_iou for name, scores in by_set.items()},
            "mean": validation.mean_iou,
        }

    def examples(self, count: int, size: int) -> tuple[list[np.ndarray], np.ndarray]:
        """`count` validation pictures, uint8 [H, W, 4] with their masks, and the network's input for them."""
        pictures = [picture for _, picture in _evenly(self._validation, count)]
        return pictures, _stack(pictures, size)[0]


def _measure(
    predict: Callable[[np.ndarray], np.ndarray], size: int, pictures: list[tuple[str, np.ndarray]]
) -> tuple[float, dict[str, Scores], Scores]:
    """Squared error at the network's size, scores by set, and scores of all."""
    errors = []
    totals = {name: Totals() for name in sorted({name for name, _ in pictures})}
    everything = Totals()
    for start in range(0, len(pictures), EVALUATED):
        some = pictures[start : start + EVALUATED]
        inputs, targets = _stack([picture for _, picture in some], size)
        masks = np.asarray(predict(inputs))
        errors += list(np.square(masks - targets).mean(axis=(1, 2, 3)))
        for (name, picture), mask in zip(some, masks, strict=True):
            height, width = picture.shape[:2]
            found, target = resize(mask[..., 0], width, height), picture[..., 3] > 127
            score = score_picture(found > 0.5, target, roc_histogram(found, target))
            totals[name].add(score)
            everything.add(score)
    return float(np.mean(errors)), {name: t.scores() for name, t in totals.items()}, everything.scores()


def _area(scores: Scores) -> float:
    """The AUROC; where there is no hair, or nothing else, the ranking cannot be wrong."""
    return 1.0 if scores.auroc is None else scores.auroc


def _load(data: Path, examples: list[Example]) -> list[tuple[str, np.ndarray]]:
    pictures = load_pictures(data, [e.name for e in examples])
    return [(e.set or "all", picture) for e, picture in zip(examples, pictures, strict=True)]


def _stack(pictures: list[np.ndarray], size: int) -> tuple[np.ndarray, np.ndarray]:
    stretched = np.stack([resize(picture, size, size) for picture in pictures]).astype(np.float32) / 255
    return stretched[..., :3], stretched[..., 3:]


def _evenly(items: list, count: int) -> list:
    if not 0 < count < len(items):
        return items
    return [items[i * len(items) // count] for i in range(count)]
