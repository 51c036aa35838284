"""Convert a data set to the folder that training reads: `python -m training.data_import LAYOUT SOURCE OUT`.

Layouts:
    celebamask-hq: `CelebA-HQ-img/N.jpg` and `CelebAMask-HQ-mask-anno/K/NNNNN_PART.png`, 2,000 pictures a K.
        Hair is the part `hair` without the part `hat`; a picture without a part `hair` has none.
    figaro: Figaro1k, `Original/Training/FrameNNNNN-org.jpg`, `GT/Training/FrameNNNNN-gt.pbm` (or .png), the
        same in `Testing`; 150 pictures of each hair type. Those of `Testing` are the set `figaro_test`.
    folder: `images/` and `masks/` of any size, grey masks too (thresholded at 128), and perhaps `index.csv`.

Everything is converted in a folder beside OUT, which is renamed when all is done: a stopped import goes on
where it was when it is started again.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from training.data import DataError, Example, find_picture, mask_file, read_image, read_index, write_image
from training.metrics import resize

FIGARO_TYPES = ("straight", "wavy", "curly", "kinky", "braids", "dreadlocks", "short-men")
FIGARO_PER_TYPE = 150
CELEBA_PER_FOLDER = 2000
SHOWN = 10


@dataclass(frozen=True)
class Source:
    """One picture where it was found, its hair (None: there is none) and what of it is a hat."""

    example: Example
    picture: Path
    hair: Path | None
    hat: Path | None = None


def find_celebamask_hq(root: Path) -> list[Source]:
    """List CelebAMask-HQ.

    Raises:
        DataError: if the layout is another, or a folder of masks is missing; a missing file means no hair.
    """
    pictures, masks = _folders(root, "CelebA-HQ-img", "CelebAMask-HQ-mask-anno")
    numbers = sorted(int(path.stem) for path in pictures.glob("*.jpg") if path.stem.isdecimal())
    if not numbers:
        raise DataError(f"{pictures}: no picture N.jpg")
    parts: dict[int, set[str]] = {}
    for folder in sorted({number // CELEBA_PER_FOLDER for number in numbers}):
        if not (masks / str(folder)).is_dir():
            first = folder * CELEBA_PER_FOLDER
            raise DataError(
                f"{masks / str(folder)}: no such folder; it has the masks of the pictures {first} to "
                f"{first + CELEBA_PER_FOLDER - 1}"
            )
        parts[folder] = {path.stem for path in (masks / str(folder)).glob("*.png")}
    sources = []
    for number in numbers:
        folder = number // CELEBA_PER_FOLDER
        files = {
            part: masks / str(folder) / f"{number:05d}_{part}.png"
            for part in ("skin", "hair", "hat")
            if f"{number:05d}_{part}" in parts[folder]
        }
        # Every face has skin: where even that is missing, the masks are, and the hair may be there.
        hair = files.get("hair") if files else masks / str(folder) / f"{number:05d}_hair.png"
        tag = "hat" if "hat" in files else "hair" if hair else "no-hair"
        example = Example(f"celebamask-hq_{number:05d}", "celebamask-hq", tag)
        sources.append(Source(example, pictures / f"{number}.jpg", hair, files.get("hat")))
    return sources


def find_figaro(root: Path) -> list[Source]:
    """List Figaro1k, both parts as far as they are there; the hair type follows from a picture's number.

    Raises:
        DataError: if the layout is another, or a picture's number is none of Figaro1k's.
    """
    originals, masks = _folders(root, "Original", "GT")
    sources = []
    for part, name in (("Training", "figaro"), ("Testing", "figaro_test")):
        for picture in sorted((originals / part).glob("*-org.jpg")):
            match = re.fullmatch(r"Frame(\d{5})-org", picture.stem)
            kind = (int(match[1]) - 1) // FIGARO_PER_TYPE if match else -1
            if not 0 <= kind < len(FIGARO_TYPES):
                raise DataError(f"{picture}: expected Frame00001-org.jpg to Frame01050-org.jpg")
            frame = picture.stem.removesuffix("-org")
            mask = masks / part / f"{frame}-gt.pbm"
            if not mask.is_file() and mask.with_suffix(".png").is_file():
                mask = mask.with_suffix(".png")
            sources.append(Source(Example(f"figaro_{frame}", name, FIGARO_TYPES[kind]), picture, mask))
    if not sources:
        raise DataError(f"{originals}: no picture Training/FrameNNNNN-org.jpg or Testing/FrameNNNNN-org.jpg")
    return sources


def find_folder(root: Path) -> list[Source]:
    """List a folder with images/, masks/ and perhaps index.csv."""
    return [Source(e, find_picture(root, e.name), mask_file(root, e.name)) for e in read_index(root)]


LAYOUTS: dict[str, Callable[[Path], list[Source]]] = {
    "celebamask-hq": find_celebamask_hq,
    "figaro": find_figaro,
    "folder": find_folder,
}


def _folders(root: Path, *names: str) -> list[Path]:
    missing = [name for name in names if not (root / name).is_dir()]
    if missing:
        found = ", ".join(sorted(path.name for path in root.glob("*"))[:SHOWN]) or "nothing"
        raise DataError(f"{root}: no folder {' and no folder '.join(missing)}; there is {found}")
    return [root / name for name in names]


def read_source(source: Source, longest_side: int) -> tuple[np.ndarray, np.ndarray]:
    """The picture (BGR) and its mask (0 or 255), both at the size that is wanted.

    Raises:
        DataError: if a file is missing or unreadable, or if the mask has another shape; it may be smaller or
            larger than its picture in the same proportion.
    """
    image = read_image(source.picture, cv2.IMREAD_COLOR)
    mask = np.zeros(image.shape[:2], np.uint8)
    if source.hair:
        mask = _read_mask(source.hair, image.shape)
    if source.hat:
        hat = _read_mask(source.hat, image.shape)
        mask = np.where(resize(hat, *mask.shape[::-1]) > 127, 0, mask).astype(np.uint8)
    height, width = image.shape[:2]
    scale = min(1.0, longest_side / max(height, width))
    size = max(1, round(scale * width)), max(1, round(scale * height))
    return resize(image, *size), np.where(resize(mask, *size) > 127, 255, 0).astype(np.uint8)


def _read_mask(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    mask = read_image(path, cv2.IMREAD_GRAYSCALE)
    if mask.shape[0] * shape[1] != mask.shape[1] * shape[0]:
        raise DataError(
            f"{path}: the mask is {mask.shape[1]}x{mask.shape[0]}, its picture is {shape[1]}x{shape[0]}"
        )
    return np.where(mask > 127, 255, 0).astype(np.uint8)


def convert(source: Source, out: Path, longest_side: int) -> str:
    """Write a picture and its mask, unless they are there; what is wrong, or ""."""
    picture, mask = out / "images" / f"{source.example.name}.jpg", mask_file(out, source.example.name)
    if picture.is_file() and mask.is_file():
        return ""
    try:
        pixels, hair = read_source(source, longest_side)
    except DataError as error:
        return str(error)
    write_image(picture, pixels)
    write_image(mask, hair)
    return ""


def import_data(
    layout: str, root: Path, out: Path, longest_side: int = 432, *, skip_bad: bool = False
) -> tuple[int, list[str]]:
    """Convert a data set.

    Returns:
        How many pictures `out` has, and what was wrong with those that were left out.

    Raises:
        DataError: if the layout is not the one named, if `out` is already there, or if pictures are bad and
            `skip_bad` is false; then what was converted is kept for the next try.
    """
    if out.exists():
        raise DataError(f"{out}: is already there; remove it or choose another folder")
    sources = LAYOUTS[layout](root)
    partial = out.with_name(f"{out.name}.{layout}-{longest_side}.partial")
    for folder in ("images", "masks"):
        (partial / folder).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool:
        work = pool.map(lambda source: convert(source, partial, longest_side), sources)
        bar = track(work, layout, len(sources), console=Console(stderr=True))
        outcomes = list(zip(sources, bar, strict=True))
    good = [source.example for source, problem in outcomes if not problem]
    problems = [problem for _, problem in outcomes if problem]
    if problems and not skip_bad:
        raise DataError(
            f"{describe(problems, len(sources))}\nMend them and start again, or pass --skip-bad. "
            f"The others are kept in {partial}."
        )
    if not good:
        raise DataError(f"{root}: no usable picture; {describe(problems, len(sources))}")
    with (partial / "index.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["name", "set", "tag"])
        table.writerows((example.name, example.set, example.tag) for example in good)
    for rest in partial.glob("*/*.partial"):
        rest.unlink()
    partial.rename(out)
    return len(good), problems


def describe(problems: list[str], total: int) -> str:
    """Problems counted, the first ten of them in full."""
    lines = [f"{len(problems)} of {total} pictures are bad:", *(f"  {p}" for p in problems[:SHOWN])]
    if len(problems) > SHOWN:
        lines.append(f"  and {len(problems) - SHOWN} more")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("source", type=Path, help="the data set as it was unpacked")
    parser.add_argument("out", type=Path, help="the folder to make")
    parser.add_argument("--longest-side", type=int, default=432, help="shrink larger pictures to this (432)")
    parser.add_argument("--skip-bad", action="store_true", help="leave bad pictures out")
    args = parser.parse_args()
    if args.longest_side < 32:
        parser.error("--longest-side: 32 or more")
    try:
        count, problems = import_data(
            args.layout, args.source, args.out, args.longest_side, skip_bad=args.skip_bad
        )
    except DataError as error:
        raise SystemExit(str(error)) from error
    if problems:
        print(f"left out: {describe(problems, count + len(problems))}")
    print(f"{count} pictures -> {args.out}")


if __name__ == "__main__":
    main()
