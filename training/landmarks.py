"""The landmark task: what `training.fit` and `training.export` need to know about faces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from calculators.face.landmark_crop import crop_face, crop_matrix, face_region
from calculators.face.landmark_layout import IBUG_68, LAYOUTS
from models.landmarks import HEATMAPS, PRESENCE_LOGIT, REFINEMENT, STRIDE, landmark_network
from training.augment_landmarks import augment_landmarks, no_face
from training.config import Config, nearest
from training.data import DataError, load_backgrounds, load_pictures, read_index, read_split
from training.data_landmarks import FacePicture, list_faces, load_face
from training.hair import hairless_parts
from training.losses_landmarks import coarse_loss, fine_loss, presence_loss
from training.measures_landmarks import face_errors, summarise

NO_FACE_SHARE = 0.15
"""How often something is shown that is no crop of a face."""

BESIDE_SHARE = 0.5
"""How often that is beside a face, or too much or too little of it; else it is another picture."""

BACKGROUNDS = 400
HAIR_PICTURES = 600

NEAR = 1.5
"""Pictures are kept at so many times the resolution that the network sees."""

VALIDATION_SEED = 6


class LandmarkTask:
    """Faces in memory; those that the split names are held out for validation.

    Args:
        data: folder of the data set, as `training.data_landmarks` reads it.
        split: file with the names of the validation pictures.
        backgrounds: folder of pictures without faces; of hands, best, as they cover faces, too.
        layout: name of the annotation, a key of `LAYOUTS`.
        network: `width` and `refine` of `models.landmarks.landmark_network`.
        heatmap: weight of the heatmaps' loss.
        distance: weight of the distances' loss.
        hair: folder of hair pictures, whose parts without hair are shown as pictures without a face.
        input_size: side of the network's input.

    Raises:
        DataError: if the data set or the split cannot be read, or if the layout is unknown.
    """

    def __init__(
        self,
        data: Path,
        split: Path,
        backgrounds: Path,
        layout: str = IBUG_68.name,
        network: dict[str, Any] | None = None,
        heatmap: float = 1.0,
        distance: float = 4.0,
        hair: str | None = None,
        input_size: int = 128,
    ) -> None:
        if layout not in LAYOUTS:
            raise DataError(
                f"unknown layout {layout!r}{nearest(layout, list(LAYOUTS))}; there are: {', '.join(LAYOUTS)}"
            )
        self.layout, self.network, self._size = LAYOUTS[layout], network or {}, input_size
        cells = input_size // STRIDE
        losses = {HEATMAPS: coarse_loss(self.layout, cells, heatmap, distance)}
        if self.network.get("refine", True):
            losses[REFINEMENT] = fine_loss(self.layout, cells, heatmap, distance)
        losses[PRESENCE_LOGIT] = presence_loss
        self.logits, self.loss = tuple(losses), list(losses.values())
        held_out = read_split(split)
        names = [example.name for example in list_faces(data)]
        if not set(names) - held_out or not set(names) & held_out:
            raise DataError(f"{data}: {split} leaves no picture to train on, or none to validate with")
        faces = {name: load_face(data, name, self.layout, round(NEAR * input_size)) for name in names}
        self._train = [face for name, face in faces.items() if name not in held_out]
        self._hands = [np.ascontiguousarray(b[..., :3]) for b in load_backgrounds(backgrounds, BACKGROUNDS)]
        self._scenes = self._hands + (_hair_scenes(Path(hair)) if hair else [])
        self._inputs, self._truth = self._validation([f for name, f in faces.items() if name in held_out])

    def build(self, input_size: int | None) -> keras.Model:
        """The network to train, with random weights. Its heatmaps' cells are fixed, so its size is, too."""
        return landmark_network(self._size, self.layout.count, **self.network)

    @staticmethod
    def shipped(config: Config) -> keras.Model:
        """The network that a configuration ships, at the size of its input."""
        options = config.options
        points = LAYOUTS[options.get("layout", IBUG_68.name)].count
        return landmark_network(options.get("input_size", 128), points, **options.get("network", {}))

    def batch(self, size: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`count` augmented examples: float32 inputs [N, size, size, 3] and targets [N, 2 n + 1].

        Raises:
            DataError: if the size is not the network's.
        """
        if size != self._size:
            raise DataError(f"the stages' size must be the network's input_size, {self._size}; got {size}")
        pairs = [self._example(rng) for _ in range(count)]
        inputs, targets = zip(*pairs, strict=True)
        return np.stack(inputs), np.stack(targets)

    @staticmethod
    def feed_back(inputs: np.ndarray, predict: Callable[[np.ndarray], Any]) -> np.ndarray:
        return inputs

    def evaluate(self, predict: Callable[[np.ndarray], Any], size: int) -> dict[str, float]:
        """Scores of the validation faces, cut out by their annotation.

        `mean` is the area under the curve of the faces by their inter-ocular error up to 8 %; the errors are
        in percent of the inter-ocular or inter-pupil distance; `failure_rate` is the percentage of faces
        beyond 8 %, and `presence` the share of pictures, half of them without a face, of which it is right.
        """
        count = len(self._inputs)
        outputs = [predict(self._inputs[start : start + 32]) for start in range(0, count, 32)]
        landmarks, presence = (np.concatenate([np.asarray(o[i]) for o in outputs]) for i in range(2))
        present = self._truth[:, -1] > 0.5
        errors = [
            face_errors(truth.reshape(-1, 2), found, self.layout)
            for truth, found in zip(self._truth[present, :-1], landmarks[present], strict=True)
        ]
        scores = summarise(errors)
        return {
            "mean": scores.auc,
            "inter_ocular": scores.inter_ocular,
            "inter_pupil": scores.inter_pupil,
            "inner": scores.inner,
            "contour": scores.contour,
            "failure_rate": scores.failure_rate,
            "presence": float(((presence[:, 0] > 0.5) == present).mean()),
        }

    def _example(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        if rng.random() < NO_FACE_SHARE:
            return self._without_face(rng)
        face = self._train[rng.integers(len(self._train))]
        return augment_landmarks(face, self._hands, self.layout, self._size, rng)

    def _without_face(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        scenes = self._train if rng.random() < BESIDE_SHARE else self._scenes
        return no_face(scenes[rng.integers(len(scenes))], self.layout, self._size, rng)

    def _validation(self, faces: list[FacePicture]) -> tuple[np.ndarray, np.ndarray]:
        """The faces as inputs with their targets, and as many pictures without."""
        inputs, targets = [], []
        for face in faces:
            region = face_region(face.points, self.layout)
            matrix = crop_matrix(region, 1.0)
            inputs.append(crop_face(face.image, region, self._size).astype(np.float32) / 127.5 - 1)
            targets.append(np.append(face.points @ matrix[:, :2].T + matrix[:, 2], 1).astype(np.float32))
        rng = np.random.default_rng(VALIDATION_SEED)
        for _ in faces:
            shown, target = self._without_face(rng)
            inputs.append(shown)
            targets.append(target)
        return np.stack(inputs), np.stack(targets)


def _hair_scenes(root: Path) -> list[np.ndarray]:
    """Parts of hair pictures that show neither hair nor, so, a face."""
    names = [example.name for example in read_index(root)]
    pictures = load_pictures(root, names[:: max(1, len(names) // HAIR_PICTURES)])
    parts = (part for picture in pictures for part in hairless_parts(picture))
    return [np.ascontiguousarray(part[..., :3]) for part in parts]
