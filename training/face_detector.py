"""The face detector's task: what `training.fit` and `training.export` need to know about finding faces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from models.face_detector import BOX_LOGITS, INPUT_SIZE, SCORE_LOGITS, face_detector
from training.augment_detector import Frame, Scene, compose, cover, draw_frame, put
from training.config import Config
from training.data import DataError, read_index, read_split
from training.data_detector import (
    FacePicture,
    load_crops,
    load_labelled,
    names_with_faces,
    names_without_faces,
    read_face_labels,
)
from training.evaluate_detector_boxes import BoxReader, matched
from training.losses_detector import box_loss, score_loss
from training.nail import fit

CROP_SIDE, PICTURE_SIDE = 300, 400
"""Longest sides in memory: a face may fill the frame, a background is seen small."""

BACKGROUNDS = {"nothing": 0.5, "crops": 0.2, "people": 0.3}
"""How often the background shows no face, an annotated face or a portrait of the labelled pictures."""

FACES = {"nothing": (0.5, 0.25, 0.13, 0.07, 0.05), "crops": (0.6, 0.3, 0.1), "people": (0.7, 0.2, 0.1)}
"""How often none, one, two ... faces are put before each."""

CROPS = 0.75
"""How often that is an annotated face, and not a portrait."""

VALIDATION_SEED = 7
HEIGHTS = (0.1, 1.0)
"""Of the validation's faces, in heights of the frame."""

TILT = 0.5
"""Largest angle that they are turned by, in radians: 30 degrees."""


class FaceDetectorTask:
    """Scenes with faces; those that the split names are held out for validation.

    Args:
        data: folder of the annotated faces, `images/NAME.pts` beside each picture.
        split: file with the names of the validation faces.
        backgrounds: folder of pictures of which those without faces become backgrounds.
        labels: faces found in `backgrounds` and `people`, from `training.face_labels`.
        people: folder of pictures with people, further examples.
        scenes: how many validation scenes each held-out face is put into.

    Raises:
        DataError: if the data, the split or the labels cannot be read.
    """

    logits = (SCORE_LOGITS, BOX_LOGITS)

    def __init__(
        self,
        data: Path,
        split: Path,
        backgrounds: Path,
        labels: str,
        people: str,
        scenes: int = 3,
    ) -> None:
        self.loss = [score_loss, box_loss]
        held_out, names = read_split(split), [example.name for example in read_index(data)]
        known = read_face_labels(Path(labels))
        nothing, apart = names_without_faces(backgrounds, known)
        self._empty = load_labelled(backgrounds, known, apart, PICTURE_SIDE)
        self._pools = {
            "nothing": load_labelled(backgrounds, known, nothing, PICTURE_SIDE),
            "crops": load_crops(data, [name for name in names if name not in held_out], known, CROP_SIDE),
            "people": load_labelled(Path(people), known, names_with_faces(Path(people), known), PICTURE_SIDE),
        }
        validation = load_crops(data, [name for name in names if name in held_out], known, CROP_SIDE)
        if not validation or not all(self._pools.values()):
            raise DataError(f"{data}: {split} leaves no face to train on, or none to validate with")
        self._validation = validation_scenes(validation, self._empty, scenes)

    def build(self, input_size: int | None) -> keras.Model:
        """The network to train; its input has the shipped size, as its outputs depend on it."""
        return face_detector()

    @staticmethod
    def shipped(config: Config) -> keras.Model:
        """The network that a configuration ships."""
        return face_detector()

    def batch(self, size: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`count` examples: float32 inputs [N, size, size, 3] and targets [N, size / 8, size / 8, 15]."""
        inputs, targets = zip(*(self._draw(size, rng) for _ in range(count)), strict=True)
        return np.stack(inputs), np.stack(targets)

    def _draw(self, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        kind = str(rng.choice(list(BACKGROUNDS), p=list(BACKGROUNDS.values())))
        count = int(rng.choice(len(FACES[kind]), p=FACES[kind]))
        pools = ["crops" if rng.random() < CROPS else "people" for _ in range(count)]
        background, *others = (
            self._pools[pool][rng.integers(len(self._pools[pool]))] for pool in (kind, *pools)
        )
        return compose(background, others, size, rng)

    @staticmethod
    def feed_back(inputs: np.ndarray, predict: Callable[[np.ndarray], Any]) -> np.ndarray:
        return inputs

    def evaluate(self, predict: Callable[[np.ndarray], Any], size: int) -> dict[str, float]:
        """Scores of the validation.

        `recall` is the share of the held-out faces that are found at IoU 0.5, `small` that of those below a
        quarter of the frame's height, `false_alarms` the share of pictures without faces in which one is
        found; `mean` is recall less false alarms.
        """
        read = BoxReader()
        hits: list[bool] = []
        for start in range(0, len(self._validation), 32):
            part = self._validation[start : start + 32]
            outputs = predict(np.stack([scene.image for scene, _ in part]).astype(np.float32) / 127.5 - 1)
            for (scene, _), boxes, scores in zip(part, *map(np.asarray, outputs), strict=True):
                hits.append(bool(matched(INPUT_SIZE * read(boxes, scores), scene.faces[0].box[None])[0]))
        alarms: list[bool] = []
        for start in range(0, len(self._empty), 32):
            images = np.stack([fit(picture.image, INPUT_SIZE) for picture in self._empty[start : start + 32]])
            outputs = (np.asarray(output) for output in predict(images))
            alarms += [len(read(boxes, scores)) > 0 for boxes, scores in zip(*outputs, strict=True)]
        small = [
            hit
            for hit, (scene, frame) in zip(hits, self._validation, strict=True)
            if np.ptp(scene.faces[0].box[1::2]) < 0.25 * frame.height
        ]
        recall, false = float(np.mean(hits)), float(np.mean(alarms))
        return {
            "mean": recall - false,
            "recall": recall,
            "small": float(np.mean(small)) if small else 0.0,
            "false_alarms": false,
        }


def validation_scenes(
    faces: list[FacePicture], empty: list[FacePicture], scenes: int
) -> list[tuple[Scene, Frame]]:
    """Each face in `scenes` scenes, at heights that are spread evenly; always the same."""
    rng = np.random.default_rng(VALIDATION_SEED)
    heights = np.exp(np.linspace(*np.log(HEIGHTS), len(faces) * scenes))
    result = []
    for height, number in zip(heights, rng.permutation(len(heights)), strict=True):
        frame = draw_frame(INPUT_SIZE, rng)
        scene = cover(empty[rng.integers(len(empty))], frame, INPUT_SIZE, rng)
        face = faces[number % len(faces)]
        put(scene, face, frame, height, rng.uniform(-TILT, TILT), rng, cut_out=False)
        bars = np.ones((INPUT_SIZE, INPUT_SIZE), bool)
        bars[frame.part] = False
        scene.image[bars] = 0
        result.append((scene, frame))
    return result
