"""Write a data set that a teacher has labelled: `python -m training.distill hair_teacher runs/distilled`.

The teacher (the best weights of a finished `training.fit` run) sees every picture, plain and mirrored.
Pictures with a true mask get the mean of truth and teacher, so that the small network also learns what the
teacher found doubtful (Hinton et al., "Distilling the Knowledge in a Neural Network", arXiv:1503.02531);
pictures without one (--pictures) and frames of clips (--clips) get the teacher's mask alone. Validation
pictures keep the truth. A configuration reads the folder like any other: `data = "runs/distilled"`.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from calculators.video.reader import VideoReader
from models.weights import WeightsError, load_by_name
from training.config import ConfigError, find_config
from training.data import SUFFIXES, DataError, read_image, read_index, read_pair, read_split
from training.fit import load_task
from training.metrics import resize
from tryon.errors import GraphError

LONGEST_SIDE = 432
TRUST = 0.5
"""The teacher's share where the truth is known."""

DOUBT = 0.06
"""Less than this is none, more than 1 minus this is 1: a veil over the whole picture teaches nothing."""

Predict = Callable[[np.ndarray], np.ndarray]
Labelled = tuple[str, str, str, np.ndarray, np.ndarray | None]

EXAMPLES = """\
examples:
  python -m training.fit hair_teacher
  python -m training.distill hair_teacher runs/distilled
  python -m training.distill hair_teacher runs/distilled --pictures photos/ --clips clips/*.mp4 --every 25
"""


def teacher_mask(predict: Predict, image: np.ndarray, size: int) -> np.ndarray:
    """What the teacher finds in a picture, uint8 [H, W, 3]: probability, float32 [H, W] in [0, 1].

    `predict` takes float32 [N, size, size, 3] (RGB / 255) and returns masks float32 [N, size, size, 1].
    """
    small = resize(image, size, size).astype(np.float32) / 255
    plain, mirrored = predict(np.stack([small, small[:, ::-1]]))[..., 0]
    mean = (plain + mirrored[:, ::-1]) / 2
    return cv2.resize(mean, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def soft_target(probability: np.ndarray, truth: np.ndarray | None = None) -> np.ndarray:
    """The mask to learn from, uint8 [H, W]: the teacher's, or its mean with the truth (uint8, 0 or 255)."""
    doubtless = np.clip((probability - DOUBT) / (1 - 2 * DOUBT), 0, 1)
    if truth is not None:
        doubtless = TRUST * doubtless + (1 - TRUST) * (truth > 127)
    return np.round(255 * doubtless).astype(np.uint8)


def label(
    predict: Predict, size: int, pictures: Iterator[Labelled], out: Path, names: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Write pictures and their masks into the folder `out`; yields name, set and tag of each.

    Args:
        predict: the teacher, see `teacher_mask`.
        size: of the teacher's input.
        pictures: name, set, tag, RGB picture uint8 [H, W, 3] and true mask uint8 [H, W] or None.
        out: a data set folder.
        names: validation pictures, whose truth is kept.
    """
    for name, group, tag, image, truth in pictures:
        mask = truth
        if name not in names or truth is None:
            mask = soft_target(teacher_mask(predict, image, size), truth)
        bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        _write(out / "images" / f"{name}.jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 95])
        _write(out / "masks" / f"{name}.png", mask, [])
        yield name, group, tag


def labelled(data: Path) -> Iterator[Labelled]:
    """The pictures of a data set with their true masks."""
    for example in read_index(data):
        image, mask = read_pair(data, example.name)
        yield example.name, example.set, example.tag, image, mask


def unlabelled(folders: list[Path]) -> Iterator[Labelled]:
    """Pictures of folders; the set is called after the folder, or the one above if that is `images`."""
    for folder in folders:
        paths = sorted(path for path in folder.glob("*") if path.suffix in SUFFIXES)
        if not paths:
            raise DataError(f"{folder}: no pictures")
        group = folder.resolve().parent.name if folder.name == "images" else folder.resolve().name
        for path in paths:
            image = cv2.cvtColor(read_image(path, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
            yield f"{group}_{path.stem}", group, "", _fit(image), None


def frames(clips: list[Path], every: int) -> Iterator[Labelled]:
    """Every so-many-th frame of videos, as the set `clips`."""
    for clip in clips:
        for i, (_, frame) in enumerate(VideoReader(clip)):
            if i % every == 0:
                yield f"{clip.stem}_{i:05}", "clips", clip.stem, _fit(frame), None


def _fit(image: np.ndarray) -> np.ndarray:
    scale = min(1.0, LONGEST_SIDE / max(image.shape[:2]))
    height, width = (round(scale * n) for n in image.shape[:2])
    return resize(image, width, height)


def _write(path: Path, image: np.ndarray, options: list[int]) -> None:
    partial = path.with_name(f"{path.stem}.partial{path.suffix}")
    if not cv2.imwrite(str(partial), image, options):
        raise DataError(f"{path}: cannot be written")
    partial.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.distill",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("teacher", help="configuration whose run is the teacher")
    parser.add_argument("out", type=Path, help="folder of the new data set")
    parser.add_argument("--data", type=Path, help="folder of the labelled data set, instead of the config's")
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], help="folders without masks")
    parser.add_argument("--clips", type=Path, nargs="+", default=[], help="videos")
    parser.add_argument(
        "--every", type=int, default=25, help="of a video, each so-many-th frame (default 25)"
    )
    parser.add_argument("--size", type=int, help="side of the teacher's input; its last stage's if left out")
    args = parser.parse_args()
    try:
        config, task = load_task(find_config(args.teacher), args.data)
        model = task.build(None)
        load_by_name(model, Path("runs") / args.teacher / "best.weights.h5")
        data, size = args.data or Path(config.data), args.size or config.stages[-1].size
        for folder in ("images", "masks"):
            (args.out / folder).mkdir(parents=True, exist_ok=True)
        everything = chain(labelled(data), unlabelled(args.pictures), frames(args.clips, args.every))
        rows = list(
            track(
                label(model.predict_on_batch, size, everything, args.out, read_split(Path(config.split))),
                "pictures",
                console=Console(stderr=True),
            )
        )
    except (ConfigError, DataError, GraphError, WeightsError) as error:
        parser.exit(1, f"error: {error}\n")
    # Last, so that a folder with an index is a whole one.
    partial = args.out / "index.csv.partial"
    with partial.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("name", "set", "tag"), *rows])
    partial.replace(args.out / "index.csv")
    for group, count in Counter(group for _, group, _ in rows).items():
        print(f"{group:12} {count:6} pictures")


if __name__ == "__main__":
    main()
