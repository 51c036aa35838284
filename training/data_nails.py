"""Read nail data sets: folders with `images/NAME.jpg`, `instances/NAME.png` (0 = background, 1..n) and, if
wanted, `index.csv`; and the labels that `training.nail_labels` adds to them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from calculators.nails.nail import CLASSES
from training.data import DataError, find_picture, read_image

NUMBERS = ("1", "L", "P", "I", "I;16", "I;16B")
"""Pillow's modes of pictures with one whole number a pixel."""

COLUMNS = ("picture", "nail", "finger", "dx", "dy")


@dataclass(frozen=True)
class NailLabel:
    """What is known of a nail beyond its mask.

    Attributes:
        finger: index into `calculators.nails.nail.CLASSES`; None if unknown.
        direction: unit vector (x right, y down) from base to tip; None if unknown.
    """

    finger: int | None
    direction: tuple[float, float] | None


Labels = Mapping[tuple[str, int], NailLabel]
"""By picture and by the nail's value in the instance picture."""


@dataclass(frozen=True)
class NailPicture:
    """A picture with its nails.

    Attributes:
        image: uint8 [H, W, 3], RGB.
        instances: uint8 [H, W]; 0 is background.
        fingers: int8 [256], by the value in `instances`; -1 is unknown.
        directions: float32 [256, 2], unit vectors; zeros where unknown.
    """

    image: np.ndarray
    instances: np.ndarray
    fingers: np.ndarray
    directions: np.ndarray


def instances_file(root: Path, name: str) -> Path:
    """Where the instances of that picture belong."""
    return root / "instances" / f"{name}.png"


def read_nails(root: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read one picture (uint8 [H, W, 3], RGB) and its instances (int32 [H, W], 0 is background).

    Raises:
        DataError: if either file is missing or unreadable, if the sizes differ, or if the instances have
            colours.
    """
    image = read_image(find_picture(root, name), cv2.IMREAD_COLOR)
    instances = read_instances(root, name)
    if image.shape[:2] != instances.shape:
        raise DataError(
            f"{instances_file(root, name)}: the instances are {instances.shape[1]}x{instances.shape[0]}, "
            f"their picture is {image.shape[1]}x{image.shape[0]}"
        )
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB), instances


def read_instances(root: Path, name: str) -> np.ndarray:
    """Read the instances of a picture: int32 [H, W], 0 is background; of 8 or 16 bits, grey or a palette.

    Raises:
        DataError: if the file is missing or unreadable, or has colours.
    """
    path = instances_file(root, name)
    try:
        # OpenCV would give the colours of a palette.
        with Image.open(path) as picture:
            if picture.mode not in NUMBERS:
                raise DataError(
                    f"{path}: has colours; instances are one grey value a nail, 0 for the background"
                )
            return np.asarray(picture, np.int32)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, SyntaxError) as error:  # Pillow's own for a damaged PNG
        raise DataError(f"{path}: not a readable picture") from error


def load_nails(root: Path, name: str, labels: Labels) -> NailPicture:
    """Read one picture with what is known of its nails.

    Raises:
        DataError: as `read_nails`, or if the picture has more than 255 nails.
    """
    image, instances = read_nails(root, name)
    if instances.max() > 255:
        raise DataError(f"{instances_file(root, name)}: a nail has the value {instances.max()}, above 255")
    fingers, directions = np.full(256, -1, np.int8), np.zeros((256, 2), np.float32)
    for nail in np.unique(instances[instances > 0]).tolist():
        label = labels.get((name, nail))
        if label is not None and label.finger is not None:
            fingers[nail] = label.finger
        if label is not None and label.direction is not None:
            directions[nail] = label.direction
    return NailPicture(image, instances.astype(np.uint8), fingers, directions)


def read_labels(path: Path) -> dict[tuple[str, int], NailLabel]:
    """Read labels: columns picture, nail, finger (-1 if unknown), dx and dy (empty if unknown).

    Raises:
        DataError: if the file is missing or no text, or a line is not of this form.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not a table of comma-separated values in UTF-8: {error}") from error
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise DataError(f"{path}: column missing: {', '.join(missing)}")
    labels = {}
    for row in rows:
        try:
            finger = int(row["finger"])
            direction = (float(row["dx"]), float(row["dy"])) if row["dx"] else None
            labels[row["picture"], int(row["nail"])] = NailLabel(finger if finger >= 0 else None, direction)
        except (TypeError, ValueError) as error:
            raise DataError(f"{path}: line {rows.line_num}: {error}") from error
        if not -1 <= finger < len(CLASSES):
            raise DataError(f"{path}: line {rows.line_num}: finger {finger} is not -1 to {len(CLASSES) - 1}")
    return labels
