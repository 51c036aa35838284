"""Read segmentation data sets: `images/NAME.jpg`, `masks/NAME.png` (0 or 255) and `index.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np


class DataError(ValueError):
    """A data set cannot be used; the message names the file."""


@dataclass(frozen=True)
class Example:
    """A line of `index.csv`: a picture's name and the set that it comes from."""

    name: str
    set: str


def read_index(root: Path) -> list[Example]:
    """Read `root/index.csv` (columns `name` and `set`, others are ignored).

    Raises:
        DataError: if the folder, the file or one of the two columns is missing, or if it lists no picture.
    """
    path = root / "index.csv"
    if not path.is_file():
        raise DataError(f"{path}: no such file; a data set is a folder with images/, masks/ and index.csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        missing = {"name", "set"} - set(rows.fieldnames or ())
        if missing:
            raise DataError(f"{path}: column missing: {', '.join(sorted(missing))}")
        examples = [Example(row["name"], row["set"]) for row in rows]
    if not examples:
        raise DataError(f"{path}: lists no picture")
    return examples


def read_split(path: Path) -> set[str]:
    """Read names, one a line; empty lines and lines that start with `#` are skipped.

    Raises:
        DataError: if the file is missing.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def read_pair(root: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read one picture (uint8 [H, W, 3], RGB) and its mask (uint8 [H, W], 0 or 255).

    Raises:
        DataError: if either file is missing or unreadable, or if their sizes differ.
    """
    image_path, mask_path = root / "images" / f"{name}.jpg", root / "masks" / f"{name}.png"
    image = _read(image_path, cv2.IMREAD_COLOR)
    mask = _read(mask_path, cv2.IMREAD_GRAYSCALE)
    if image.shape[:2] != mask.shape:
        raise DataError(
            f"{mask_path}: the mask is {mask.shape[1]}x{mask.shape[0]}, "
            f"its picture is {image.shape[1]}x{image.shape[0]}"
        )
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.where(mask > 127, 255, 0).astype(np.uint8)


def load_pictures(root: Path, names: Iterable[str]) -> list[np.ndarray]:
    """Read pictures as uint8 [H, W, 4]: RGB and the mask (0 or 255) in the fourth channel."""
    return [np.dstack(read_pair(root, name)) for name in names]


def load_backgrounds(folder: Path, count: int) -> list[np.ndarray]:
    """Read up to `count` pictures without hair, evenly over the folder's names: uint8 [H, W, 4], mask 0.

    Raises:
        DataError: if the folder has no JPEG picture, or one that cannot be read.
    """
    paths = sorted(folder.glob("*.jpg"))
    if not paths:
        raise DataError(f"{folder}: no .jpg picture to use as background")
    pictures = (_read(path, cv2.IMREAD_COLOR) for path in paths[:: max(1, len(paths) // count)])
    return [cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA) * np.uint8([1, 1, 1, 0]) for picture in pictures]


def _read(path: Path, flags: int) -> np.ndarray:
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    image = cv2.imread(str(path), flags)
    if image is None:
        raise DataError(f"{path}: not a readable picture")
    return image
