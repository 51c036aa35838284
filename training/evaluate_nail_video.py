"""Score nail models on moved stills, through the effect's graph: how exact and how steady nails are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise, tee
from math import degrees
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from calculators.nails.nail import Nail
from training.data import DataError
from training.data_check import Problem
from training.data_nails import read_instances, read_nails
from training.evaluate_nail_clips import FRAMES, MovedFrame, move_still
from training.evaluate_nail_data import find_problems
from training.evaluate_nail_graph import NailGraph
from training.evaluate_nail_score import THRESHOLD, match_nails, nail_mask, turn
from training.evaluate_pictures import find_examples, list_problems
from training.metrics import iou, overlap

MOVING = 1.0
"""Pixels a frame from which a frame counts as moving."""

SEEN = 0.99
"""Share of a pixel that was inside the frame before, for the pixel to count."""

CLIPS = 10


@dataclass(frozen=True)
class ClipScore:
    """A model on a clip; of frames at rest and of moving ones. None where there is nothing to measure.

    Attributes:
        iou_rest, iou_moving: intersection over union of all nails with the moved truth, over the pixels of
            the frames.
        recall_rest, recall_moving: share of the true nails that are found, as in pictures.
        flicker_rest, flicker_moving: pixels that change, against the mask before moved along, where the moved
            truth does not change: mean of the frames, over the area of the true nails. Smaller is steadier.
        jitter_rest, jitter_moving: mean change of a nail's direction from frame to frame, less the turn of
            the picture, in degrees. Smaller is steadier.
        lag: by how many frames the found nails are behind the true ones; below 0 they run ahead.
        switches: how often a true nail is found under another id than the time before.
        nail_frames: true nails found, over all frames: what `switches` is out of.
        frames: how many.
    """

    iou_rest: float | None
    iou_moving: float | None
    recall_rest: float | None
    recall_moving: float | None
    flicker_rest: float | None
    flicker_moving: float | None
    jitter_rest: float | None
    jitter_moving: float | None
    lag: float | None
    switches: int
    nail_frames: int
    frames: int


SUMS = ("switches", "nail_frames", "frames")
"""The scores that are added up over clips; of the others the mean counts."""


@dataclass
class _Phase:
    """What is gathered of the frames at rest or of the moving ones."""

    intersection: int = 0
    union: int = 0
    nails: int = 0
    found: int = 0
    flicker: list[float] = field(default_factory=list)
    jitter: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class MovedReport:
    """What a model scored on moved stills.

    Attributes:
        model, data: what was measured on what.
        clips: the scores by the still's name.
        problems: what was wrong with the pictures left out.
        absent: names of the split that the data set does not hold.
    """

    model: str
    data: str
    clips: dict[str, ClipScore]
    problems: list[Problem]
    absent: list[str]

    @property
    def scores(self) -> ClipScore:
        """The mean over the clips that have a value; `SUMS` are added up."""
        columns = {f.name: [getattr(clip, f.name) for clip in self.clips.values()] for f in fields(ClipScore)}
        return ClipScore(
            **{
                name: sum(values) if name in SUMS else mean([v for v in values if v is not None])
                for name, values in columns.items()
            }
        )

    def to_json(self) -> dict[str, Any]:
        """One object, the scores of all clips at its top."""
        return {
            "model": self.model,
            "data": self.data,
            "clips": len(self.clips),
            **asdict(self.scores),
            "per_clip": {name: asdict(score) for name, score in self.clips.items()},
            "left_out": list_problems(self.problems),
            "absent": self.absent,
        }


def score_moved_stills(
    model: Path,
    data: Path,
    names: set[str] | None = None,
    *,
    clips: int = CLIPS,
    frames: int = FRAMES,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> MovedReport:
    """Score a model on stills that are moved as clips.

    Args:
        model: a .tflite with a nail model's tensors.
        data: folder with images/, instances/ and, if wanted, index.csv.
        names: only these pictures; None is all.
        clips: how many of the pictures with nails, evenly over their names.
        frames: of each clip.
        skip_bad: leave pictures with problems out instead of refusing the folder.
        progress: told how many of how many clips are done.

    Raises:
        GraphError: the model cannot be read.
        SignatureError: the model's tensors are others.
        DataError: the folder cannot be used, or no picture has a nail.
    """
    graph = NailGraph(model)
    examples, problems, absent = find_examples(data, names, skip_bad, find_problems)
    chosen = choose_stills(data, sorted(example.name for example in examples), clips)
    scores = {}
    for done, name in enumerate(chosen):
        progress(done, len(chosen))
        # One frame at a time: a clip of a large still would fill the memory.
        shown, moved = tee(move_still(name, *read_nails(data, name), frames))
        found = graph.video(frame.image for frame in shown)
        scores[name] = score_clip(zip(moved, found, strict=True))
    progress(len(chosen), len(chosen))
    return MovedReport(str(model), str(data), scores, problems, absent)


def choose_stills(data: Path, names: list[str], count: int) -> list[str]:
    """So many of the pictures with nails, evenly over their names.

    Raises:
        DataError: none has any.
    """
    chosen = []
    starts = np.linspace(0, len(names), count + 1).astype(int)
    for start, end in pairwise(starts):
        # The first of each stretch of names that has nails
        chosen += next(([name] for name in names[start:end] if read_instances(data, name).any()), [])
    if not chosen:
        raise DataError(f"{data}: no nails in these pictures")
    return chosen


def score_clip(frames: Iterable[tuple[MovedFrame, list[Nail]]]) -> ClipScore:
    """Compare the nails found in the frames of a clip with the truth, from frame to frame."""
    follower = _Follower()
    for frame, nails in frames:
        follower.add(frame, nails)
    return follower.score()


class _Follower:
    """Gathers what there is to measure of a clip, frame by frame."""

    def __init__(self) -> None:
        self._rest, self._moving = _Phase(), _Phase()
        self._frames = self._switches = 0
        self._behind = self._way = 0.0
        self._ids: dict[int, int | None] = {}
        self._before: MovedFrame | None = None
        self._masks = np.zeros((0, 0, 2), np.float32)
        self._nails: dict[int, Nail] = {}

    def add(self, now: MovedFrame, nails: list[Nail]) -> None:
        """Measures the next frame."""
        target = now.instances > 0
        soft = nail_mask(nails, *target.shape)
        masks = np.dstack((soft, target.astype(np.float32)))
        found = {match.number: nails[match.found] for match in match_nails(now.instances, nails)}
        phase = self._moving if now.speed >= MOVING else self._rest
        intersection, union = overlap(soft >= THRESHOLD, target)
        phase.intersection, phase.union = phase.intersection + intersection, phase.union + union
        phase.nails += len(np.unique(now.instances[target]))
        phase.found += len(found)
        self._frames += 1
        self._switches += sum(n in self._ids and self._ids[n] != nail.id for n, nail in found.items())
        self._ids |= {number: nail.id for number, nail in found.items()}
        if self._before is not None:
            step = relative(self._before.matrix, now.matrix)
            turned = now.angle - self._before.angle
            for number in found.keys() & self._nails.keys():
                change = turn(found[number].angle - self._nails[number].angle - turned)
                phase.jitter.append(abs(degrees(change)))
            if target.any():
                phase.flicker.append(unexplained(self._masks, masks, step) / np.count_nonzero(target))
            if phase is self._moving:
                self._add_lag(now.instances, found, step)
        self._before, self._masks, self._nails = now, masks, found

    def _add_lag(self, instances: np.ndarray, found: dict[int, Nail], step: np.ndarray) -> None:
        """How far the nails are behind, along their way since the frame before."""
        for number, nail in found.items():
            truth = centroid(instances == number)
            ahead = centroid(nail.mask >= THRESHOLD) + np.array((nail.left, nail.top)) - truth
            way = truth - (np.linalg.inv(square(step)) @ (*truth, 1))[:2]
            self._behind -= float(ahead @ way)
            self._way += float(way @ way)

    def score(self) -> ClipScore:
        """The scores of the frames so far."""
        phases = (self._rest, self._moving)
        return ClipScore(
            *(iou(phase.intersection, phase.union) if phase.nails else None for phase in phases),
            *(phase.found / phase.nails if phase.nails else None for phase in phases),
            *(mean(phase.flicker) for phase in phases),
            *(mean(phase.jitter) for phase in phases),
            lag=self._behind / self._way if self._way else None,
            switches=self._switches,
            nail_frames=self._rest.found + self._moving.found,
            frames=self._frames,
        )


def unexplained(before: np.ndarray, now: np.ndarray, step: np.ndarray) -> int:
    """Pixels where the found mask changes and the true one does not.

    Args:
        before, now: found and true mask of two frames, float32 [H, W, 2].
        step: [2, 3], from places in the frame before to those in this one. What it brings in from outside
            the frame does not count.
    """
    size = now.shape[1::-1]
    moved = cv2.warpAffine(before, step, size, flags=cv2.INTER_LINEAR) >= THRESHOLD
    inside = cv2.warpAffine(np.ones(now.shape[:2], np.float32), step, size, flags=cv2.INTER_LINEAR) >= SEEN
    changed = (now >= THRESHOLD) ^ moved
    return int(np.count_nonzero(changed[..., 0] & ~changed[..., 1] & inside))


def relative(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """From places in one frame to those in the other, [2, 3], by the matrices of both from the still."""
    return (square(now) @ np.linalg.inv(square(before)))[:2]


def square(matrix: np.ndarray) -> np.ndarray:
    """[2, 3] as [3, 3]."""
    return np.vstack((matrix, (0, 0, 1)))


def centroid(mask: np.ndarray) -> np.ndarray:
    """The mean place (x, y) of a bool mask [H, W], not empty."""
    rows, columns = np.nonzero(mask)
    return np.array((columns.mean(), rows.mean()))


def mean(values: list[float]) -> float | None:
    """The mean, if there is anything."""
    return float(np.mean(values)) if values else None
