"""Score hair models on recorded clips, through the effect's graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby, tee
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from training.evaluate_graph import HairGraph, Masks
from training.metrics import resize
from training.video_clips import read_runs
from training.video_flow import (
    Flicker,
    Motion,
    area_variation,
    find_motion,
    flicker,
    frames_to_recover,
)

WORKING_SIDE = 384
"""Longest side at which masks are compared, so that clips of all sizes count alike."""

WARM_UP = 5
"""Frames at the start of a run that are not scored: a clip of a user starts once, not every second."""

HOLD, LEAD = 20, 6
"""For how long a frame is held to see a mask settle, and another one before it."""


@dataclass(frozen=True)
class ClipScore:
    """A model on a clip; smaller is steadier. None where there is nothing to measure: no hair, few frames.

    Attributes:
        flicker: mean change of `hair_mask` against the one before, moved along with the picture.
        flicker_band: the same around the outline of the hair only.
        network_flicker, network_flicker_band: the same of the network's own mask, before smoothing and
            refinement.
        area_variation: coefficient of variation of the hair's area without its slow trend.
        recovery_start: frames until the mask of a held frame keeps an IoU above 0.95 with the settled one,
            from an empty mask; 0 is at once, `HOLD` - 1 and more is never.
        recovery_cut: the same after a cut from another clip.
        hair: share of the frame that is hair.
    """

    flicker: float | None
    flicker_band: float | None
    network_flicker: float | None
    network_flicker_band: float | None
    area_variation: float | None
    recovery_start: int
    recovery_cut: int
    hair: float | None


@dataclass
class _Track:
    """What is gathered of a model over a clip."""

    hair: list[Flicker] = field(default_factory=list)
    network: list[Flicker] = field(default_factory=list)
    variations: list[float] = field(default_factory=list)
    areas: list[float] = field(default_factory=list)

    def add(self, before: Masks, now: Masks, motion: Motion) -> None:
        """Measures the masks of two frames, one after the other."""
        for measured, mask_before, mask in zip((self.network, self.hair), before, now, strict=True):
            found = flicker(mask_before, mask, motion)
            if found:
                measured.append(found)

    def end_run(self, areas: list[float]) -> None:
        """Measures the hair's area over a run."""
        self.areas += areas
        variation = area_variation(np.array(areas))
        if variation is not None:
            self.variations.append(variation)

    def score(self, recovery_start: int, recovery_cut: int) -> ClipScore:
        """The mean of it all."""
        return ClipScore(
            flicker=_mean([pair.frame for pair in self.hair]),
            flicker_band=_mean([pair.band for pair in self.hair if pair.band is not None]),
            network_flicker=_mean([pair.frame for pair in self.network]),
            network_flicker_band=_mean([pair.band for pair in self.network if pair.band is not None]),
            area_variation=_mean(self.variations),
            recovery_start=recovery_start,
            recovery_cut=recovery_cut,
            hair=_mean(self.areas),
        )


@dataclass(frozen=True)
class VideoReport:
    """What models scored on clips.

    Attributes:
        frames: how many of each clip were looked at.
        clips: the scores by clip and by model.
        curves: the flicker around the outline, frame by frame, by clip and by model.
    """

    models: dict[str, str]
    frames: dict[str, int]
    clips: dict[str, dict[str, ClipScore]]
    curves: dict[str, dict[str, list[float]]]

    def mean(self, model: str) -> dict[str, float | None]:
        """The mean over the clips that have a value."""
        rows = [asdict(scores[model]) for scores in self.clips.values()]
        return {name: _mean([row[name] for row in rows if row[name] is not None]) for name in rows[0]}

    def to_json(self) -> dict[str, Any]:
        """One object: means, ratios to the peer, and everything by clip."""
        means = {model: self.mean(model) for model in self.models}
        return {
            "models": self.models,
            "mean": means,
            "ratios": ratios(means),
            "per_clip": {
                clip: {
                    "frames": self.frames[clip],
                    **{model: asdict(score) for model, score in scores.items()},
                    "ratios": ratios({model: asdict(score) for model, score in scores.items()}),
                }
                for clip, scores in self.clips.items()
            },
        }


def ratios(scores: Mapping[str, Mapping[str, float | None]]) -> dict[str, float | None]:
    """The model's scores over the peer's, below 1 is better; empty without a peer."""
    if "peer" not in scores:
        return {}
    result: dict[str, float | None] = {}
    for name, theirs in scores["peer"].items():
        ours = scores["model"][name]
        if name != "hair":
            result[name] = ours / theirs if ours is not None and theirs else None
    return result


def score_clips(
    models: dict[str, Path],
    clips: dict[str, Path],
    frames: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> VideoReport:
    """Score models on the same frames of the same clips.

    Args:
        models: .tflite files by name: "model" and, to be compared, "peer".
        clips: video files by name.
        frames: how many frames of each clip to look at.
        progress: told how many of how many steps are done.

    Raises:
        GraphError: a model or a clip cannot be read.
        SignatureError: a model's tensors are others.
    """
    graphs = {name: HairGraph(path) for name, path in models.items()}
    counts: dict[str, int] = {}
    stills: dict[str, np.ndarray] = {}
    tracks: dict[str, dict[str, _Track]] = {}
    for done, (clip, path) in enumerate(clips.items()):
        progress(done, 2 * len(clips))
        tracks[clip] = {name: _Track() for name in graphs}
        counts[clip] = 0
        for _, run in groupby(read_runs(path, frames), key=itemgetter(0)):
            count, stills[clip] = _follow((frame for _, frame in run), graphs, tracks[clip])
            counts[clip] += count
    scores: dict[str, dict[str, ClipScore]] = {}
    names = list(clips)
    for done, clip in enumerate(names):
        progress(len(clips) + done, 2 * len(clips))
        before = stills[names[done - 1]] if len(clips) > 1 else stills[clip][:, ::-1]
        scores[clip] = {
            name: tracks[clip][name].score(*_recovery(graph, before, stills[clip]))
            for name, graph in graphs.items()
        }
    progress(2 * len(clips), 2 * len(clips))
    curves = {
        clip: {name: [pair.band or 0.0 for pair in track.hair] for name, track in by_model.items()}
        for clip, by_model in tracks.items()
    }
    return VideoReport({name: str(path) for name, path in models.items()}, counts, scores, curves)


def _follow(
    frames: Iterator[np.ndarray], graphs: dict[str, HairGraph], tracks: dict[str, _Track]
) -> tuple[int, np.ndarray]:
    """Measure a run of frames; returns their number and the last one."""
    seen, *given = tee(frames, 1 + len(graphs))
    streams = [graph.masks(copy) for graph, copy in zip(graphs.values(), given, strict=True)]
    areas: dict[str, list[float]] = {name: [] for name in graphs}
    small_before: np.ndarray | None = None
    before: dict[str, Masks] = {}
    count = 0
    # All are stepped together, so that no more than one frame is kept; strict ends every graph's run.
    for frame, *found in zip(seen, *streams, strict=True):
        count += 1
        scale = WORKING_SIDE / max(frame.shape[:2])
        height, width = (max(round(scale * side), 1) for side in frame.shape[:2])
        small = resize(frame, width, height)
        now = {
            name: Masks(*(resize(mask, width, height) for mask in masks))
            for name, masks in zip(graphs, found, strict=True)
        }
        if small_before is not None and count > WARM_UP:
            motion = find_motion(small_before, small)
            for name, track in tracks.items():
                track.add(before[name], now[name], motion)
                areas[name].append(float(now[name].hair.mean()))
        small_before, before = small, now
    for name, track in tracks.items():
        track.end_run(areas[name])
    return count, frame


def _recovery(graph: HairGraph, before: np.ndarray, still: np.ndarray) -> tuple[int, int]:
    """Frames until the mask of a held frame has settled, from the start and after a cut."""
    other = np.ascontiguousarray(resize(before, still.shape[1], still.shape[0]))
    start = [masks.hair > 0.5 for masks in graph.masks([still] * HOLD)]
    cut = [masks.hair > 0.5 for masks in graph.masks([other] * LEAD + [still] * HOLD)][LEAD:]
    return frames_to_recover(start, start[-1]), frames_to_recover(cut, start[-1])


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None
