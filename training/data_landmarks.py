"""Read pictures of faces with their landmarks, as 300-W has them: NAME.jpg beside NAME.pts.

A data set is a folder with `images/` and, if wanted, `index.csv` (columns `name` and `set`), or just a
folder of pictures. The pictures may be whole photographs or crops; one face each is annotated.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np

from calculators.face.landmark_crop import ENLARGED
from calculators.face.landmark_layout import LandmarkLayout
from training.data import SUFFIXES, DataError, Example, read_image, read_index
from training.data_check import Problem
from training.metrics import resize

BESIDE = 0.8
"""What is kept of a picture beyond the landmarks' box at each side, in sides of the box."""


class Kind(Enum):
    """What can be wrong with a picture or its points; the value is how a report says it."""

    UNLISTED = "listed in index.csv, but there is neither picture nor .pts (a name goes without its suffix)"
    TWICE = "listed in index.csv more than once"
    NO_POINTS = "pictures without points (NAME.pts beside NAME.jpg)"
    NO_PICTURE = "points without a picture (NAME.jpg, .jpeg or .png beside NAME.pts)"
    SEVERAL = "names with more than one picture"
    UNUSABLE = "pictures or points that cannot be used"


@dataclass(frozen=True)
class FacePicture:
    """A picture with a face.

    Attributes:
        image: uint8 [H, W, 3], RGB.
        points: float32 [n, 2], x and y in pixels, (0, 0) the picture's top left corner; may lie outside.
    """

    image: np.ndarray
    points: np.ndarray


def list_faces(root: Path) -> list[Example]:
    """The examples of a data set: the lines of `root/index.csv`, or else all pictures.

    Raises:
        DataError: if the index cannot be read, or if there is no picture.
    """
    if (root / "index.csv").is_file():
        return read_index(root)
    names = sorted({path.stem for path in _pictures(root)})
    if not names:
        raise DataError(
            f"{root}: no pictures; a data set is a folder of NAME.jpg (or .jpeg, .png) with NAME.pts beside, "
            "or one with these in images/ and, if wanted, index.csv (name, set)"
        )
    return [Example(name) for name in names]


def points_file(root: Path, name: str) -> Path:
    """Where the points of that picture belong."""
    return _folder(root) / f"{name}.pts"


def read_face(root: Path, name: str, layout: LandmarkLayout) -> FacePicture:
    """Read one picture with its points.

    Raises:
        DataError: if either file is missing or unreadable, or if the points are no face.
    """
    paths = [_folder(root) / f"{name}{suffix}" for suffix in SUFFIXES]
    path = next((path for path in paths if path.is_file()), paths[0])
    image = cv2.cvtColor(read_image(path, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    path = points_file(root, name)
    # What the files count from 0 are pixels' centres.
    points = read_points(path, layout.count) + np.float32(0.5)
    low, high = points.min(0), points.max(0)
    if (high < 0).any() or (low > image.shape[1::-1]).any():
        raise DataError(
            f"{path}: all points lie outside the picture of {image.shape[1]}x{image.shape[0]} pixels"
        )
    if not layout.inter_ocular(points) > 0:
        raise DataError(f"{path}: the outer eye corners (points {layout.eye_corners}) are one point")
    return FacePicture(image, points)


def read_points(path: Path, count: int) -> np.ndarray:
    """Read a .pts file (`version: 1`, `n_points: N`, N lines `x y` in braces): float32 [count, 2], as
    written.

    Raises:
        DataError: if the file is missing, not of this form, or has another number of points.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not a text in UTF-8") from error
    if "{" not in lines or "}" not in lines or lines.index("}") < lines.index("{"):
        raise DataError(f'{path}: not a .pts file: expected lines "x y" between a line "{{" and a line "}}"')
    head, body = lines[: lines.index("{")], lines[lines.index("{") + 1 : lines.index("}")]
    rows = [(number, line) for number, line in enumerate(body, start=len(head) + 2) if line]
    declared = next((line.partition(":")[2].strip() for line in head if line.startswith("n_points")), None)
    if declared != str(len(rows)):
        raise DataError(f"{path}: n_points is {declared or 'missing'}, but there are {len(rows)} points")
    if len(rows) != count:
        raise DataError(f"{path}: has {len(rows)} points; this annotation has {count}")
    points = np.empty((count, 2), np.float32)
    for index, (number, line) in enumerate(rows):
        try:
            x, y = map(float, line.split())
        except ValueError:
            raise DataError(f'{path}: line {number}: expected two numbers "x y", got {line!r}') from None
        points[index] = x, y
    if not np.isfinite(points).all():
        raise DataError(f"{path}: a coordinate is not finite")
    return points


def load_face(root: Path, name: str, layout: LandmarkLayout, side: int) -> FacePicture:
    """Read one face to train on: what is near it, shrunk if the network's square is beyond `side` pixels.

    Raises:
        DataError: as `read_face`.
    """
    face = read_face(root, name, layout)
    low, high = face.points.min(0), face.points.max(0)
    box = float((high - low).max())
    left, top = np.maximum(np.floor(low - BESIDE * box), 0).astype(int)
    right, bottom = np.ceil(high + BESIDE * box).astype(int)
    image = face.image[top:bottom, left:right]
    points = face.points - np.float32([left, top])
    scale = min(1.0, side / (ENLARGED * box))
    height, width = (max(1, round(scale * pixels)) for pixels in image.shape[:2])
    small = np.ascontiguousarray(resize(image, width, height))
    return FacePicture(small, points * np.float32([width / image.shape[1], height / image.shape[0]]))


def find_problems(root: Path, names: set[str] | None, layout: LandmarkLayout) -> list[Problem]:
    """Look at every picture and its points, or at those of `names` only.

    Complete pairs that `index.csv` does not list are no problem: they are not in the set.

    Raises:
        DataError: there is nothing to look at, or `index.csv` cannot be read at all.
    """
    listed = Counter(example.name for example in list_faces(root))
    pictures = Counter(path.stem for path in _pictures(root))
    points = {path.stem for path in _folder(root).glob("*.pts") if not path.name.startswith(".")}
    everything = listed.keys() | pictures.keys() | points
    problems = []
    for name in sorted(everything if names is None else everything & names):
        if listed[name] > 1:
            problems.append(Problem(Kind.TWICE, name))
        if pictures[name] > 1:
            problems.append(Problem(Kind.SEVERAL, name))
        if not pictures[name]:
            problems.append(Problem(Kind.NO_PICTURE if name in points else Kind.UNLISTED, name))
        elif name not in points:
            problems.append(Problem(Kind.NO_POINTS, name))
        elif listed[name]:
            try:
                read_face(root, name, layout)
            except DataError as error:
                problems.append(Problem(Kind.UNUSABLE, name, str(error)))
    return problems


def _folder(root: Path) -> Path:
    """Where the pictures and points are."""
    return root / "images" if (root / "images").is_dir() else root


def _pictures(root: Path) -> list[Path]:
    paths = _folder(root).glob("*")
    return sorted(path for path in paths if path.suffix in SUFFIXES and not path.name.startswith("."))
