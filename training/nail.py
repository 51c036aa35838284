"""The nail task: what `training.fit` and `training.export` need to know about nails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np

from demo.hands_sample import sample
from models.mobilenet_v2 import load_encoders
from models.nail import DEEP, LEVELS, SHALLOW, level_name, nail_segmenter
from training.augment_nails import FITTED, augment_nails
from training.config import Config
from training.data import DataError, load_backgrounds, read_index, read_split
from training.data_nails import NailPicture, load_nails, read_labels
from training.losses_nail import level_loss
from training.metrics import iou, resize

BACKGROUND_SHARE = 0.06
"""How often a picture without any nail is shown."""

GENERATED_SEED = 5
GENERATED_SHARE = 0.05
"""How often a drawn hand is shown, if there are any."""

COPY_SHARE = 0.35
"""How often a copy of a picture turned before black is drawn, against a picture as it was taken."""

NO_NAIL_SHARE = 4.0
"""The same of a picture of the data set without nails: skin, rings and sleeves, which faces do not teach."""

FROZEN = ("Conv1", "bn_Conv1", "expanded_conv_", "block_1_", "block_2_")
"""Layers that keep their ImageNet values, after the branch's prefix: stages 1 to 3. Batch normalisation keeps
them everywhere. Edges and colours need no nails to be learned, and a step costs half."""


class NailTask:
    """Nail pictures in memory; those that the split names are held out for validation.

    Args:
        data: folder of the data set.
        split: file with the names of the validation pictures.
        backgrounds: folder of pictures without nails.
        labels: fingers and directions from `training.nail_labels`; without them only the foreground is
            learned.
        left_out: file with the names of pictures that are not used, as their nails are not marked.
        encoder: ImageNet weights: "imagenet" to download them, or a file, as
            `models.mobilenet_v2.load_encoders` takes them; random weights if left out, and then all of the
            network is trained.
        network: arguments of `models.nail.nail_segmenter`.
        generated: how many drawn hands (`demo.hands_sample`) are shown besides; their fingers are known.
        zoom: of the parts that are shown, smallest and largest; 1 is the whole picture in 352 pixels.
        blur: strength of motion blur and defocus.
        pooling: loss max-pooling; false for the paper's baseline.
        input_size: side of the shipped model's input, and of the validation.

    Raises:
        DataError: if the data set, the split or the labels cannot be read, or if a folded network has no
            encoder's weights to start from.
    """

    logits = tuple(level_name(stride) for stride in LEVELS)

    def __init__(
        self,
        data: Path,
        split: Path,
        backgrounds: Path,
        labels: str | None = None,
        left_out: str | None = None,
        encoder: str | None = None,
        network: dict[str, Any] | None = None,
        generated: int = 0,
        zoom: tuple[float, float] = (0.7, 1.7),
        blur: float = 1.0,
        pooling: bool = True,
        input_size: int = 352,
    ) -> None:
        self.loss = [level_loss(stride, pooling) for stride in LEVELS]
        self.network, self._encoder, self._input_size = network or {}, encoder, input_size
        if self.network.get("folded") and encoder is None:
            raise DataError(
                "a network with folded = true needs an encoder: random weights need normalisation"
            )
        self._zoom, self._blur = (zoom[0], zoom[1]), blur
        known = read_labels(Path(labels)) if labels else {}
        without = read_split(Path(left_out)) if left_out else set()
        held_out = read_split(split)
        names = [example.name for example in read_index(data) if example.name not in without]
        if known and not {picture for picture, _ in known} & set(names):
            raise DataError(
                f"{labels}: labels none of the pictures in {data}; give theirs, or leave labels out"
            )
        self._train = [load_nails(data, name, known) for name in names if name not in held_out]
        self._validation = [load_nails(data, name, known) for name in names if name in held_out]
        if not self._train or not self._validation:
            raise DataError(f"{data}: {split} leaves no picture to train on, or none to validate with")
        shares = np.array([_share(picture) for picture in self._train])
        self._shares = shares / shares.sum()
        nothing = np.full(256, -1, np.int8), np.zeros((256, 2), np.float32)
        self._backgrounds = [
            NailPicture(np.ascontiguousarray(b[..., :3]), b[..., 3], *nothing)
            for b in load_backgrounds(backgrounds, 400)
        ]
        self._generated = [generate(np.random.default_rng((GENERATED_SEED, n))) for n in range(generated)]

    def build(self, input_size: int | None) -> keras.Model:
        """The network to train."""
        model = nail_segmenter(input_size, **self.network)
        if self._encoder is None:
            print("random weights: all layers are trained", flush=True)
        else:
            filled = load_encoders(model, self._encoder, (DEEP, SHALLOW))
            print(f"{self._encoder}: {filled} layers of the encoders taken", flush=True)
            for layer in model.layers:
                if layer.name.startswith((DEEP, SHALLOW)):
                    name = layer.name.removeprefix(DEEP).removeprefix(SHALLOW)
                    layer.trainable = not (name.startswith(FROZEN) or name.endswith("_BN"))
        return model

    @staticmethod
    def shipped(config: Config) -> keras.Model:
        """The network that a configuration ships, at the size of its input."""
        return nail_segmenter(config.options.get("input_size", 352), **config.options.get("network", {}))

    def batch(self, size: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`count` augmented examples: float32 inputs [N, size, size, 3] and targets [N, size, size, 4]."""
        pairs = [augment_nails(self._draw(rng), size, rng, self._zoom, self._blur) for _ in range(count)]
        inputs, targets = zip(*pairs, strict=True)
        return np.stack(inputs), np.stack(targets)

    @staticmethod
    def feed_back(inputs: np.ndarray, predict: Callable[[np.ndarray], Any]) -> np.ndarray:
        return inputs

    def evaluate(self, predict: Callable[[np.ndarray], Any], size: int) -> dict[str, float]:
        """Scores of the validation pictures, fitted into a square of the shipped input's side.

        `mean` is the IoU of nails pooled over all pixels, `binary_miou` the mean of it and the background's;
        `fingers` the share of nails whose finger is right where it is known, given the true mask, and
        `direction` their median error in degrees.
        """
        hits = unions = misses = pixels = 0
        fingers: list[bool] = []
        angles: list[float] = []
        for start in range(0, len(self._validation), 8):
            pictures = self._validation[start : start + 8]
            maps = predict(np.stack([fit(p.image, self._input_size) for p in pictures]))
            for picture, foreground, finger, direction in zip(pictures, *maps, strict=True):
                truth = picture.instances > 0
                found = _unfit(foreground, truth.shape)[..., 0] > 0.5
                hits, unions = hits + int((found & truth).sum()), unions + int((found | truth).sum())
                misses, pixels = misses + int((found != truth).sum()), pixels + truth.size
                both = _unfit(np.concatenate([finger, direction], -1), truth.shape)
                for nail in np.unique(picture.instances[truth]).tolist():
                    mean = both[picture.instances == nail].mean(0)
                    if picture.fingers[nail] >= 0:
                        fingers.append(bool(mean[:10].argmax() == picture.fingers[nail]))
                    if picture.directions[nail].any():
                        cosine = mean[10:] @ picture.directions[nail] / max(np.linalg.norm(mean[10:]), 1e-6)
                        angles.append(float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
        nail = iou(hits, unions)
        background = iou(pixels - unions, pixels - hits)
        scores = {"mean": nail, "binary_miou": (nail + background) / 2}
        if fingers:
            scores["fingers"] = float(np.mean(fingers))
        if angles:
            scores["direction"] = float(np.median(angles))
        return scores

    def _draw(self, rng: np.random.Generator) -> NailPicture:
        kind = rng.random()
        if kind < BACKGROUND_SHARE:
            return self._backgrounds[rng.integers(len(self._backgrounds))]
        if self._generated and kind < BACKGROUND_SHARE + GENERATED_SHARE:
            return self._generated[rng.integers(len(self._generated))]
        return self._train[rng.choice(len(self._train), p=self._shares)]


def generate(rng: np.random.Generator) -> NailPicture:
    """A drawn picture of hands."""
    image, instances, classes, directions = sample(rng, FITTED)
    fingers, vectors = np.full(256, -1, np.int8), np.zeros((256, 2), np.float32)
    fingers[1 : len(classes) + 1], vectors[1 : len(classes) + 1] = classes, directions
    return NailPicture(image, instances.astype(np.uint8), fingers, vectors)


def _share(picture: NailPicture) -> float:
    """How often a picture is drawn."""
    if not picture.instances.any():
        return NO_NAIL_SHARE
    return COPY_SHARE if is_turned_copy(picture.image) else 1.0


def is_turned_copy(image: np.ndarray) -> bool:
    """Whether a picture lies turned before black, as augmentation leaves it: two black corners or more."""
    corners = (image[:4, :4], image[:4, -4:], image[-4:, :4], image[-4:, -4:])
    return sum(int(corner.max() < 6) for corner in corners) >= 2


def fit(image: np.ndarray, size: int) -> np.ndarray:
    """The network's input for an RGB uint8 picture, with black bars: float32 [size, size, 3]."""
    height, width = _fitted(image.shape[:2], size)
    frame = np.zeros((size, size, 3), np.uint8)
    top, left = (size - height) // 2, (size - width) // 2
    frame[top : top + height, left : left + width] = resize(image, width, height)
    return frame.astype(np.float32) / 127.5 - 1


def _unfit(output: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """An output [h, w, C] of the network without the bars, at the picture's size."""
    side = output.shape[0]
    height, width = _fitted(shape, side)
    top, left = (side - height) // 2, (side - width) // 2
    inside = output[top : top + height, left : left + width]
    return cv2.resize(inside, shape[::-1]).reshape(*shape, -1)


def _fitted(shape: tuple[int, ...], size: int) -> tuple[int, int]:
    scale = size / max(shape)
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))
