"""What make-up looks like on the clips that were measured: a contact sheet or a video, for looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, tee
from pathlib import Path

import numpy as np

from calculators.face.types import Face
from training.clip_sheet import COLUMNS, VIDEO, Versions, write_sheet
from training.data_landmarks import load_face
from training.evaluate_landmarks_clips import move_face
from training.evaluate_landmarks_graph import MakeupGraph, middle_of
from training.evaluate_landmarks_model import LandmarkModel
from training.evaluate_landmarks_video import SIDE, LandmarkVideoReport
from training.video_clips import read_runs

FOLDER = Path(__file__).resolve().parents[1] / "graphs" / "looks" / "makeup"
LOOKS = FOLDER / "natural.json", FOLDER / "evening_red.json"
"""A natural one and a strong one."""

SHOWN_RUN = 6
"""Frames of a recorded clip up to the one that a contact sheet shows: what came before has its effect."""

CLOSE = 1.5
"""Side of what a contact sheet shows of a face, against the larger side of its points' box."""


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
        path: .png of the faces from near, or .mp4 of whole frames.
        report: says which models and stills.
        videos: the recorded clips by name.
        looks: one or more.
        frames: of each clip; on a contact sheet, recorded clips are shown evenly over their whole length.
        progress: told how many of how many clips are done.
    """
    graphs = [MakeupGraph(Path(report.model), Path(report.detector), look) for look in looks]
    whole = path.suffix == VIDEO
    lengths = (frames,) if whole else (COLUMNS * SHOWN_RUN, SHOWN_RUN)
    sources = {f"still {name}": partial(_moved, report, name, frames) for name in report.stills}
    sources |= {f"video {name}": partial(_recorded, clip, lengths) for name, clip in videos.items()}
    write_sheet(
        path, {name: partial(_versions, graphs, runs, whole) for name, runs in sources.items()}, progress
    )


Runs = Iterator[Iterator[np.ndarray]]
"""Frames of a clip that follow each other, run by run."""


def _moved(report: LandmarkVideoReport, name: str, frames: int) -> Runs:
    assert report.data is not None
    face = load_face(Path(report.data), name, LandmarkModel(Path(report.model)).layout, SIDE)
    yield (frame.image for frame in move_face(name, face, frames, moves=True))


def _recorded(clip: Path, lengths: tuple[int, ...]) -> Runs:
    for _, run in groupby(read_runs(clip, *lengths), key=lambda pair: pair[0]):
        yield (frame for _, frame in run)


def _versions(graphs: Sequence[MakeupGraph], runs: Callable[[], Runs], whole: bool) -> Iterator[Versions]:
    """Each frame as it is, and as each graph shows it; or else what is near the face."""
    for run in runs():
        bare, *shown = tee(run, 1 + len(graphs))
        made_up = (graph.video(frames) for graph, frames in zip(graphs, shown, strict=True))
        for image, *looks in zip(bare, *made_up, strict=True):
            versions = image, *(look.image for look in looks)
            yield versions if whole else close_up(versions, looks[0].faces)


def close_up(versions: Versions, faces: Sequence[Face]) -> Versions:
    """What is near the first face in pictures of one frame; all, where there is no face."""
    if not faces:
        return versions
    height, width = versions[0].shape[:2]
    points = faces[0].landmarks * (width, height)
    half = CLOSE / 2 * np.ptp(points, axis=0).max()
    left, top = np.clip(middle_of(points) - half, 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(middle_of(points) + half, (left + 1, top + 1), (width, height)).astype(int)
    return [image[top:bottom, left:right] for image in versions]
