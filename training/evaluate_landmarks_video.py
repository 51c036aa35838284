"""Score landmark models on clips, through the users' graph: how calm and how prompt the points are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from itertools import groupby, pairwise, tee
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from calculators.face.landmark_layout import LandmarkLayout
from training.data import DataError
from training.data_check import Problem
from training.data_landmarks import BESIDE, find_problems, list_faces, load_face
from training.evaluate_graph import FRAME_US
from training.evaluate_landmarks_clips import FRAMES, FaceFrame, move_face, stays_in_view
from training.evaluate_landmarks_graph import MAX_FACES, FaceGraph, Seen, annotated
from training.evaluate_landmarks_model import LandmarkModel
from training.evaluate_nail_video import mean
from training.evaluate_pictures import find_examples, list_problems
from training.measures_tracks import jitter, lag, stays, tremble
from training.video_clips import read_runs

STILLS = 10
SIDE = 384
"""Pixels of the face's square, to which larger stills are shrunk."""

Clip = TypeVar("Clip", "StillScore", "VideoScore")


@dataclass(frozen=True)
class StillScore:
    """A model on two clips of a still, at rest and moving. None where there is nothing to measure.

    Attributes:
        error_rest, error_moving: mean distance of the points to the true ones, in percent of that of the
            outer eye corners; the mean of the frames in which the face is found.
        jitter: of the clip at rest: how far the points are from their own mean over five frames, in percent
            of the distance of the eye corners; the root of the mean square.
        jitter_raw: the same without the graph's calming.
        lag: by how many milliseconds the points are late while the face moves.
        lag_raw: the same without calming.
        lost: share of the frames in which the face is not found.
        frames: of both clips.
    """

    error_rest: float | None
    error_moving: float | None
    jitter: float | None
    jitter_raw: float | None
    lag: float | None
    lag_raw: float | None
    lost: float
    frames: int


@dataclass(frozen=True)
class VideoScore:
    """A model on a recorded clip, of which no truth is known.

    Attributes:
        jitter, jitter_raw: as in `StillScore`, but of the points themselves, over the frames in which the
            face is still: what it does quickly counts.
        still: share of the frames that count.
        without_face: share of the frames in which no face is found.
        frames: how many.
    """

    jitter: float | None
    jitter_raw: float | None
    still: float
    without_face: float
    frames: int


@dataclass(frozen=True)
class LandmarkVideoReport:
    """What a model scored on clips.

    Attributes:
        model, detector, data: what was measured on what; no data, no stills.
        stills: the scores by the still's name.
        videos: the scores by the clip's name.
        problems: what was wrong with the pictures left out.
        absent: names of the split that the data set does not hold.
    """

    model: str
    detector: str
    data: str | None
    stills: dict[str, StillScore]
    videos: dict[str, VideoScore]
    problems: list[Problem]
    absent: list[str]

    def to_json(self) -> dict[str, Any]:
        """One object: the mean of the stills and of the videos, and everything by clip."""
        return {
            "model": self.model,
            "detector": self.detector,
            "data": self.data,
            "stills": _clips_json(self.stills),
            "videos": _clips_json(self.videos),
            "left_out": list_problems(self.problems),
            "absent": self.absent,
        }


def mean_clip(clips: Sequence[Clip]) -> Clip:
    """The mean of the clips, one or more, that have a value; frames are added up."""
    kind = type(clips[0])
    columns = {field.name: [getattr(clip, field.name) for clip in clips] for field in fields(kind)}
    return kind(
        **{
            name: sum(values) if name == "frames" else mean([v for v in values if v is not None])
            for name, values in columns.items()
        }
    )


def _clips_json(clips: Mapping[str, Clip]) -> dict[str, Any] | None:
    if not clips:
        return None
    means = asdict(mean_clip(list(clips.values())))
    return {"clips": len(clips), **means, "per_clip": {name: asdict(clip) for name, clip in clips.items()}}


def score_landmark_clips(
    model: Path,
    detector: Path,
    data: Path | None,
    videos: Mapping[str, Path],
    names: set[str] | None = None,
    *,
    clips: int = STILLS,
    frames: int = FRAMES,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> LandmarkVideoReport:
    """Score a model on annotated stills that are moved as clips, and on recorded clips.

    Args:
        model: a .tflite with a landmark model's tensors.
        detector: a .tflite that finds the faces.
        data: folder of pictures with .pts; None is no stills.
        videos: recorded clips by name.
        names: only these pictures; None is all.
        clips: how many of the pictures, evenly over their names.
        frames: of each clip.
        skip_bad: leave pictures with problems out instead of refusing the folder.
        progress: told how many of how many clips are done.

    Raises:
        GraphError: a model or a clip cannot be read.
        SignatureError: a model's tensors are others.
        DataError: the folder cannot be used.
    """
    layout = LandmarkModel(model).layout
    graphs = [FaceGraph(model, detector, faces) for faces in (MAX_FACES, 1)]
    chosen: list[str] = []
    problems: list[Problem] = []
    absent: list[str] = []
    if data:
        find = partial(find_problems, layout=layout)
        examples, problems, absent = find_examples(data, names, skip_bad, find, list_faces)
        chosen = choose_stills(data, sorted(example.name for example in examples), clips, frames, layout)
    stills: dict[str, StillScore] = {}
    recorded: dict[str, VideoScore] = {}
    total = len(chosen) + len(videos)
    for name in chosen:
        progress(len(stills), total)
        assert data is not None
        face = load_face(data, name, layout, SIDE)
        rest, moving = (
            follow(graphs[0], move_face(name, face, frames, moves=moves), layout) for moves in (False, True)
        )
        stills[name] = score_still(rest, moving)
    for name, clip in videos.items():
        progress(len(stills) + len(recorded), total)
        runs = groupby(read_runs(clip, frames), key=lambda pair: pair[0])
        recorded[name] = score_video(
            [watch(graphs[1], (frame for _, frame in run), layout) for _, run in runs]
        )
    progress(total, total)
    return LandmarkVideoReport(
        str(model), str(detector), str(data) if data else None, stills, recorded, problems, absent
    )


def choose_stills(
    data: Path, names: Sequence[str], count: int, frames: int, layout: LandmarkLayout
) -> list[str]:
    """So many of the pictures whose faces stay in view when they are moved, evenly over their names.

    Raises:
        DataError: none does.
    """
    chosen = []
    for start, end in pairwise(np.linspace(0, len(names), count + 1).astype(int)):
        # The first of each stretch of names
        faces = ((name, load_face(data, name, layout, SIDE)) for name in names[start:end])
        chosen += next(([name] for name, face in faces if stays_in_view(name, face, frames)), [])
    if not chosen:
        raise DataError(
            f"{data}: no face stays in view when its picture is moved; "
            f"leave about {BESIDE:.0%} of its size beside it"
        )
    return chosen


@dataclass(frozen=True)
class Followed:
    """A face over a clip, in distances of its outer eye corners.

    Attributes:
        truth: float [T, n, 2].
        calm, raw: what the graph finds, [T, n, 2], with and without calming; not a number where it is lost.
    """

    truth: np.ndarray
    calm: np.ndarray
    raw: np.ndarray


def follow(graph: FaceGraph, frames: Iterator[FaceFrame], layout: LandmarkLayout) -> Followed:
    """The annotated face of a clip, in the unit of each frame's eyes."""
    shown, known = tee(frames)
    rows = []
    for frame, seen in zip(known, graph.video(frame.image for frame in shown), strict=True):
        size = frame.image.shape[1::-1]
        number = annotated(seen.raw, frame.points, size)
        rows.append(np.stack([frame.points, *_points(seen, number, size, layout)]))
    tracks = np.stack(rows, 1)
    # One unit for a clip: with another one in every frame, zooming would be movement of its own.
    eyes = float(np.mean([layout.inter_ocular(points) for points in tracks[0]]))
    return Followed(*(tracks / eyes))


def watch(graph: FaceGraph, frames: Iterator[np.ndarray], layout: LandmarkLayout) -> np.ndarray:
    """The face of a recorded clip, calm and raw: float [2, T, n, 2], in distances of its eye corners."""
    shown, known = tee(frames)
    rows = []
    for frame, seen in zip(known, graph.video(shown), strict=True):
        rows.append(_points(seen, 0 if seen.raw else None, frame.shape[1::-1], layout))
    tracks = np.stack(rows, 1)
    eyes = [layout.inter_ocular(points) for points in tracks[1] if not np.isnan(points).any()]
    return np.asarray(tracks / np.mean(eyes)) if eyes else tracks


def _points(seen: Seen, number: int | None, size: tuple[int, ...], layout: LandmarkLayout) -> np.ndarray:
    """The points of a face in pixels, calm and raw: float64 [2, n, 2]. `number`: which of both lists."""
    if number is None:
        return np.full((2, layout.count, 2), np.nan)
    return np.stack([faces[number].landmarks for faces in seen]) * np.float64(size)


def score_still(rest: Followed, moving: Followed) -> StillScore:
    """Compare what was found in the two clips of a still with the truth."""
    lags = (lag(found, moving.truth) for found in (moving.calm, moving.raw))
    lost = np.concatenate([np.isnan(clip.calm).any((1, 2)) for clip in (rest, moving)])
    return StillScore(
        *(_error(clip) for clip in (rest, moving)),
        *(jitter(tremble(found)) for found in (rest.calm, rest.raw)),
        *(None if frames is None else frames * FRAME_US / 1000 for frames in lags),
        lost=float(lost.mean()),
        frames=len(lost),
    )


def score_video(runs: Sequence[np.ndarray]) -> VideoScore:
    """How calm the points of the runs of a clip are, as `watch` gives them."""
    frames = sum(run.shape[1] for run in runs)
    seen = sum(np.count_nonzero(~np.isnan(run[1]).any((1, 2))) for run in runs)
    # Of both the same frames count, or one could win by losing the difficult ones.
    squares = [np.stack([tremble(tracks)[stays(run[1])] for tracks in run]) for run in runs]
    calm, raw = np.concatenate(squares, 1)
    return VideoScore(jitter(calm), jitter(raw), len(calm) / frames, 1 - seen / frames, frames)


def _error(clip: Followed) -> float | None:
    off = np.linalg.norm(clip.calm - clip.truth, axis=-1)
    found = off[~np.isnan(off).any(1)]
    return 100 * float(found.mean()) if found.size else None
