"""How the scores of landmark models are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.table import Table
from rich.text import Text

from training.evaluate_landmarks_pictures import LandmarkReport
from training.evaluate_landmarks_video import LandmarkVideoReport, StillScore, VideoScore, mean_clip
from training.evaluate_nail_report import cell
from training.measures_landmarks import FAILED, FoundScores, LandmarkScores

Scores = LandmarkScores | FoundScores

TITLES = {
    "faces": "faces",
    "missed": "missed",
    "inter_ocular": "inter-ocular %",
    "inter_pupil": "inter-pupil %",
    "inner": "inner %",
    "contour": "contour %",
    "median": "median %",
    "failure_rate": f"above {FAILED:.0%}",
    "auc": "AUC",
}
"""Of the scores in the table."""

VIDEO_TITLES = {
    "error_rest": "error % at rest",
    "error_moving": "moving",
    "jitter": "jitter %",
    "jitter_raw": "uncalmed",
    "lag": "lag ms",
    "lag_raw": "uncalmed",
    "lost": "lost",
    "still": "still",
    "without_face": "without face",
    "frames": "frames",
}
"""Of the scores of clips."""


def landmark_tables(report: LandmarkReport) -> list[Table]:
    """The scores in the boxes of the annotation, then those through the graph, if there are any."""
    tables = [_table("box from the annotation", report.scores, report.per_set)]
    if report.graph:
        tables.append(_table("through the graph", report.graph.scores, report.graph.per_set))
    return tables


def _table(title: str, scores: Scores, per_set: Mapping[str, Scores]) -> Table:
    """The scores by set, then of all."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title)
    for field in fields(scores):
        table.add_column(TITLES[field.name], justify="right")
    for name, some in per_set.items():
        table.add_row(Text(f"set {name}"), *_cells(some))
    if per_set:
        table.add_section()
    table.add_row("all", *_cells(scores), style="bold")
    return table


def landmark_video_tables(report: LandmarkVideoReport) -> list[Table]:
    """The scores of the stills and of the videos, by clip, then their means."""
    shown = {"moved stills": report.stills, "videos": report.videos}
    return [_clips_table(title, clips) for title, clips in shown.items() if clips]


def _clips_table(title: str, clips: Mapping[str, StillScore] | Mapping[str, VideoScore]) -> Table:
    mean = mean_clip(list(clips.values()))
    names = [field.name for field in fields(mean)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title)
    for name in names:
        table.add_column(VIDEO_TITLES[name], justify="right")
    for clip, score in clips.items():
        table.add_row(Text(clip), *(cell(getattr(score, name), 2) for name in names))
    table.add_section()
    table.add_row("all", *(cell(getattr(mean, name), 2) for name in names), style="bold")
    return table


def draw_ced(report: LandmarkReport) -> bytes:
    """A PNG: the share of the faces whose inter-ocular error is at most what the axis says."""
    figure = Figure(figsize=(5, 3.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    limit, count = 100 * FAILED, len(report.faces)
    curves = {f"box from the annotation, {count} faces": [face.errors for face in report.faces]}
    if report.graph:
        found = [face.through_graph for face in report.faces if face.through_graph]
        curves[f"through the graph, {count - len(found)} missed"] = found
    for label, some in curves.items():
        errors = np.sort([100 * error.inter_ocular for error in some])
        share = np.arange(len(errors) + 1) / count
        # The last share goes on to the axis's end.
        axes.step([0, *errors, max(limit, *errors, 0)], [*share, share[-1]], where="post", label=label)
    axes.set(xlabel="inter-ocular error in %", ylabel="share of the faces", xlim=(0, limit), ylim=(0, 1))
    axes.set_title(f"AUC {report.scores.auc:.3f}, above {limit:g} %: {report.scores.failure_rate:.1f} %")
    axes.legend(fontsize=8, loc="lower right")
    axes.grid(alpha=0.3)
    file = BytesIO()
    figure.savefig(file, dpi=90)
    return file.getvalue()


def _cells(scores: Scores) -> list[str]:
    names = [field.name for field in fields(scores)]
    return [cell(getattr(scores, name), 3 if name == "auc" else 2) for name in names]
