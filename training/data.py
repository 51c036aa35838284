"""Read segmentation data sets: folders with `images/NAME.jpg`, `masks/NAME.png` (0 or 255), `index.csv`.

Pictures may also be .jpeg or .png. `index.csv` (columns `name`, and if wanted `set`, `tag`) may be missing;
then every picture of the folder counts. `training.data_check` finds what is wrong with a folder.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

SUFFIXES = (".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG")
JPEG_QUALITY = 95


class DataError(ValueError):
    """A data set cannot be used; the message names the file."""


@dataclass(frozen=True)
class Example:
    """A picture's name, the set that it comes from, and what it shows (a hair type, an angle)."""

    name: str
    set: str = ""
    tag: str = ""


def read_index(root: Path) -> list[Example]:
    """List the examples of a data set: the lines of `root/index.csv`, or else the stems in `root/images`.

    Columns other than `name`, `set` and `tag` are ignored, and of these three only `name` has to be there.

    Raises:
        DataError: if the folder or the column `name` is missing, or if no picture is listed.
    """
    path = root / "index.csv"
    if not path.is_file():
        return _list_pictures(root)
    try:
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        if "name" not in (rows.fieldnames or ()):
            raise DataError(f"{path}: column missing: name")
        examples = []
        for row in rows:
            if not row["name"]:
                raise DataError(f"{path}: line {rows.line_num} has no name")
            examples.append(Example(row["name"], row.get("set") or "", row.get("tag") or ""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: not a table of comma-separated values in UTF-8: {error}") from error
    if not examples:
        raise DataError(f"{path}: lists no picture")
    return examples


def _list_pictures(root: Path) -> list[Example]:
    names = {path.stem for path in picture_files(root)}
    if not names:
        raise DataError(
            f"{root}: no pictures; a data set is a folder with images/ (.jpg, .jpeg or .png), "
            "masks/ (.png of the same names) and, if wanted, index.csv (name, set, tag)"
        )
    return [Example(name) for name in sorted(names)]


def picture_files(root: Path) -> list[Path]:
    """The pictures in `root/images`, hidden files left out; none if there is no such folder."""
    return sorted(
        path for path in root.glob("images/*") if path.suffix in SUFFIXES and not path.name.startswith(".")
    )


def find_picture(root: Path, name: str) -> Path:
    """The picture of that name, with whatever suffix; if there is none, where a JPEG of it would be."""
    paths = [root / "images" / f"{name}{suffix}" for suffix in SUFFIXES]
    return next((path for path in paths if path.is_file()), paths[0])


def mask_file(root: Path, name: str) -> Path:
    """Where the mask of that name belongs."""
    return root / "masks" / f"{name}.png"


def read_split(path: Path) -> set[str]:
    """Read names, one a line; empty lines and lines that start with `#` are skipped.

    Raises:
        DataError: if the file is missing.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def read_pair(root: Path, name: str, soft: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Read one picture (uint8 [H, W, 3], RGB) and its mask (uint8 [H, W]): 0 or 255, any value if `soft`.

    Raises:
        DataError: if either file is missing or unreadable, or if their sizes differ.
    """
    mask_path = mask_file(root, name)
    image = read_image(find_picture(root, name), cv2.IMREAD_COLOR)
    mask = read_image(mask_path, cv2.IMREAD_GRAYSCALE)
    if image.shape[:2] != mask.shape:
        raise DataError(
            f"{mask_path}: the mask is {mask.shape[1]}x{mask.shape[0]}, "
            f"its picture is {image.shape[1]}x{image.shape[0]}"
        )
    hard = np.where(mask > 127, 255, 0).astype(np.uint8)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB), mask if soft else hard


def load_pictures(root: Path, names: Iterable[str], soft: bool = False) -> list[np.ndarray]:
    """Read pictures as uint8 [H, W, 4]: RGB and the mask of `read_pair` in the fourth channel."""
    return [np.dstack(read_pair(root, name, soft)) for name in names]


def load_backgrounds(folder: Path, count: int) -> list[np.ndarray]:
    """Read up to `count` pictures without hair, evenly over the folder's names: uint8 [H, W, 4], mask 0.

    Raises:
        DataError: if the folder has no JPEG picture, or one that cannot be read.
    """
    paths = sorted(folder.glob("*.jpg"))
    if not paths:
        raise DataError(f"{folder}: no .jpg picture to use as background")
    pictures = (read_image(path, cv2.IMREAD_COLOR) for path in paths[:: max(1, len(paths) // count)])
    return [cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA) * np.uint8([1, 1, 1, 0]) for picture in pictures]


def read_image(path: Path, flags: int) -> np.ndarray:
    """Read a picture as `cv2.imread` does, but not a part of one: `imread` fills up a JPEG that ends early.

    Raises:
        DataError: if the file is missing or is no readable, complete picture.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    content = np.fromfile(path, np.uint8)
    image = cv2.imdecode(content, flags) if content.size else None
    if image is None:
        raise DataError(f"{path}: not a readable picture")
    return image


def write_image(path: Path, image: np.ndarray) -> None:
    """Write a picture (grey or BGR) in its suffix's format, beside and then renamed: never a part of it."""
    flags = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if path.suffix == ".jpg" else []
    write_file(path, cv2.imencode(path.suffix, image, flags)[1].tobytes())


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: beside its place first, then renamed. Folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(path)
