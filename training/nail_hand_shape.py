"""Learn how the nails of a hand lie to each other: `python -m training.nail_hand_shape DATA LABELS.csv`.

Writes calculators/nails/hand_shape.json, which the node `fingers` tells fingers by: for all five fingers, and
for other sets of fingers of which there are enough hands, the mean and the covariance of each nail's place,
turn and size; and how often each set of fingers was seen. Pictures of the validation split are left out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from calculators.nails.hand_shape import FEATURES, FILE, MIRROR, features
from calculators.nails.hands import places_and_sizes
from calculators.nails.maps import Numbers
from calculators.nails.nail import CLASSES, FINGERS
from training.data import DataError, read_split
from training.data_nails import NailLabel, read_instances, read_labels

SPLIT = Path("training/splits/nail_val.txt")

Fingers = tuple[int, ...]

ENOUGH = 100
"""Hands with the same fingers from which on these have a shape of their own."""

FARTHEST = 15.0
"""Hands are left out that have a feature this far from the median: two hands taken for one, mostly."""

EXAMPLES = """\
example:
  python -m training.nail_hand_shape ../shared/data/nails training/labels/nails.csv
"""


def picture_hands(instances: np.ndarray, labels: Mapping[int, NailLabel]) -> list[tuple[Fingers, Numbers]]:
    """The hands of one picture that have two nails or more whose fingers and directions are known.

    Args:
        instances: [h, w], 0 is background.
        labels: by the value in `instances`.

    Returns:
        Of each hand its fingers from thumb (0) to little finger (4), and their features [n, 4] as of a left
        hand. A hand that has a finger twice is two people's, and left out.
    """
    hands = []
    for hand in range(len(CLASSES) // len(FINGERS)):
        nails = sorted(
            (label.finger % len(FINGERS), nail)
            for nail, label in labels.items()
            if label.finger is not None and label.direction and label.finger // len(FINGERS) == hand
        )
        fingers = tuple(finger for finger, _ in nails)
        if len(fingers) < 2 or len(set(fingers)) < len(fingers):
            continue
        numbered = np.zeros_like(instances)
        for number, (_, nail) in enumerate(nails, start=1):
            numbered[instances == nail] = number
        directions = np.array([labels[nail].direction for _, nail in nails])
        angles = np.arctan2(directions[:, 1], directions[:, 0])
        found = features(*places_and_sizes(numbered, len(nails)), angles)
        hands.append((fingers, found * MIRROR if hand else found))
    return hands


def hand_table(hands: Iterable[tuple[Fingers, Numbers]]) -> dict[str, Any]:
    """What hand_shape.json holds, from the hands of `picture_hands`."""
    groups: dict[Fingers, list[Numbers]] = defaultdict(list)
    for fingers, found in hands:
        groups[fingers].append(found)
    shapes = []
    for fingers, some in sorted(groups.items()):
        if len(fingers) == len(FINGERS) or len(some) >= ENOUGH:
            nails = np.stack(some).reshape(len(some), -1)
            nails = nails[np.abs(nails - np.median(nails, axis=0)).max(axis=1) <= FARTHEST]
            shapes.append(
                {
                    "fingers": fingers,
                    "hands": len(nails),
                    "mean": nails.mean(axis=0).round(4).reshape(-1, len(FEATURES)).tolist(),
                    "covariance": np.cov(nails.T).round(4).tolist(),
                }
            )
    seen = [{"fingers": fingers, "hands": len(some)} for fingers, some in sorted(groups.items())]
    return {"features": FEATURES, "shapes": shapes, "seen": seen}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.nail_hand_shape",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder of the data set")
    parser.add_argument("labels", type=Path, help="fingers and directions, from training.nail_labels")
    parser.add_argument(
        "--split", type=Path, default=SPLIT, help="pictures to leave out (default: %(default)s)"
    )
    parser.add_argument("--output", type=Path, default=FILE, help="the file to write (default: %(default)s)")
    args = parser.parse_args(arguments)
    try:
        held_out = read_split(args.split)
        pictures: dict[str, dict[int, NailLabel]] = defaultdict(dict)
        for (picture, nail), label in read_labels(args.labels).items():
            if picture not in held_out:
                pictures[picture][nail] = label
        hands = [
            hand
            for picture, labels in track(sorted(pictures.items()), "hands", console=Console(stderr=True))
            for hand in picture_hands(read_instances(args.data, picture), labels)
        ]
        if sum(len(fingers) == len(FINGERS) for fingers, _ in hands) < 2:
            raise DataError(
                f"{args.labels}: fewer than two hands in {args.data} have all five nails labelled; "
                "label some hundred"
            )
        partial = args.output.with_name(f"{args.output.name}.partial")
        partial.write_text(dumps(hand_table(hands)), encoding="utf-8")
        partial.replace(args.output)
    except (DataError, OSError) as error:
        parser.exit(1, f"error: {error}\n")
    print(f"{args.output}: {len(hands)} hands")


def dumps(table: Mapping[str, Any]) -> str:
    """As JSON, a line for each row of numbers."""
    text = json.dumps(table, indent=1)
    return re.sub(r"\[[^][]*\]", lambda match: " ".join(match[0].split()), text) + "\n"


if __name__ == "__main__":
    main()
