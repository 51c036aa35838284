"""Make the validation split of the nails: `python -m training.nail_labels_split DATA_DIR OUT.txt`.

Pictures of one source are one group, and a group is on one side. One source are pictures whose source names
are the same (`index.csv`, column `source_name`, else the picture's own name; without the exporter's hash) or
of one film, near-duplicates (perceptual hashes within a few bits, turned by right angles and flipped too),
and pictures that show the same thing turned, moved and scaled (SIFT points that one similarity carries over).
A source that has augmented copies stays out of the validation, which so holds only originals. Persons cannot
be told apart.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from training.data import DataError, read_index, read_split, write_file
from training.data_nails import read_nails
from training.picture_groups import join, points, same_hash, same_scene, turned_hashes

EXAMPLES = """\
examples:
  python -m training.nail_labels_split DATA training/splits/mine_val.txt
  python -m training.nail_labels_split ../shared/data/nails training/splits/nail_val.txt \\
      --left-out training/splits/nail_left_out.txt
"""
SEED = 5
WITH_NAILS, WITHOUT_NAILS = 288, 12
"""Most pictures of the validation that have nails, or have none."""

MOST = 0.15
"""Share of the pictures of either kind that it takes of a small data set."""

LARGEST_GROUP = 8
"""Of the validation, so that no film outweighs the rest."""

FILM = re.compile(r"(frames_\d+_|video_[\d-]+_[\d-]+_|IMG_\d{8}_)")
AUGMENTED = ("augmented_", "Healthy-")
"""How the source names of augmented copies begin, and of the pictures that most were made from."""


def source(name: str) -> str:
    """What pictures of one source share in their names: the film, or the file's name before its export."""
    base = name.split(".rf.")[0]
    film = FILM.match(base)
    return film[1] if film else base


def same_source(names: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Pairs of pictures of one source, as far as names tell."""
    first: dict[str, int] = {}
    return [(i, first.setdefault(source(name), i)) for i, name in enumerate(names)]


def choose(groups: Sequence[Sequence[int]], allowed: Sequence[bool], wanted: int) -> list[int]:
    """Whole groups at random, the same ones every time, up to `wanted` members: small ones, all allowed."""
    taken: list[int] = []
    for k in np.random.default_rng(SEED).permutation(len(groups)):
        if len(groups[k]) > LARGEST_GROUP or not all(allowed[i] for i in groups[k]):
            continue
        if len(taken) + len(groups[k]) <= wanted:
            taken += groups[k]
    return taken


def read_sources(root: Path) -> dict[str, str]:
    """Where each picture of a data set comes from, by its name: the source's name, or else its own.

    Raises:
        DataError: the folder cannot be read.
    """
    names = [example.name for example in read_index(root)]
    path = root / "index.csv"
    if not path.is_file():
        return {name: name for name in names}
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    return {row["name"]: row.get("source_name") or row["name"] for row in rows}


def hold_out(
    sources: Mapping[str, str],
    nails: Sequence[bool],
    groups: Sequence[Sequence[int]],
    left_out: Collection[str] = (),
) -> list[int]:
    """The numbers of the pictures to validate with, in their order.

    Args:
        sources: where the pictures come from, by their names.
        nails: whether they have nails.
        groups: of pictures that belong together.
        left_out: names of pictures not to validate with.
    """
    original = [has and not s.startswith(AUGMENTED) for s, has in zip(sources.values(), nails, strict=True)]
    clean = [not has and name not in left_out for name, has in zip(sources, nails, strict=True)]
    most = {has: round(MOST * nails.count(has)) for has in (True, False)}
    chosen = choose(groups, original, min(WITH_NAILS, most[True]))
    return sorted(chosen + choose(groups, clean, min(WITHOUT_NAILS, most[False])))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.nail_labels_split",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder with images/, instances/ and, if wanted, index.csv")
    parser.add_argument("out", type=Path, help="file of names to write")
    parser.add_argument(
        "--left-out", type=Path, help="file with names of pictures whose nails are not marked"
    )
    args = parser.parse_args()
    # Known before the work, not after it.
    if args.out.is_dir():
        parser.error(f"{args.out} is a folder; name a file")
    cv2.setNumThreads(1)
    try:
        sources = read_sources(args.data)
        left_out = read_split(args.left_out) if args.left_out else set()
        hashes, scenes, nails = [], [], []
        for name in track(list(sources), "pictures", console=Console(stderr=True), transient=True):
            image, instances = read_nails(args.data, name)
            hashes.append(turned_hashes(image))
            scenes.append(points(image))
            nails.append(bool(instances.any()))
        groups = join(
            len(sources), [*same_source(list(sources.values())), *same_hash(hashes), *same_scene(scenes)]
        )
        chosen = hold_out(sources, nails, groups, left_out)
        names = list(sources)
        empty = sum(not nails[i] for i in chosen)
        header = (
            f"# Validation pictures, {empty} of them without nails: whole groups of one source (name,\n"
            "# film, perceptual hash, SIFT points), no augmented copies. Persons cannot be told apart.\n"
            "# Made by training/nail_labels_split.py.\n"
        )
        write_file(args.out, (header + "".join(f"{names[i]}\n" for i in chosen)).encode())
    except (DataError, OSError) as error:
        raise SystemExit(str(error)) from error
    sizes = sorted(Counter(map(len, groups)).items())
    print(f"{len(chosen)} of {len(sources)} pictures -> {args.out}; groups by size: {sizes}")


if __name__ == "__main__":
    main()
