"""Name the fingers of nails and find where they point: `python -m training.nail_labels DATA_DIR OUT.csv`.

MediaPipe's hand landmarks tell (the extra `mediapipe`). What is in doubt stays unknown, the finger and the
direction each for itself. Beside the table a text of the same name (.md) counts what was kept and dropped.
What was found in the pictures is kept in `--cache`, so that a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from calculators.nails.nail import CLASSES
from training.data import DataError, find_picture, read_image
from training.nail_labels_hands import Hand, HandFinder
from training.nail_labels_match import Verdict, judge, merge
from training.nail_labels_shape import NailShape, nail_shapes
from training.nail_labels_sheet import draw_tile, join_tiles

SEED = 5
SHEET_TILES = 20
BY_EYE = "## Counted by eye"
CACHE = Path("runs/nail_labels_hands.jsonl")


def read_names(root: Path) -> list[str]:
    """The pictures of `root/index.csv` with nails."""
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


def write_labels(path: Path, verdicts: Mapping[tuple[str, int], Verdict]) -> None:
    """Write what is known of each nail, by picture and value in the instance picture."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("picture", "nail", "finger", "dx", "dy"))
        for (picture, nail), verdict in sorted(verdicts.items()):
            finger = -1 if verdict.finger is None else verdict.finger
            x, y = (f"{v:.3f}" for v in verdict.direction) if verdict.direction else ("", "")
            rows.writerow((picture, nail, finger, x, y))


def report(verdicts: Mapping[tuple[str, int], Verdict]) -> str:
    """What was kept and dropped, as Markdown."""
    nails, pictures = len(verdicts), len({picture for picture, _ in verdicts})
    fingers = Counter(CLASSES[v.finger] for v in verdicts.values() if v.finger is not None)
    lines = [
        "# Labels of the nails",
        "",
        f"{nails} nails of {pictures} pictures: fingers and directions by hand landmarks, made",
        "by `python -m training.nail_labels`; the finger and the direction are known each for itself.",
        "",
    ]
    for what, doubts in (
        ("Finger", Counter(v.finger_doubt for v in verdicts.values())),
        ("Direction", Counter(v.direction_doubt for v in verdicts.values())),
    ):
        lines += [f"| {what} | nails | share |", "|---|---:|---:|"]
        lines += [f"| {doubt or '**known**'} | {n} | {n / nails:.1%} |" for doubt, n in doubts.most_common()]
        lines.append("")
    lines += ["| Known finger | left | right |", "|---|---:|---:|"]
    for left, right in zip(CLASSES[:5], CLASSES[5:], strict=True):
        lines.append(f"| {left.removeprefix('left_')} | {fingers[left]} | {fingers[right]} |")
    return "\n".join(lines) + "\n"


def write_report(path: Path, text: str) -> None:
    """Write the counts; what stands in the file from the heading `BY_EYE` on, stays."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    start = old.find(BY_EYE)
    path.write_text(text + ("\n" + old[start:] if start >= 0 else ""), encoding="utf-8")


def write_sheet(path: Path, root: Path, names: Sequence[str], hands: Mapping[str, list[Hand]]) -> None:
    """Draw labelled pictures to look at."""
    tiles = []
    for name in names:
        image = cv2.cvtColor(read_image(find_picture(root, name), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        shapes = read_shapes(root, name)
        tiles.append(draw_tile(image, name, shapes, judge(shapes, merge(hands[name]))))
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(join_tiles(tiles), cv2.COLOR_RGB2BGR))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with images/, instances/ and index.csv")
    parser.add_argument("out", type=Path, help="table to write")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"hands found so far (default: {CACHE})")
    parser.add_argument("--sheet", type=Path, help="draw a contact sheet (PNG) of pictures with hands")
    parser.add_argument("--seed", type=int, default=0, help="which pictures the sheet shows (default: 0)")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    try:
        names = read_names(args.data)
        for done, _ in enumerate(find_hands(args.data, names, args.cache), 1):
            if done % 100 == 0:
                print(f"hands of {done} more pictures", flush=True)
        hands = read_cache(args.cache)
        verdicts = {}
        for name in names:
            shapes = read_shapes(args.data, name)
            for shape, verdict in zip(shapes, judge(shapes, merge(hands[name])), strict=True):
                verdicts[name, shape.value] = verdict
    except DataError as error:
        raise SystemExit(str(error)) from error
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_labels(args.out, verdicts)
    text = report(verdicts)
    write_report(args.out.with_suffix(".md"), text)
    print(text)
    if args.sheet:
        shown = [name for name in names if merge(hands[name])]
        chosen = np.random.default_rng(args.seed).permutation(len(shown))[:SHEET_TILES]
        write_sheet(args.sheet, args.data, [shown[i] for i in chosen], hands)


if __name__ == "__main__":
    main()
