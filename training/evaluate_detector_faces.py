"""Score a face detector on annotated faces of known sizes, and on pictures without faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.table import Table

from training.augment_detector import Frame, cover, put
from training.data import DataError, find_picture, picture_files
from training.data_detector import (
    FacePicture,
    from_blaze,
    landmarks_face,
    names_without_faces,
    read_face_labels,
    read_landmarks,
    read_rgb,
)
from training.evaluate_detector_boxes import matched
from training.evaluate_detector_graph import DetectorGraph
from training.evaluate_landmarks_graph import MAX_FACES, FaceGraph
from training.face_labels import FaceFinder

WIDTH, HEIGHT = 640, 480
"""Of the frames that faces are put into."""

SIZES: Final = ((0.1, 0.15), (0.15, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0))
"""Heights of faces, in heights of the frame."""

TILT: Final = np.pi / 6
"""Largest angle that faces are turned by."""

SURE: Final = 0.5
"""Score from which on MediaPipe's detector counts, as in its own graph and in ours."""

SEED = 3
LABELS = Path(__file__).parent / "labels" / "faces.csv"
"""Says in which pictures of a folder no face is."""

OURS, PEER = "detector", "mediapipe"

Finder = Callable[[np.ndarray], np.ndarray]
"""From a picture to boxes in pixels, [n, 4 or more]: left, top, right, bottom; the surest first."""


@dataclass(frozen=True)
class SizeScore:
    """Faces of a range of heights.

    Attributes:
        low, high: heights, in heights of the frame.
        faces: how many there were.
        recall: by detector, the share that was found at IoU 0.5.
    """

    low: float
    high: float
    faces: int
    recall: dict[str, float]


@dataclass(frozen=True)
class DetectorReport:
    """What detectors scored.

    Attributes:
        model, data, negatives: what was measured on what.
        sizes: recall by size.
        recall: over all sizes, by detector.
        empty: how many pictures without faces there were.
        false_alarms: by detector, the share of them in which a face is found.
        graph_false_alarms: that share through the make-up graph, whose landmark network has to take what is
            found for a face, too; None without one.
    """

    model: str
    data: str
    negatives: str
    sizes: list[SizeScore]
    recall: dict[str, float]
    empty: int
    false_alarms: dict[str, float]
    graph_false_alarms: float | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def score_detector(
    model: Path,
    data: Path,
    negatives: Path,
    names: set[str] | None = None,
    pictures: int | None = None,
    landmarks: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> DetectorReport:
    """Score a model, and MediaPipe's near-face detector beside it where mediapipe is installed.

    Each annotated face is put, with its picture round it, into a frame of 640 x 480 once in every range of
    sizes, turned by up to 30 degrees; the pictures without faces are the backgrounds.

    Args:
        model: a .tflite with a detector's tensors.
        data: folder with images/NAME.jpg and images/NAME.pts.
        negatives: folder of pictures, images/NAME.jpg. Where `LABELS` knows a folder of that name, those
            count in which it has no face and which training keeps apart; else all do.
        names: only these faces; None is all.
        pictures: at most so many faces, and so many pictures without, evenly over their names.
        landmarks: a landmark .tflite, for the false alarms through the graph.
        progress: told how many of how many pictures are done.

    Raises:
        GraphError: the model cannot be read.
        SignatureError: a model's tensors are others.
        DataError: a folder holds no such picture, or one that cannot be read.
    """
    finders: dict[str, Finder] = {OURS: DetectorGraph(model)}
    graph = FaceGraph(landmarks, model, MAX_FACES) if landmarks else None
    if find_spec("mediapipe"):
        finders[PEER] = blaze_finder()
    faces = _chosen([path for path in sorted(data.glob("images/*.pts")) if _is_in(path, names)], pictures)
    empty = _chosen(empty_pictures(negatives), pictures)
    for folder, paths, what in ((data, faces, "annotated faces (.pts)"), (negatives, empty, "pictures")):
        if not paths:
            raise DataError(f"{folder}: no {what} in images/ to measure on")
    total, done = len(faces) * len(SIZES) + len(empty), 0
    rng = np.random.default_rng(SEED)
    hits: dict[str, list[list[bool]]] = {name: [[] for _ in SIZES] for name in finders}
    for path in faces:
        face = FacePicture(read_rgb(data, path.stem), (landmarks_face(read_landmarks(data, path.stem)),))
        for size, (low, high) in enumerate(SIZES):
            progress(done := done + 1, total)
            background = read_rgb(negatives, empty[rng.integers(len(empty))].stem)
            frame, box = place(face, background, np.exp(rng.uniform(np.log(low), np.log(high))), rng)
            for name, finder in finders.items():
                hits[name][size].append(bool(matched(finder(frame), box[None])[0]))
    alarms: dict[str, int] = dict.fromkeys(finders, 0)
    graph_alarms = 0
    for path in empty:
        progress(done := done + 1, total)
        picture = read_rgb(negatives, path.stem)
        for name, finder in finders.items():
            alarms[name] += len(finder(picture)) > 0
        graph_alarms += graph is not None and len(graph.picture(picture)) > 0
    return DetectorReport(
        str(model),
        str(data),
        str(negatives),
        [
            SizeScore(low, high, len(faces), {name: float(np.mean(hits[name][i])) for name in finders})
            for i, (low, high) in enumerate(SIZES)
        ],
        {name: float(np.mean(hits[name])) for name in finders},
        len(empty),
        {name: alarms[name] / len(empty) for name in finders},
        graph_alarms / len(empty) if graph else None,
    )


def empty_pictures(folder: Path) -> list[Path]:
    """The pictures of a folder that show no face and that no training sees, as far as `LABELS` knows."""
    labels = read_face_labels(LABELS)
    if not any(of == folder.name for of, _ in labels):
        return picture_files(folder)
    _, apart = names_without_faces(folder, labels)
    return [find_picture(folder, name) for name in apart]


def place(
    face: FacePicture, background: np.ndarray, height: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A face in a frame of 640 x 480.

    Args:
        face: with one face.
        background: RGB uint8 [H, W, 3].
        height: of the face, in heights of the frame.
        rng: the place and how far the face is turned.

    Returns:
        The frame, RGB uint8 [480, 640, 3], and the face's box in it: left, top, right, bottom.
    """
    frame = Frame(0, 0, WIDTH, HEIGHT)
    scene = cover(FacePicture(background, ()), frame, WIDTH, rng)
    put(scene, face, frame, height, rng.uniform(-TILT, TILT), rng, cut_out=False)
    return np.ascontiguousarray(scene.image[frame.part]), scene.faces[0].box


def blaze_finder() -> Finder:
    """MediaPipe's near-face detector, its boxes as ours."""
    finder = FaceFinder(SURE, far=False)

    def find(picture: np.ndarray) -> np.ndarray:
        size = np.array(picture.shape[1::-1])
        rows = []
        for face in finder.find(picture):
            box = (np.array(face.box) * np.tile(size, 2)).tolist()
            left, top, width, height = from_blaze(box, face.keypoints * size)
            rows.append((left, top, left + width, top + height))
        return np.array(rows, np.float64).reshape(-1, 4)

    return find


def detector_table(report: DetectorReport) -> Table:
    """Recall by size, then of all, then false alarms."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    names = list(report.recall)
    for title in ("faces", *names):
        table.add_column(title, justify="right")
    for score in report.sizes:
        title = f"recall, {score.low:.0%} to {score.high:.0%} of the height"
        table.add_row(title, str(score.faces), *(f"{score.recall[name]:.4f}" for name in names))
    table.add_section()
    count = sum(score.faces for score in report.sizes)
    table.add_row("recall", str(count), *(f"{report.recall[name]:.4f}" for name in names), style="bold")
    table.add_row(
        "false alarms",
        str(report.empty),
        *(f"{report.false_alarms[name]:.4f}" for name in names),
        style="bold",
    )
    if report.graph_false_alarms is not None:
        table.add_row("through the graph", str(report.empty), f"{report.graph_false_alarms:.4f}")
    return table


def _is_in(path: Path, names: set[str] | None) -> bool:
    return names is None or path.stem in names


def _chosen(paths: Sequence[Path], count: int | None) -> list[Path]:
    """At most `count`, evenly."""
    return list(paths if count is None else paths[:: max(1, -(-len(paths) // count))])
