"""What polish looks like on moved stills: a contact sheet or a video, for looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import tee
from pathlib import Path

import numpy as np

from training.clip_sheet import write_sheet
from training.data_nails import read_nails
from training.evaluate_nail_clips import move_still
from training.evaluate_nail_graph import polished
from training.evaluate_nail_video import MovedReport

LOOK = Path(__file__).resolve().parents[1] / "graphs" / "looks" / "nails" / "classic_red.json"


def write_polish(
    path: Path,
    report: MovedReport,
    look: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """The clips of a report before and after polish, as `write_sheet` does.

    Args:
        path: .png or .mp4.
        report: says which model, pictures and how many frames.
        look: of the polish.
        progress: told how many of how many clips are done.
    """
    write_sheet(
        path, {name: partial(_before_and_after, report, name, look) for name in report.clips}, progress
    )


def _before_and_after(report: MovedReport, name: str, look: Path) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    still = read_nails(Path(report.data), name)
    before, shown = tee(frame.image for frame in move_still(name, *still, report.clips[name].frames))
    return zip(before, polished(Path(report.model), look, shown), strict=True)
