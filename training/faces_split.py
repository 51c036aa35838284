"""Make the validation split of the faces: `python -m training.faces_split DATA_DIR OUT.txt`.

Pictures of one source are one group, and a group is on one side: faces of one photograph (names that differ
in a last number of one or two figures), near-duplicates (perceptual hashes within a few bits, flipped too),
and pictures that show the same thing moved and scaled (SIFT points that one similarity carries over). Of
every set in `index.csv` about the same part is held out. Persons cannot be told apart.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
from rich.console import Console
from rich.progress import track

from calculators.face.landmark_layout import IBUG_68
from training.data import DataError, write_file
from training.data_landmarks import list_faces, read_face
from training.picture_groups import join, points, same_hash, same_scene, turned_hashes
from training.split import FRACTION, hold_out

EXAMPLES = """\
examples:
  python -m training.faces_split DATA training/splits/mine_val.txt
  python -m training.faces_split ../shared/data/faces training/splits/faces_val.txt
"""
FACE = re.compile(r"_\d{1,2}$")
"""What names of faces of one photograph differ in."""


def same_photograph(names: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Pairs of pictures out of one photograph, as far as names tell."""
    first: dict[str, int] = {}
    return [(i, first.setdefault(FACE.sub("", name), i)) for i, name in enumerate(names)]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.faces_split",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder of pictures with .pts, and index.csv if wanted")
    parser.add_argument("out", type=Path, help="file of names to write")
    args = parser.parse_args()
    # Known before the work, not after it.
    if args.out.is_dir():
        parser.error(f"{args.out} is a folder; name a file")
    cv2.setNumThreads(1)
    try:
        examples = list_faces(args.data)
        hashes, scenes = [], []
        for example in track(examples, "pictures", console=Console(stderr=True), transient=True):
            image = read_face(args.data, example.name, IBUG_68).image
            hashes.append(turned_hashes(image))
            scenes.append(points(image))
        names = [example.name for example in examples]
        groups = join(len(names), [*same_photograph(names), *same_hash(hashes), *same_scene(scenes)])
        chosen = hold_out(examples, groups)
        header = (
            f"# Validation faces, {FRACTION:.0%} of each set: whole groups of one source (photograph,\n"
            "# perceptual hash, SIFT points). Persons cannot be told apart.\n"
            "# Made by training/faces_split.py.\n"
        )
        write_file(args.out, (header + "".join(f"{name}\n" for name in chosen)).encode())
    except (DataError, OSError) as error:
        raise SystemExit(str(error)) from error
    sizes = sorted(Counter(map(len, groups)).items())
    print(f"{len(chosen)} of {len(names)} pictures -> {args.out}; groups by size: {sizes}")


if __name__ == "__main__":
    main()
