"""What polish looks like on moved stills: a contact sheet or a video, for looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import tee
from pathlib import Path

import numpy as np

from calculators.color.look import load_look
from calculators.video.writer import VideoWriter
from training.data import DataError, write_file
from training.data_nails import read_nails
from training.evaluate_graph import FRAME_US
from training.evaluate_nail_clips import move_still
from training.evaluate_nail_graph import polished
from training.evaluate_nail_video import MovedReport
from training.evaluate_report import encode_png
from training.metrics import resize

LOOK = Path(__file__).resolve().parents[1] / "graphs" / "looks" / "nails" / "classic_red.json"
COLUMNS = 6
SIDE = 240
VIDEO_SIDE = 480
PAPER = 24


def check_sheet(path: Path, look: Path) -> None:
    """Refuses what `write_sheet` could not write.

    Raises:
        DataError: the suffix is neither .png nor .mp4.
        GraphError: the look cannot be read.
    """
    if path.suffix not in (".png", ".mp4"):
        raise DataError(f"{path}: a sheet is a .png, a video an .mp4")
    load_look(look)


def write_sheet(
    path: Path,
    report: MovedReport,
    look: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """The clips of a report before and after polish.

    Args:
        path: .png, two rows a clip, above without and below with polish, or .mp4, side by side.
        report: says which model, pictures and how many frames.
        look: of the polish.
        progress: told how many of how many clips are done.
    """
    if path.suffix == ".mp4":
        path.parent.mkdir(parents=True, exist_ok=True)
        with VideoWriter(path) as writer:
            number = 0
            for done, name in enumerate(report.clips):
                progress(done, len(report.clips))
                for pair in _before_and_after(report, name, look):
                    writer.write(np.hstack([fit(image, VIDEO_SIDE) for image in pair]), number * FRAME_US)
                    number += 1
        return
    rows = []
    for done, (name, score) in enumerate(report.clips.items()):
        progress(done, len(report.clips))
        shown = set(np.linspace(0, score.frames - 1, COLUMNS).astype(int).tolist())
        pairs = [p for n, p in enumerate(_before_and_after(report, name, look)) if n in shown]
        rows += [np.hstack([fit(image, SIDE) for image in row]) for row in zip(*pairs, strict=True)]
    width = max(row.shape[1] for row in rows)
    rows = [np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)), constant_values=PAPER) for row in rows]
    write_file(path, encode_png(np.vstack(rows)))


def fit(image: np.ndarray, side: int) -> np.ndarray:
    """A picture in the middle of a square, RGB uint8 [side, side, 3]."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    small = resize(image, max(round(scale * width), 1), max(round(scale * height), 1))
    square = np.full((side, side, 3), PAPER, np.uint8)
    top, left = (side - small.shape[0]) // 2, (side - small.shape[1]) // 2
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return square


def _before_and_after(report: MovedReport, name: str, look: Path) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    still = read_nails(Path(report.data), name)
    before, shown = tee(frame.image for frame in move_still(name, *still, report.clips[name].frames))
    return zip(before, polished(Path(report.model), look, shown), strict=True)
