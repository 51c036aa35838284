"""Clips before and after an effect, for looking: a contact sheet or a video."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from calculators.color.look import load_look
from calculators.video.writer import VideoWriter
from training.data import DataError, write_file
from training.evaluate_graph import FRAME_US
from training.evaluate_report import encode_png
from training.metrics import resize

COLUMNS = 6
SIDE = 240
VIDEO_SIDE = 480
PAPER = 24
VIDEO = ".mp4"

Versions = Sequence[np.ndarray]
"""A frame as it is, and with each look."""


def check_sheet(path: Path, looks: Iterable[Path]) -> None:
    """Refuses what `write_sheet` could not write.

    Raises:
        DataError: the suffix is neither .png nor .mp4.
        GraphError: a look cannot be read.
    """
    if path.suffix not in (".png", VIDEO):
        raise DataError(f"{path}: a sheet is a .png, a video an .mp4")
    for look in looks:
        load_look(look)


def write_sheet(
    path: Path,
    clips: Mapping[str, Callable[[], Iterable[Versions]]],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Clips without an effect and with it.

    Args:
        path: .png, a row a version, six frames of each clip, evenly over it; or .mp4, all frames, the
            versions side by side.
        clips: what gives the frames of each, RGB uint8 [H, W, 3], all of one frame together.
        progress: told how many of how many clips are done.
    """
    if path.suffix == VIDEO:
        path.parent.mkdir(parents=True, exist_ok=True)
        with VideoWriter(path) as writer:
            number = 0
            for done, clip in enumerate(clips.values()):
                progress(done, len(clips))
                for versions in clip():
                    row = np.hstack([fit(image, VIDEO_SIDE) for image in versions])
                    writer.write(row, number * FRAME_US)
                    number += 1
        return
    rows = []
    for done, clip in enumerate(clips.values()):
        progress(done, len(clips))
        columns = [np.vstack([fit(image, SIDE) for image in versions]) for versions in clip()]
        rows.append(np.hstack([columns[number] for number in choose_columns(len(columns))]))
    width = max(row.shape[1] for row in rows)
    rows = [np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)), constant_values=PAPER) for row in rows]
    write_file(path, encode_png(np.vstack(rows)))


def choose_columns(frames: int) -> list[int]:
    """The frames to show: the last of each of six equal parts of a clip."""
    return sorted({-(-frames * part // COLUMNS) - 1 for part in range(1, COLUMNS + 1)})


def fit(image: np.ndarray, side: int) -> np.ndarray:
    """A picture in the middle of a square, RGB uint8 [side, side, 3]."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    small = resize(image, max(round(scale * width), 1), max(round(scale * height), 1))
    square = np.full((side, side, 3), PAPER, np.uint8)
    top, left = (side - small.shape[0]) // 2, (side - small.shape[1]) // 2
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return square
