"""Find everything that is wrong with a data set: `python -m training.data_check DATA_DIR`.

All problems are found in one go, so that a folder is mended once. A program that is to work with a folder
calls `usable_examples`, which refuses a folder with problems or leaves the bad pictures out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from training.data import (
    DataError,
    Example,
    find_picture,
    mask_file,
    picture_files,
    read_image,
    read_index,
)

NAMES_SHOWN = 10


class Kind(Enum):
    """What can be wrong with a picture or its mask; the value is how a report says it."""

    UNLISTED = "listed in index.csv, but in neither images/ nor masks/ (a name goes without its suffix)"
    TWICE = "listed in index.csv more than once"
    NO_MASK = "pictures without a mask (masks/NAME.png)"
    NO_PICTURE = "masks without a picture (images/NAME.jpg, .jpeg or .png)"
    SEVERAL = "names with more than one picture"
    UNREADABLE_PICTURE = "unreadable pictures"
    UNREADABLE_MASK = "unreadable masks"
    SIZES = "masks of another size than their picture"
    GREY = "masks with values other than 0 and 255 (grey: threshold them at 128, or pass --skip-bad)"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one picture or its truth.

    Attributes:
        kind: a `Kind`, or that of another sort of data set: its value says what. What is there `TWICE` can be
            used.
        name: of the picture.
        detail: what is special about this one.
    """

    kind: Enum
    name: str
    detail: str = ""


class BadData(DataError):
    """A folder has problems; they are in `problems`, and the message names them by kind."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        super().__init__(f"{root}: {describe(problems)}")
        self.problems = problems


def find_problems(
    root: Path,
    names: Iterable[str] | None = None,
    progress: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> list[Problem]:
    """Look at every picture and mask of a folder, or at those of `names` only.

    Complete pairs that `index.csv` does not list are no problem: they are not in the set. `progress` iterates
    over the names in its turn, and may show how far it has come.

    Raises:
        DataError: if there is nothing to look at, or `index.csv` cannot be read at all.
    """
    listed = Counter(example.name for example in read_index(root))
    pictures = Counter(path.stem for path in picture_files(root))
    masks = {path.stem for path in root.glob("masks/*.png") if not path.name.startswith(".")}
    everything = listed.keys() | pictures.keys() | masks
    problems = []
    for name in progress(sorted(everything if names is None else everything & set(names))):
        problems += _problems_of(root, name, listed[name], pictures[name], name in masks)
    return problems


def _problems_of(root: Path, name: str, listed: int, pictures: int, has_mask: bool) -> list[Problem]:
    problems = []
    if listed > 1:
        problems.append(Problem(Kind.TWICE, name))
    if pictures > 1:
        problems.append(Problem(Kind.SEVERAL, name))
    if pictures and has_mask:
        return problems + (_problems_inside(root, name) if listed else [])
    if pictures:
        return [*problems, Problem(Kind.NO_MASK, name)]
    return [*problems, Problem(Kind.NO_PICTURE if has_mask else Kind.UNLISTED, name)]


def _problems_inside(root: Path, name: str) -> list[Problem]:
    problems, sizes = [], []
    for path, flags, kind in (
        (find_picture(root, name), cv2.IMREAD_COLOR, Kind.UNREADABLE_PICTURE),
        (mask_file(root, name), cv2.IMREAD_GRAYSCALE, Kind.UNREADABLE_MASK),
    ):
        try:
            image = read_image(path, flags)
        except DataError:
            problems.append(Problem(kind, name))
        else:
            sizes.append(f"{image.shape[1]}x{image.shape[0]}")
            if kind is Kind.UNREADABLE_MASK and (grey := describe_grey(image)):
                problems.append(Problem(Kind.GREY, name, grey))
    if len(set(sizes)) == 2:
        problems.append(Problem(Kind.SIZES, name, f"{sizes[1]}, its picture {sizes[0]}"))
    return problems


def describe_grey(mask: np.ndarray) -> str:
    """How many pixels of a mask are neither 0 nor 255, and which values are the most frequent; "" if none."""
    counts = np.bincount(mask.ravel(), minlength=256)[1:255]
    odd = int(counts.sum())
    if not odd:
        return ""
    values = ", ".join(str(1 + value) for value in np.argsort(-counts, kind="stable")[:3] if counts[value])
    return f"{odd} pixels, {odd / mask.size:.2%}: {values}"


def describe(problems: list[Problem]) -> str:
    """Problems counted by kind and named, about ten names a kind."""
    lines = [f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}"]
    for kind in dict.fromkeys(kind for problem in problems for kind in type(problem.kind)):
        found = [p for p in problems if p.kind is kind]
        if not found:
            continue
        shown = [f"{p.name} ({p.detail})" if p.detail else p.name for p in found[:NAMES_SHOWN]]
        more = len(found) - len(shown)
        lines.append(f"  {kind.value}: {len(found)}")
        lines.append(f"    {', '.join(shown)}{f' and {more} more' if more else ''}")
    return "\n".join(lines)


def usable_examples(
    root: Path,
    names: Iterable[str] | None = None,
    *,
    skip_bad: bool = False,
    find: Callable[[Path, set[str] | None], list[Problem]] = find_problems,
    index: Callable[[Path], list[Example]] = read_index,
) -> tuple[list[Example], list[Problem]]:
    """The examples of a data set, or those of `names`, that can be used, and what is wrong with the others.

    With `skip_bad` the bad ones are left out, and what is listed twice counts once. `find` looks for problems
    in data sets of another sort, and `index` lists what they hold.

    Raises:
        BadData: if there is a problem and `skip_bad` is false.
        DataError: if the folder cannot be read, or if nothing usable is left.
    """
    wanted = None if names is None else set(names)
    problems = find(root, wanted)
    if problems and not skip_bad:
        raise BadData(root, problems)
    bad = {problem.name for problem in problems if problem.kind.name != Kind.TWICE.name}
    good = (e for e in index(root) if e.name not in bad)
    examples = {e.name: e for e in good if wanted is None or e.name in wanted}
    if not examples:
        raise DataError(f"{root}: no usable picture" + (f"; {describe(problems)}" if problems else ""))
    return list(examples.values()), problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with images/, masks/ and, if wanted, index.csv")
    args = parser.parse_args()
    bar = partial(track, description="checking", console=Console(stderr=True), transient=True)
    try:
        problems = find_problems(args.data, progress=bar)
        count = len(read_index(args.data))
    except DataError as error:
        raise SystemExit(str(error)) from error
    if problems:
        raise SystemExit(str(BadData(args.data, problems)))
    print(f"{args.data}: {count} pictures, no problem")


if __name__ == "__main__":
    main()
