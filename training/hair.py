"""The hair tasks: what `training.fit` and `training.export` need to know about hair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np

from models.efficientnet_lite import load_imagenet
from models.hair import hair_segmenter
from models.hair_teacher import hair_teacher
from training.augment import augment
from training.config import Config
from training.data import DataError, load_backgrounds, load_pictures, read_image, read_index, read_split
from training.evaluate_masks import evaluate_masks
from training.losses import mask_loss
from training.metrics import resize

SHARES = {"figaro": 0.5, "celeba_a": 0.22, "celeba_b": 0.22, "fasseg3": 0.06}
"""How often a set is drawn. Figaro is the varied one: web photographs, all hair types, views from behind."""


OWN_SHARE = 0.4
"""How much of a batch gets the network's own mask as the previous mask."""


Shown = tuple[np.ndarray, np.ndarray | None]
"""A picture, uint8 [H, W, 4] (RGB and the mask), and who is in front, uint8 [H, W], where that is known."""


BACKGROUND = "background"
BACKGROUND_SHARE = 0.04
"""How often a picture without any hair is shown."""


class HairTask:
    """Hair pictures in memory, drawn by set; those that the split names are held out for validation.

    Args:
        data: folder of the data set; its masks may be soft (`training.distill` writes such a folder).
        split: file with the names of the validation pictures.
        backgrounds: folder of pictures without hair.
        shares: how often each set is drawn, in proportion; `SHARES` if left out.
        people: folder of person masks from `training.data_people`, to put people before other backgrounds.
        network: arguments of `models.hair.hair_segmenter`.
        input_size: side of the shipped model's input; that of the last stage if left out.

    Raises:
        DataError: if the data set or the split cannot be read.
    """

    loss = staticmethod(mask_loss)
    logits = ("logits",)

    def __init__(
        self,
        data: Path,
        split: Path,
        backgrounds: Path,
        shares: dict[str, float] | None = None,
        people: str | None = None,
        network: dict[str, Any] | None = None,
        input_size: int | None = None,
    ) -> None:
        # The network is trained at its inner size: weights fit every size. `input_size` is for `shipped`.
        self.network = {key: value for key, value in (network or {}).items() if key != "inner_size"}
        self._shares = dict(shares or SHARES)
        held_out = read_split(split)
        examples = read_index(data)
        self._train: dict[str, list[Shown]] = {}
        for name in self._shares:
            names = [e.name for e in examples if e.set == name and e.name not in held_out]
            if not names:
                raise DataError(f"{data}: no picture to train on in the set {name!r}")
            pictures = load_pictures(data, names, soft=True)
            persons = [_person(Path(people), n) if people else None for n in names]
            self._train[name] = list(zip(pictures, persons, strict=True))
        scenes = [
            part
            for name in self._shares
            for picture, _ in self._train[name]
            for part in hairless_parts(picture)
        ]
        self._train[BACKGROUND] = [(scene, None) for scene in load_backgrounds(backgrounds, 700) + scenes]
        # The pictures shrunk towards the size in training: warping from them is three times faster.
        self._size, self._near = 0, self._train
        validation = [e for e in examples if e.name in held_out]
        pictures = load_pictures(data, [e.name for e in validation])
        self._validation = [
            (e.set, picture[..., :3], picture[..., 3])
            for e, picture in zip(validation, pictures, strict=True)
        ]

    def build(self, input_size: int | None) -> keras.Model:
        """The network to train, with random weights."""
        return hair_segmenter(input_size, **self.network)

    @staticmethod
    def shipped(config: Config) -> keras.Model:
        """The network that a configuration ships, at the size of its input."""
        size = config.options.get("input_size", config.stages[-1].size)
        return hair_segmenter(size, **config.options.get("network", {}))

    def batch(self, size: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`count` augmented examples: float32 inputs [N, size, size, 4] and targets [N, size, size, 1]."""
        if size != self._size:
            near = {k: [_shrink(shown, 1.75 * size) for shown in v] for k, v in self._train.items()}
            self._size, self._near = size, near
        shares = np.array(list(self._shares.values()))
        people = rng.choice(list(self._shares), (count, 2), p=shares / shares.sum())
        kinds = np.where(rng.random((count, 2)) < (BACKGROUND_SHARE, 0.5), BACKGROUND, people)
        pairs = []
        for one, other in kinds:
            (picture, person), (behind, _) = self._draw(one, rng), self._draw(other, rng)
            pairs.append(augment(picture, behind, size, rng, person))
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

    def _draw(self, name: str, rng: np.random.Generator) -> Shown:
        pictures = self._near[name]
        return pictures[rng.integers(len(pictures))]


class HairTeacherTask(HairTask):
    """The teacher on the same pictures; it knows no previous mask.

    The encoder's batch normalisation and its first blocks keep their ImageNet values: 2,500 pictures hold too
    little to improve edges and colours, and a step costs half.

    Args:
        encoder: .npz with ImageNet weights from `training.imagenet`; random weights if left out, and then
            the whole encoder is trained.
        options: `HairTask`'s.
    """

    FROZEN_BLOCKS = 4

    def __init__(
        self, data: Path, split: Path, backgrounds: Path, encoder: str | None = None, **options: Any
    ) -> None:
        if encoder is not None and not Path(encoder).is_file():
            raise DataError(f"{encoder}: no such file; python -m training.imagenet writes it")
        super().__init__(data, split, backgrounds, **options)
        self._encoder = encoder

    def build(self, input_size: int | None) -> keras.Model:
        model = hair_teacher(input_size, **self.network)
        if self._encoder is None:
            return model
        with np.load(self._encoder) as weights:
            load_imagenet(model, weights)
        for layer in model.layers:
            if layer.name.startswith(("stem", "block")):
                block = -1 if layer.name.startswith("stem") else int(layer.name.split("_")[0][5:])
                layer.trainable = block >= self.FROZEN_BLOCKS and not layer.name.endswith("_bn")
        return model

    @staticmethod
    def feed_back(inputs: np.ndarray, predict: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        return inputs[..., :3]

    def evaluate(self, predict: Callable[[np.ndarray], np.ndarray], size: int) -> dict[str, float]:
        return super().evaluate(lambda inputs: predict(inputs[..., :3]), size)


def hairless_parts(picture: np.ndarray) -> list[np.ndarray]:
    """The outer parts of a picture [H, W, 4] without hair: street, room, leaves, clothes.

    Looked at are the left, right, upper and lower two fifths, where they have 48 pixels or more.
    """
    height, width = (round(0.4 * n) for n in picture.shape[:2])
    parts = (picture[:, :width], picture[:, -width:], picture[:height], picture[-height:])
    return [part for part in parts if min(part.shape[:2]) >= 48 and not part[..., 3].any()]


def _person(people: Path, name: str) -> np.ndarray | None:
    path = people / f"{name}.png"
    return read_image(path, cv2.IMREAD_GRAYSCALE) if path.is_file() else None


def _shrink(shown: Shown, side: float) -> Shown:
    """Shrink picture and person to a longest side of `side`, if it is beyond that."""
    picture, person = shown
    scale = min(1.0, side / max(picture.shape[:2]))
    height, width = (round(scale * n) for n in picture.shape[:2])
    small = resize(picture, width, height)
    return small, None if person is None else resize(person, width, height)
