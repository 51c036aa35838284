"""What is wrong with a folder of pictures whose nails are known (see `training.data_nails`)."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from pathlib import Path

from training.data import DataError, picture_files, read_index
from training.data_check import Problem
from training.data_nails import read_nails


class Kind(Enum):
    """What can be wrong with a picture or its instances; the value is how a report says it."""

    UNLISTED = "listed in index.csv, but in neither images/ nor instances/ (a name goes without its suffix)"
    TWICE = "listed in index.csv more than once"
    NO_INSTANCES = "pictures without instances (instances/NAME.png)"
    NO_PICTURE = "instances without a picture (images/NAME.jpg, .jpeg or .png)"
    SEVERAL = "names with more than one picture"
    UNUSABLE = "pictures or instances that cannot be used"


def find_problems(root: Path, names: set[str] | None = None) -> list[Problem]:
    """Look at every picture and its instances, or at those of `names` only.

    Complete pairs that `index.csv` does not list are no problem: they are not in the set.

    Raises:
        DataError: there is nothing to look at, or `index.csv` cannot be read at all.
    """
    for folder in ("images", "instances"):
        if not any(root.glob(f"{folder}/*")):
            raise DataError(
                f"{root}: no pictures in {folder}/; a data set is a folder with images/ (.jpg, .jpeg or "
                ".png), instances/ (.png of the same names: 0 = background, 1..n = one nail each) and, if "
                "wanted, index.csv (name, set, tag)"
            )
    listed = Counter(example.name for example in read_index(root))
    pictures = Counter(path.stem for path in picture_files(root))
    instances = {path.stem for path in root.glob("instances/*.png") if not path.name.startswith(".")}
    everything = listed.keys() | pictures.keys() | instances
    problems = []
    for name in sorted(everything if names is None else everything & names):
        if listed[name] > 1:
            problems.append(Problem(Kind.TWICE, name))
        if pictures[name] > 1:
            problems.append(Problem(Kind.SEVERAL, name))
        if not pictures[name]:
            problems.append(Problem(Kind.NO_PICTURE if name in instances else Kind.UNLISTED, name))
        elif name not in instances:
            problems.append(Problem(Kind.NO_INSTANCES, name))
        elif listed[name]:
            try:
                read_nails(root, name)
            except DataError as error:
                problems.append(Problem(Kind.UNUSABLE, name, str(error)))
    return problems
