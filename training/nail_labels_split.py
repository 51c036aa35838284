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
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from training.data import DataError, read_index, read_split, write_file
from training.data_nails import read_nails
from training.split import MAX_HASH_DISTANCE, perceptual_hash

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

SIDE = 256
POINTS = 120
NEIGHBOURS = 4
MAX_POINT_DISTANCE = 250.0
MIN_VOTES = 4
MIN_INLIERS = 5
SEARCH_CHECKS = 32
FILM = re.compile(r"(frames_\d+_|video_[\d-]+_[\d-]+_|IMG_\d{8}_)")
AUGMENTED = ("augmented_", "Healthy-")
"""How the source names of augmented copies begin, and of the pictures that most were made from."""

Points = tuple[np.ndarray, np.ndarray]
"""Places, float32 [n, 2], and descriptors, float32 [n, 128]."""


def source(name: str) -> str:
    """What pictures of one source share in their names: the film, or the file's name before its export."""
    base = name.split(".rf.")[0]
    film = FILM.match(base)
    return film[1] if film else base


def turned_hashes(image: np.ndarray) -> list[int]:
    """Perceptual hashes of an RGB picture, as it is first, then turned by right angles and flipped."""
    small = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA)
    sides = (small, np.ascontiguousarray(small[:, ::-1]))
    return [perceptual_hash(np.ascontiguousarray(np.rot90(side, k))) for side in sides for k in range(4)]


def points(image: np.ndarray) -> Points:
    """The strongest SIFT points of an RGB picture."""
    scale = SIDE / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    found, descriptors = cv2.SIFT_create(POINTS).detectAndCompute(grey, None)
    if descriptors is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    return np.float32([point.pt for point in found]), descriptors


def same_hash(hashes: Sequence[Sequence[int]]) -> Iterable[tuple[int, int]]:
    """Pairs of pictures one of which is nearly the other, perhaps turned by right angles or flipped."""
    upright = np.array([turned[0] for turned in hashes], np.uint64)
    for i, turned in enumerate(hashes):
        for one in turned:
            distances = np.unpackbits((upright[:i] ^ np.uint64(one)).view(np.uint8).reshape(-1, 8), axis=1)
            yield from ((i, int(j)) for j in np.flatnonzero(distances.sum(1) <= MAX_HASH_DISTANCE))


def same_scene(pictures: Sequence[Points]) -> Iterable[tuple[int, int]]:
    """Pairs of pictures with enough points that one similarity carries from one to the other."""
    owner = np.repeat(np.arange(len(pictures)), [len(places) for places, _ in pictures])
    places = np.concatenate([places for places, _ in pictures])
    descriptors = np.concatenate([descriptors for _, descriptors in pictures])
    if len(descriptors) <= NEIGHBOURS:
        return
    cv2.setRNGSeed(SEED)
    index = cv2.flann.Index(descriptors, {"algorithm": 1, "trees": 4, "random_seed": SEED})
    neighbours, distances = index.knnSearch(descriptors, NEIGHBOURS + 1, params={"checks": SEARCH_CHECKS})
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for point, near in zip(*np.nonzero(distances < MAX_POINT_DISTANCE**2), strict=True):
        other = neighbours[point, near]
        if owner[other] < owner[point]:
            pairs[int(owner[point]), int(owner[other])].append((point, other))
    for pair, matches in pairs.items():
        if len(matches) < MIN_VOTES:
            continue
        here, there = np.array(matches).T
        _, inliers = cv2.estimateAffinePartial2D(places[here], places[there], ransacReprojThreshold=4.0)
        if inliers is not None and len(np.unique(here[inliers[:, 0] > 0])) >= MIN_INLIERS:
            yield pair


def join(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The numbers below `count` in groups: joined by pairs, transitively."""
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for one, other in pairs:
        parent[root(one)] = root(other)
    members = defaultdict(list)
    for i in range(count):
        members[root(i)].append(i)
    return list(members.values())


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
