"""Faces for the detector: pictures with boxes and key points, from landmarks or from a table of labels.

All places are in continuous pixels of a picture: its upper left corner is (0, 0), the middle of its first
pixel (0.5, 0.5).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from calculators.face.landmark_layout import IBUG_68
from training.data import DataError, find_picture, read_image
from training.data_landmarks import points_file, read_points

KEYPOINTS: Final = ("right_eye", "left_eye", "nose", "mouth")
"""In the order of MediaPipe's face detector; right is the owner's, seen on the left."""

STRIDE, COORDS = 8, 12
"""Of `models.face_detector`."""

HEAT, COUNTS, WEIGHT, COORDS_FROM = 0, 1, 2, 3
"""Channels of a target, float32 [N, H, W, 15]: how near the middle of a face the cell is, in [0, 1]; 1 where
the score counts, 0 where nobody knows; how much the box counts, in [0, 1]; then the box and the key points in
the units of the network's `box_logits`."""

JAW, BROWS = slice(0, 17), slice(17, 27)
CHIN: Final = 8
FOREHEAD: Final = 0.25
"""How far a face reaches above its brows, as a share of the way from the chin to the middle of the brows."""

HELD_OUT: Final = 10
"""Every which picture without faces is kept apart from training."""

ELLIPSE: Final = 16
"""Points on the outline of a face of which only the box is known."""

OTHER: Final = 0.3
"""Share of the smaller box up to which a found face is not the annotated one."""

COLUMNS: Final = (
    "folder",
    "picture",
    "score",
    *("left", "top", "width", "height"),
    *(f"{name}_{axis}" for name in KEYPOINTS for axis in "xy"),
)
"""Of a table of labels. Numbers are shares of the picture's sides, the box is the annotator's own; a picture
in which no face is has one row without numbers after its score of 0."""

BLAZE_SCALE: Final = (0.946, 1.134)
BLAZE_SHIFT: Final = -0.05
"""From MediaPipe's boxes to ours: factors of width and height, and how far the middle moves down the face, in
heights of MediaPipe's box. Medians over 2,009 annotated faces, see `training.face_labels --measure`."""


@dataclass(frozen=True)
class Face:
    """A face in a picture.

    Attributes:
        outline: points round it, float64 [n, 2]: their bounding box is the face's, however it is turned.
        keypoints: float64 [4, 2], those of `KEYPOINTS`.
    """

    outline: np.ndarray
    keypoints: np.ndarray

    @property
    def box(self) -> np.ndarray:
        """Left, top, right and bottom, float64 [4]."""
        return np.concatenate([self.outline.min(0), self.outline.max(0)])

    def moved(self, matrix: np.ndarray) -> Face:
        """After an affine map, float64 [2, 3]; mirrored, the eyes change their names."""
        outline, keypoints = (p @ matrix[:, :2].T + matrix[:, 2] for p in (self.outline, self.keypoints))
        if np.linalg.det(matrix[:, :2]) < 0:
            keypoints = keypoints[[1, 0, 2, 3]]
        return Face(outline, keypoints)


@dataclass(frozen=True)
class FacePicture:
    """A picture, RGB uint8 [H, W, 3], and all faces in it."""

    image: np.ndarray
    faces: tuple[Face, ...]


def landmarks_face(landmarks: np.ndarray) -> Face:
    """The face of 68 landmarks, [68, 2].

    Its box is that of the landmarks and of the brows moved up to the forehead: away from the chin, by
    `FOREHEAD` of the way from it.
    """
    points = np.asarray(landmarks, np.float64)
    up = points[BROWS].mean(0) - points[CHIN]
    outline = np.concatenate([points[JAW], points[BROWS], points[BROWS] + FOREHEAD * up])
    eyes = points[36:42].mean(0), points[42:48].mean(0)
    return Face(outline, np.stack([*eyes, points[30], points[48:].mean(0)]))


def box_face(box: Sequence[float], keypoints: np.ndarray) -> Face:
    """A face of which the box (left, top, width, height) and the key points are known: an ellipse."""
    left, top, width, height = box
    angles = np.arange(ELLIPSE) * 2 * np.pi / ELLIPSE
    outline = np.stack([np.cos(angles), np.sin(angles)], -1) * (width / 2, height / 2)
    outline += left + width / 2, top + height / 2
    return Face(outline, np.asarray(keypoints, np.float64))


def from_blaze(box: Sequence[float], keypoints: np.ndarray) -> tuple[float, float, float, float]:
    """Our box (left, top, width, height) for one of MediaPipe's, in pixels."""
    left, top, width, height = box
    down = keypoints[3] - keypoints[:2].mean(0)
    down = down / max(float(np.linalg.norm(down)), 1e-6)
    x, y = np.array((left + width / 2, top + height / 2)) + BLAZE_SHIFT * height * down
    width, height = width * BLAZE_SCALE[0], height * BLAZE_SCALE[1]
    return x - width / 2, y - height / 2, width, height


def read_landmarks(root: Path, name: str) -> np.ndarray:
    """The 68 landmarks of a picture in continuous pixels, float32 [68, 2].

    Raises:
        DataError: its .pts file is missing or is none of 68 points.
    """
    return read_points(points_file(root, name), IBUG_68.count) + 0.5


def read_rgb(root: Path, name: str) -> np.ndarray:
    """A picture of a data set, RGB uint8 [H, W, 3]."""
    return cv2.cvtColor(read_image(find_picture(root, name), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


Labels = dict[tuple[str, str], list[Face]]
"""Faces by folder and picture, in shares of the picture's sides; an empty list: no face is there."""


def load_crops(root: Path, names: Iterable[str], labels: Labels, longest: int) -> list[FacePicture]:
    """Pictures with one annotated face (`images/NAME.pts`), which comes first, reduced to `longest` pixels.

    Other people in them are those of the labels.

    Raises:
        DataError: a picture or its landmarks cannot be read.
    """
    pictures = []
    for name in names:
        image = read_rgb(root, name)
        face = landmarks_face(read_landmarks(root, name))
        found = [_in_pixels(other, image) for other in labels.get((root.name, name), [])]
        others = [other for other in found if shared(other.box, face.box) < OTHER]
        pictures.append(_reduced(FacePicture(image, (face, *others)), longest))
    return pictures


def shared(one: np.ndarray, other: np.ndarray) -> float:
    """The share of the smaller of two boxes (left, top, right, bottom) that lies in the other."""
    sides = np.maximum(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0)
    smaller = min(np.prod(one[2:] - one[:2]), np.prod(other[2:] - other[:2]))
    return float(np.prod(sides) / max(smaller, 1e-6))


def read_face_labels(path: Path) -> Labels:
    """The faces of each picture of a table.

    Raises:
        DataError: the file is missing or is no table with `COLUMNS`.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: no table of comma-separated values in UTF-8: {error}") from error
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise DataError(f"{path}: column missing: {', '.join(missing)}")
    labels: Labels = {}
    for line, row in enumerate(rows, start=2):
        faces = labels.setdefault((row["folder"], row["picture"]), [])
        try:
            if float(row["score"]) > 0:
                values = [float(row[name]) for name in COLUMNS[3:]]
                faces.append(box_face(values[:4], np.reshape(values[4:], (4, 2))))
        except (TypeError, ValueError) as error:
            raise DataError(f"{path}: line {line}: {error}") from error
    return labels


def names_with_faces(folder: Path, labels: Labels) -> list[str]:
    """The pictures of a data set that show faces; its folder's own name is that in the labels.

    Raises:
        DataError: the labels have no such picture of this folder.
    """
    return _labelled(folder, labels, True)


def names_without_faces(folder: Path, labels: Labels) -> tuple[list[str], list[str]]:
    """The pictures of a data set that show no face: those to train on, and those kept apart.

    Raises:
        DataError: the labels have no such picture of this folder.
    """
    names = _labelled(folder, labels, False)
    return [name for i, name in enumerate(names) if i % HELD_OUT], names[::HELD_OUT]


def load_labelled(folder: Path, labels: Labels, names: Iterable[str], longest: int) -> list[FacePicture]:
    """Labelled pictures of a data set, reduced to `longest` pixels.

    Raises:
        DataError: one cannot be read.
    """
    pictures = []
    for name in names:
        image, faces = read_rgb(folder, name), labels[folder.name, name]
        pictures.append(_reduced(FacePicture(image, tuple(_in_pixels(f, image) for f in faces)), longest))
    return pictures


def _labelled(folder: Path, labels: Labels, with_faces: bool) -> list[str]:
    known = sorted((name, bool(faces)) for (of, name), faces in labels.items() if of == folder.name)
    names = [name for name, shows in known if shows == with_faces]
    if not names:
        what = "with" if with_faces else "without"
        raise DataError(f"{folder}: the labels know no picture {what} faces of a folder of this name")
    return names


def _in_pixels(face: Face, image: np.ndarray) -> Face:
    """A labelled face, whose box is MediaPipe's, as ours."""
    size = np.array(image.shape[1::-1], np.float64)
    left, top, right, bottom = face.box * np.tile(size, 2)
    keypoints = face.keypoints * size
    return box_face(from_blaze((left, top, right - left, bottom - top), keypoints), keypoints)


def _reduced(picture: FacePicture, longest: int) -> FacePicture:
    height, width = picture.image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    matrix = np.array([[size[0] / width, 0, 0], [0, size[1] / height, 0]])
    image = cv2.resize(picture.image, size, interpolation=cv2.INTER_AREA)
    return FacePicture(image, tuple(face.moved(matrix) for face in picture.faces))
