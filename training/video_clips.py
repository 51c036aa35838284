"""Frames of recorded clips, few of them and evenly chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import numpy as np

from calculators.video.reader import VideoReader
from training.data import DataError

SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v"}
RUN = 30
"""Frames of a run: about a second."""


def find_clips(paths: Sequence[Path]) -> dict[str, Path]:
    """The clips among files and folders by name, those of a folder in order.

    Raises:
        DataError: something is missing, a folder holds no clip, or two clips have the same name.
    """
    clips: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise DataError(f"{path}: no such clip or folder")
        found = [path]
        if path.is_dir():
            found = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
        if not found:
            raise DataError(f"{path}: no clip in this folder ({', '.join(sorted(SUFFIXES))})")
        for clip in found:
            if clip.stem in clips:
                raise DataError(f"{clip}: another clip is named {clip.stem}, too: {clips[clip.stem]}")
            clips[clip.stem] = clip
    return clips


def choose_runs(total: int, frames: int, longest: int = RUN) -> list[range]:
    """Runs of consecutive frames, `longest` or fewer each, evenly over a clip of `total` frames.

    Two runs begin with the first and end with the last frame, a single one lies in the middle. Where about as
    many frames are asked for as there are, it is one run of all.
    """
    if frames >= total:
        return [range(total)]
    count, length = max(frames // longest, 1), min(longest, frames)
    last = total - length
    starts = [last // 2] if count == 1 else [last * i // (count - 1) for i in range(count)]
    if count > 1 and starts[1] < length:
        return [range(total)]
    return [range(start, start + length) for start in starts]


def read_runs(clip: Path, frames: int, longest: int = RUN) -> Iterator[tuple[int, np.ndarray]]:
    """About `frames` frames of a clip, RGB uint8, each with the number of the run that it belongs to.

    Runs are as `choose_runs` makes them.

    Raises:
        GraphError: the clip cannot be read.
    """
    with VideoReader(clip) as reader:
        runs, run = choose_runs(_count_frames(clip), frames, longest), 0
        for number, (_, frame) in enumerate(reader):
            if number == runs[run].stop:
                run += 1
                if run == len(runs):
                    return
            if number in runs[run]:
                yield run, frame


def _count_frames(clip: Path) -> int:
    """How many frames a clip holds; what its header says, if anything, is an estimate."""
    with av.open(str(clip)) as container:
        return sum(packet.size > 0 for packet in container.demux(container.streams.best("video")))
