"""Score a landmark model on pictures whose landmarks are known, the face's box taken from the annotation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from calculators.face.landmark_crop import crop_face, crop_matrix, face_region
from training.data_check import Problem
from training.data_landmarks import find_problems, list_faces, read_face
from training.evaluate_landmarks_model import LandmarkModel
from training.evaluate_pictures import WORST, find_examples, list_problems
from training.measures_landmarks import FaceErrors, LandmarkScores, face_errors, summarise
from training.sheet import VIEW, Tile

PRESENT = 0.5
"""Presence from which on a model takes what it sees for a face."""

DOT = 1.5
"""Radius of a landmark on the contact sheet, in its pixels."""


@dataclass(frozen=True)
class ScoredFace:
    """A picture's face: its name, the errors, and how sure the model is that there is one."""

    name: str
    errors: FaceErrors
    presence: float


@dataclass(frozen=True)
class LandmarkReport:
    """What a model scored.

    Attributes:
        model, data: what was measured on what.
        scores: over all faces.
        per_set: as `scores`, for the sets that the data set's index names.
        missed: how many faces the model takes for none; their points are scored all the same.
        faces: each by itself.
        problems: what was wrong with the pictures left out.
        absent: names of the split that the data set does not hold.
    """

    model: str
    data: str
    scores: LandmarkScores
    per_set: dict[str, LandmarkScores]
    missed: int
    faces: list[ScoredFace]
    problems: list[Problem]
    absent: list[str]

    @property
    def worst(self) -> list[ScoredFace]:
        """Those with the largest inter-ocular error, worst first."""
        return sorted(self.faces, key=lambda face: -face.errors.inter_ocular)[:WORST]

    def to_json(self) -> dict[str, Any]:
        """One object, the scores of all faces at its top; errors of single faces are in percent, too."""
        return {
            "model": self.model,
            "data": self.data,
            "box": "annotation",
            **asdict(self.scores),
            "missed": self.missed,
            "per_set": {name: asdict(scores) for name, scores in self.per_set.items()},
            "worst": [
                {"name": face.name, "inter_ocular": 100 * face.errors.inter_ocular} for face in self.worst
            ],
            "left_out": list_problems(self.problems),
            "absent": self.absent,
            "per_picture": [
                {"name": face.name, "presence": face.presence}
                | {key: 100 * error for key, error in asdict(face.errors).items()}
                for face in self.faces
            ],
        }


def score_landmark_pictures(
    model: Path,
    data: Path,
    names: set[str] | None = None,
    *,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> LandmarkReport:
    """Score a model on a folder of pictures with .pts, whole photographs or crops.

    Args:
        model: a .tflite with a landmark model's tensors.
        data: folder, as `training.data_landmarks` reads it.
        names: only these pictures; None is all.
        skip_bad: leave pictures with problems out instead of refusing the folder.
        progress: told how many of how many pictures are done.

    Raises:
        GraphError: the model cannot be read.
        SignatureError: the model's tensors are others.
        DataError: the folder cannot be used; lists all problems.
    """
    network = LandmarkModel(model)
    layout = network.layout
    find = partial(find_problems, layout=layout)
    examples, problems, absent = find_examples(data, names, skip_bad, find, list_faces)
    faces: list[ScoredFace] = []
    sets: dict[str, list[FaceErrors]] = defaultdict(list)
    for done, example in enumerate(examples):
        progress(done, len(examples))
        face = read_face(data, example.name, layout)
        found = network(face.image, face_region(face.points, layout))
        errors = face_errors(face.points, found.points, layout)
        faces.append(ScoredFace(example.name, errors, found.presence))
        if example.set:
            sets[example.set].append(errors)
    progress(len(examples), len(examples))
    return LandmarkReport(
        model=str(model),
        data=str(data),
        scores=summarise([face.errors for face in faces]),
        per_set={name: summarise(some) for name, some in sorted(sets.items())},
        missed=sum(face.presence < PRESENT for face in faces),
        faces=faces,
        problems=problems,
        absent=absent,
    )


def worst_tiles(report: LandmarkReport) -> list[Tile]:
    """The worst faces of a report with the true and the found points, for a contact sheet."""
    network = LandmarkModel(Path(report.model))
    tiles = []
    for scored in report.worst:
        face = read_face(Path(report.data), scored.name, network.layout)
        region = face_region(face.points, network.layout)
        found = network(face.image, region)
        view = replace(region, width=1.2 * region.width, height=1.2 * region.height)
        matrix = crop_matrix(view, VIEW)
        truth, prediction = (
            dots(points @ matrix[:, :2].T + matrix[:, 2], VIEW) for points in (face.points, found.points)
        )
        note = f"error {100 * scored.errors.inter_ocular:.2f} %, presence {scored.presence:.2f}"
        tiles.append(Tile(crop_face(face.image, view, VIEW), truth, prediction, scored.name, note))
    return tiles


def dots(points: np.ndarray, size: int) -> np.ndarray:
    """A disc at each of float [n, 2], bool [size, size]."""
    mask = np.zeros((size, size), np.uint8)
    # Coordinates in sixteenths of a pixel: OpenCV draws them exactly.
    for x, y in np.round(16 * (points - 0.5)).astype(int).tolist():
        cv2.circle(mask, (x, y), round(16 * DOT), 1, -1, shift=4)
    return mask > 0
