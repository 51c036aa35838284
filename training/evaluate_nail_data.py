"""What is wrong with a folder of pictures whose nails are known (see `training.data_nails`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from training.data import DataError, Example, picture_files, read_index
from training.data_nails import read_nails

NAMES_SHOWN = 10


class Kind(Enum):
    """What can be wrong with a picture or its instances; the value is how a report says it."""

    UNLISTED = "listed in index.csv, but in neither images/ nor instances/ (a name goes without its suffix)"
    TWICE = "listed in index.csv more than once"
    NO_INSTANCES = "pictures without instances (instances/NAME.png)"
    NO_PICTURE = "instances without a picture (images/NAME.jpg, .jpeg or .png)"
    SEVERAL = "names with more than one picture"
    UNUSABLE = "pictures or instances that cannot be used"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one picture or its instances."""

    kind: Kind
    name: str
    detail: str = ""


def describe(problems: list[Problem]) -> str:
    """Problems counted by kind and named, about ten names a kind."""
    lines = [f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}"]
    for kind in Kind:
        found = [problem.detail or problem.name for problem in problems if problem.kind is kind]
        if found:
            more = f" and {len(found) - NAMES_SHOWN} more" if len(found) > NAMES_SHOWN else ""
            lines += [f"  {kind.value}: {len(found)}", f"    {'; '.join(found[:NAMES_SHOWN])}{more}"]
    return "\n".join(lines)


def find_problems(root: Path, names: set[str] | None = None) -> list[Problem]:
    """Look at every picture and its instances, or at those of `names` only.

    Complete pairs that `index.csv` does not list are no problem: they are not in the set.

    Raises:
        DataError: there is nothing to look at, or `index.csv` cannot be read at all.
    """
    for folder in ("images", "instances"):
        if not (root / folder).is_dir():
            raise DataError(
                f"{root}: no folder {folder}/; a data set is a folder with images/ (.jpg, .jpeg or .png), "
                "instances/ (.png of the same names: 0 = background, 1..n = one nail each) and, if wanted, "
                "index.csv (name, set, tag)"
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


def usable_examples(
    root: Path, names: Iterable[str] | None = None, *, skip_bad: bool = False
) -> tuple[list[Example], list[Problem]]:
    """The examples of a folder, or those of `names`, that can be used, and what is wrong with the others.

    With `skip_bad` the bad ones are left out, and what is listed twice counts once.

    Raises:
        DataError: there is a problem and `skip_bad` is false: lists all; the folder cannot be read; or
            nothing usable is left.
    """
    wanted = None if names is None else set(names)
    problems = find_problems(root, wanted)
    if problems and not skip_bad:
        raise DataError(f"{root}: {describe(problems)}\n--skip-bad goes on without")
    bad = {problem.name for problem in problems if problem.kind is not Kind.TWICE}
    good = (e for e in read_index(root) if e.name not in bad)
    examples = {e.name: e for e in good if wanted is None or e.name in wanted}
    if not examples:
        raise DataError(f"{root}: no usable picture" + (f"; {describe(problems)}" if problems else ""))
    return list(examples.values()), problems
