"""Score a landmark model on pictures whose landmarks are known.

Twice: the face's box taken from the annotation, as in training, and found by a detector, as users get it.
"""

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
from calculators.face.landmark_layout import LandmarkLayout
from training.data_check import Problem
from training.data_landmarks import FacePicture, find_problems, list_faces, read_face
from training.evaluate_landmarks_graph import MAX_FACES, FaceGraph, annotated
from training.evaluate_landmarks_model import LandmarkModel
from training.evaluate_pictures import WORST, find_examples, list_problems
from training.measures_landmarks import (
    FaceErrors,
    FoundScores,
    LandmarkScores,
    face_errors,
    summarise,
    summarise_found,
)
from training.sheet import VIEW, Tile

PRESENT = 0.5
"""Presence from which on a model takes what it sees for a face."""

DOT = 1.5
"""Radius of a landmark on the contact sheet, in its pixels."""


@dataclass(frozen=True)
class ScoredFace:
    """A picture's face.

    Attributes:
        name: of the picture.
        errors: in the box of the annotation.
        presence: how sure the model is that it sees a face there.
        through_graph: errors of the face that the graph finds; None where it misses it.
    """

    name: str
    errors: FaceErrors
    presence: float
    through_graph: FaceErrors | None


@dataclass(frozen=True)
class GraphReport:
    """What a model scored through the graph, with a detector.

    Attributes:
        detector: its file.
        scores: over all faces.
        per_set: as `scores`, for the sets that the data set's index names.
    """

    detector: str
    scores: FoundScores
    per_set: dict[str, FoundScores]


@dataclass(frozen=True)
class LandmarkReport:
    """What a model scored.

    Attributes:
        model, data: what was measured on what.
        scores: over all faces.
        per_set: as `scores`, for the sets that the data set's index names.
        missed: how many faces the model takes for none; their points are scored all the same.
        graph: the scores through the graph; None where there was no detector.
        faces: each by itself.
        problems: what was wrong with the pictures left out.
        absent: names of the split that the data set does not hold.
    """

    model: str
    data: str
    scores: LandmarkScores
    per_set: dict[str, LandmarkScores]
    missed: int
    graph: GraphReport | None
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
            "graph": self._graph_json(),
            "worst": [
                {"name": face.name, "inter_ocular": 100 * face.errors.inter_ocular} for face in self.worst
            ],
            "left_out": list_problems(self.problems),
            "absent": self.absent,
            "per_picture": [
                {"name": face.name, "presence": face.presence} | _percent(face.errors) for face in self.faces
            ],
        }

    def _graph_json(self) -> dict[str, Any] | None:
        if self.graph is None:
            return None
        return {
            "detector": self.graph.detector,
            **asdict(self.graph.scores),
            "per_set": {name: asdict(scores) for name, scores in self.graph.per_set.items()},
            "per_picture": [
                {"name": face.name, "found": face.through_graph is not None} | _percent(face.through_graph)
                for face in self.faces
            ],
        }


def _percent(errors: FaceErrors | None) -> dict[str, float]:
    return {key: 100 * error for key, error in asdict(errors).items()} if errors else {}


def score_landmark_pictures(
    model: Path,
    data: Path,
    names: set[str] | None = None,
    *,
    detector: Path | None = None,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> LandmarkReport:
    """Score a model on a folder of pictures with .pts, whole photographs or crops.

    Args:
        model: a .tflite with a landmark model's tensors.
        data: folder, as `training.data_landmarks` reads it.
        names: only these pictures; None is all.
        detector: a .tflite that finds the faces for the scores through the graph; None leaves these out.
        skip_bad: leave pictures with problems out instead of refusing the folder.
        progress: told how many of how many pictures are done.

    Raises:
        GraphError: a model cannot be read.
        SignatureError: a model's tensors are others.
        DataError: the folder cannot be used; lists all problems.
    """
    network = LandmarkModel(model)
    layout = network.layout
    graph = FaceGraph(model, detector, MAX_FACES) if detector else None
    find = partial(find_problems, layout=layout)
    examples, problems, absent = find_examples(data, names, skip_bad, find, list_faces)
    faces: list[ScoredFace] = []
    sets: dict[str, list[ScoredFace]] = defaultdict(list)
    for done, example in enumerate(examples):
        progress(done, len(examples))
        face = read_face(data, example.name, layout)
        found = network(face.image, face_region(face.points, layout))
        errors = face_errors(face.points, found.points, layout)
        through_graph = _find(graph, face, layout) if graph else None
        faces.append(ScoredFace(example.name, errors, found.presence, through_graph))
        if example.set:
            sets[example.set].append(faces[-1])
    progress(len(examples), len(examples))
    return LandmarkReport(
        model=str(model),
        data=str(data),
        scores=summarise([face.errors for face in faces]),
        per_set={name: summarise([face.errors for face in some]) for name, some in sorted(sets.items())},
        missed=sum(face.presence < PRESENT for face in faces),
        graph=GraphReport(
            detector=str(detector),
            scores=summarise_found([face.through_graph for face in faces]),
            per_set={
                name: summarise_found([face.through_graph for face in some])
                for name, some in sorted(sets.items())
            },
        )
        if detector
        else None,
        faces=faces,
        problems=problems,
        absent=absent,
    )


def _find(graph: FaceGraph, face: FacePicture, layout: LandmarkLayout) -> FaceErrors | None:
    """Errors of the face that the graph finds in a picture by itself; None where it misses it."""
    size = face.image.shape[1::-1]
    faces = graph.picture(face.image)
    number = annotated(faces, face.points, size)
    return None if number is None else face_errors(face.points, faces[number].landmarks * size, layout)


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
