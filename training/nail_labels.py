"""Name the fingers of nails and find where they point: `python -m training.nail_labels DATA_DIR OUT.csv`.

MediaPipe's hand landmarks tell (the extra `mediapipe`). What is in doubt stays unknown, the finger and the
direction each for itself. Beside the table a text of the same name (.md) counts what was kept and dropped.
What was found in the pictures is kept in `--cache`, so that a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from training.data import DataError, find_picture, read_image
from training.nail_labels_hands import Hand, HandFinder
from training.nail_labels_shape import NailShape, nail_shapes

SEED = 5
CACHE = Path("runs/nail_labels_hands.jsonl")


def read_names(root: Path) -> list[str]:
    """The pictures of `root/index.csv` that have nails."""
    with (root / "index.csv").open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file) if row["nails"] != "0"]


def read_shapes(root: Path, name: str) -> list[NailShape]:
    """The nails of a picture."""
    return nail_shapes(read_image(root / "instances" / f"{name}.png", cv2.IMREAD_GRAYSCALE))


def read_cache(path: Path) -> dict[str, list[Hand]]:
    """The hands found so far, by picture."""
    if not path.is_file():
        return {}
    entries = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {
        entry["picture"]: [
            Hand(np.array(hand["points"]), hand["right"], hand["mirrored"]) for hand in entry["hands"]
        ]
        for entry in entries
    }


def find_hands(root: Path, names: list[str], cache: Path) -> Iterator[str]:
    """Look for hands in the pictures that `cache` lacks, and add them there; says each that is done."""
    known = read_cache(cache)
    left = [names[i] for i in np.random.default_rng(SEED).permutation(len(names)) if names[i] not in known]
    if not left:
        return
    finder = HandFinder()
    cache.parent.mkdir(parents=True, exist_ok=True)
    with cache.open("a", encoding="utf-8") as file:
        for name in left:
            image = cv2.cvtColor(read_image(find_picture(root, name), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
            hands = [
                {"right": hand.right, "mirrored": hand.mirrored, "points": hand.points.round(1).tolist()}
                for hand in finder.find(image, read_shapes(root, name))
            ]
            file.write(json.dumps({"picture": name, "hands": hands}) + "\n")
            file.flush()
            yield name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with images/, instances/ and index.csv")
    parser.add_argument("out", type=Path, help="table to write")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"hands found so far (default: {CACHE})")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    try:
        names = read_names(args.data)
        for done, _ in enumerate(find_hands(args.data, names, args.cache), 1):
            if done % 100 == 0:
                print(f"hands of {done} more pictures", flush=True)
    except DataError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
