"""What make-up looks like on the clips that were measured: a contact sheet or a video, for looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, tee
from pathlib import Path

import numpy as np

from training.clip_sheet import COLUMNS, VIDEO, write_sheet
from training.data_landmarks import load_face
from training.evaluate_landmarks_clips import move_face
from training.evaluate_landmarks_graph import MakeupGraph
from training.evaluate_landmarks_model import LandmarkModel
from training.evaluate_landmarks_video import SIDE, LandmarkVideoReport
from training.video_clips import read_runs

FOLDER = Path(__file__).resolve().parents[1] / "graphs" / "looks" / "makeup"
LOOKS = FOLDER / "natural.json", FOLDER / "evening_red.json"
"""A natural one and a strong one."""

SHOWN_RUN = 6
"""Frames of a recorded clip up to the one that a contact sheet shows: what came before has its effect."""


def write_makeup(
    path: Path,
    report: LandmarkVideoReport,
    videos: Mapping[str, Path],
    looks: Sequence[Path],
    frames: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """The clips of a report without and with each look, as `write_sheet` does.

    Args:
        path: .png or .mp4.
        report: says which models and stills.
        videos: the recorded clips by name.
        looks: one or more.
        frames: of each clip; on a contact sheet, recorded clips are shown evenly over their whole length.
        progress: told how many of how many clips are done.
    """
    graphs = [MakeupGraph(Path(report.model), Path(report.detector), look) for look in looks]
    clips: dict[str, Callable[[], Iterator[tuple[np.ndarray, ...]]]] = {
        f"still {name}": partial(_moved, graphs, report, name, frames) for name in report.stills
    }
    runs = (frames,) if path.suffix == VIDEO else (COLUMNS * SHOWN_RUN, SHOWN_RUN)
    clips |= {f"video {name}": partial(_recorded, graphs, clip, runs) for name, clip in videos.items()}
    write_sheet(path, clips, progress)


def _moved(
    graphs: Sequence[MakeupGraph], report: LandmarkVideoReport, name: str, frames: int
) -> Iterator[tuple[np.ndarray, ...]]:
    assert report.data is not None
    face = load_face(Path(report.data), name, LandmarkModel(Path(report.model)).layout, SIDE)
    return _versions(graphs, (frame.image for frame in move_face(name, face, frames, moves=True)))


def _recorded(
    graphs: Sequence[MakeupGraph], clip: Path, runs: tuple[int, ...]
) -> Iterator[tuple[np.ndarray, ...]]:
    for _, run in groupby(read_runs(clip, *runs), key=lambda pair: pair[0]):
        yield from _versions(graphs, (frame for _, frame in run))


def _versions(
    graphs: Sequence[MakeupGraph], frames: Iterator[np.ndarray]
) -> Iterator[tuple[np.ndarray, ...]]:
    """Each frame as it is, and as each graph shows it."""
    bare, *shown = tee(frames, 1 + len(graphs))
    made_up = (graph.video(some) for graph, some in zip(graphs, shown, strict=True))
    return zip(bare, *made_up, strict=True)
