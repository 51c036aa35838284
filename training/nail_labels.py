"""Name the fingers of nails and find where they point: `python -m training.nail_labels DATA_DIR OUT.csv`.

MediaPipe's hand landmarks tell (the extra `mediapipe`). What is in doubt stays unknown, the finger and the
direction each for itself. Beside the table a text of the same name (.md) counts what was kept and dropped.
The hands that were found are kept in `--cache`, so that a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from calculators.nails.nail import CLASSES
from training.data import DataError, find_picture, read_image, read_index, write_file, write_image
from training.data_nails import COLUMNS, read_instances
from training.nail_labels_hands import Hand, HandFinder
from training.nail_labels_match import Verdict, judge, merge
from training.nail_labels_shape import NailShape, nail_shapes
from training.nail_labels_sheet import draw_tile, join_tiles

EXAMPLES = """\
examples:
  python -m training.nail_labels DATA training/labels/mine.csv
  python -m training.nail_labels DATA training/labels/mine.csv --sheet out/mine_labels.png --seed 1
"""
SEED = 5
SHEET_TILES = 20
SHEET_SUFFIXES = (".png", ".jpg")
BY_EYE = "## Counted by eye"

Progress = Callable[[Sequence[str]], Iterable[str]]
"""Iterates over names in its turn, and may show how far it has come."""


def read_shapes(root: Path, progress: Progress = iter) -> dict[str, list[NailShape]]:
    """The nails of every picture that has some.

    Raises:
        DataError: a picture's instances cannot be read, or there are no nails at all.
    """
    names = progress([example.name for example in read_index(root)])
    shapes = {name: nail_shapes(read_instances(root, name)) for name in names}
    if not any(shapes.values()):
        raise DataError(f"{root}: no nails in these pictures")
    return {name: nails for name, nails in shapes.items() if nails}


def read_picture(root: Path, name: str) -> np.ndarray:
    """A picture, RGB uint8 [H, W, 3]."""
    return cv2.cvtColor(read_image(find_picture(root, name), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def read_cache(path: Path) -> dict[str, list[Hand]]:
    """The hands found so far, by picture.

    Raises:
        DataError: the file is not one that `find_hands` writes.
    """
    if not path.is_file():
        return {}
    try:
        entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {
            entry["picture"]: [
                Hand(np.array(hand["points"]), hand["right"], hand["mirrored"]) for hand in entry["hands"]
            ]
            for entry in entries
        }
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: not the hands of an earlier run ({error}); delete it") from error


def find_hands(
    root: Path, shapes: Mapping[str, list[NailShape]], cache: Path, progress: Progress = iter
) -> None:
    """Look for hands in the pictures that `cache` lacks, and add them there."""
    known, names = read_cache(cache), list(shapes)
    left = [names[i] for i in np.random.default_rng(SEED).permutation(len(names)) if names[i] not in known]
    if not left:
        return
    finder = HandFinder()
    cache.parent.mkdir(parents=True, exist_ok=True)
    with cache.open("a", encoding="utf-8") as file:
        for name in progress(left):
            hands = [
                {"right": hand.right, "mirrored": hand.mirrored, "points": hand.points.round(1).tolist()}
                for hand in finder.find(read_picture(root, name), shapes[name])
            ]
            file.write(json.dumps({"picture": name, "hands": hands}) + "\n")
            file.flush()


def write_labels(path: Path, verdicts: Mapping[tuple[str, int], Verdict]) -> None:
    """Write what is known of each nail, by picture and value in the instance picture."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    for (picture, nail), verdict in sorted(verdicts.items()):
        finger = -1 if verdict.finger is None else verdict.finger
        x, y = (f"{v:.3f}" for v in verdict.direction) if verdict.direction else ("", "")
        rows.writerow((picture, nail, finger, x, y))
    write_file(path, table.getvalue().encode())


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
    write_file(path, (text + ("\n" + old[start:] if start >= 0 else "")).encode())


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.nail_labels",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder with images/, instances/ and, if wanted, index.csv")
    parser.add_argument("out", type=Path, help="table to write, .csv")
    parser.add_argument(
        "--cache", type=Path, metavar="FILE", help="hands found so far (default: runs/OUT_hands.jsonl)"
    )
    parser.add_argument(
        "--sheet", type=Path, metavar="FILE", help="draw a contact sheet (.png, .jpg) of pictures with hands"
    )
    parser.add_argument("--seed", type=int, default=0, help="which pictures the sheet shows (default: 0)")
    args = parser.parse_args()
    # Known before the work, not after it.
    if args.out.suffix != ".csv" or args.out.is_dir():
        parser.error(f"{args.out}: name a file, .csv")
    if args.sheet and (args.sheet.suffix not in SHEET_SUFFIXES or args.sheet.is_dir()):
        parser.error(f"{args.sheet}: a sheet is a file, {' or '.join(SHEET_SUFFIXES)}")
    cache = args.cache or Path("runs") / f"{args.out.stem}_hands.jsonl"
    bar = partial(track, console=Console(stderr=True), transient=True)
    cv2.setNumThreads(1)
    try:
        shapes = read_shapes(args.data, partial(bar, description="nails"))
        find_hands(args.data, shapes, cache, partial(bar, description="hands"))
        hands = {name: merge(found) for name, found in read_cache(cache).items() if name in shapes}
        known = {name: judge(nails, hands[name]) for name, nails in shapes.items()}
        verdicts = {
            (name, nail.value): verdict
            for name, nails in shapes.items()
            for nail, verdict in zip(nails, known[name], strict=True)
        }
        write_labels(args.out, verdicts)
        text = report(verdicts)
        write_report(args.out.with_suffix(".md"), text)
        print(text)
        if args.sheet:
            shown = [name for name in shapes if hands[name]]
            chosen = np.random.default_rng(args.seed).permutation(len(shown))[:SHEET_TILES]
            tiles = [
                draw_tile(read_picture(args.data, name), name, shapes[name], known[name])
                for name in (shown[i] for i in chosen)
            ]
            write_image(args.sheet, cv2.cvtColor(join_tiles(tiles), cv2.COLOR_RGB2BGR))
    except (DataError, OSError) as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
