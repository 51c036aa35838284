"""How the scores of landmark models are shown."""

from __future__ import annotations

from dataclasses import fields
from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.table import Table
from rich.text import Text

from training.evaluate_landmarks_pictures import LandmarkReport
from training.measures_landmarks import FAILED, LandmarkScores

TITLES = {
    "faces": "faces",
    "inter_ocular": "inter-ocular %",
    "inter_pupil": "inter-pupil %",
    "inner": "inner %",
    "contour": "contour %",
    "median": "median %",
    "failure_rate": f"above {FAILED:.0%}",
    "auc": "AUC",
}
"""Of the scores in the table."""


def landmarks_table(report: LandmarkReport) -> Table:
    """The scores by set, then of all."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for field in fields(LandmarkScores):
        table.add_column(TITLES[field.name], justify="right")
    for name, scores in report.per_set.items():
        table.add_row(Text(f"set {name}"), *_cells(scores))
    if report.per_set:
        table.add_section()
    table.add_row("all", *_cells(report.scores), style="bold")
    return table


def draw_ced(report: LandmarkReport) -> bytes:
    """A PNG: the share of the faces whose inter-ocular error is at most what the axis says."""
    figure = Figure(figsize=(5, 3.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    errors = np.sort([100 * face.errors.inter_ocular for face in report.faces])
    share = np.arange(len(errors) + 1) / len(errors)
    limit = 100 * FAILED
    # The last share goes on to the axis's end.
    axes.step([0, *errors, max(limit, errors[-1])], [*share, 1], where="post", label=f"{len(errors)} faces")
    axes.set(xlabel="inter-ocular error in %", ylabel="share of the faces", xlim=(0, limit), ylim=(0, 1))
    axes.set_title(f"AUC {report.scores.auc:.3f}, above {limit:g} %: {report.scores.failure_rate:.1f} %")
    axes.legend(fontsize=8, loc="lower right")
    axes.grid(alpha=0.3)
    file = BytesIO()
    figure.savefig(file, dpi=90)
    return file.getvalue()


def _cells(scores: LandmarkScores) -> list[str]:
    percent = (f"{getattr(scores, field.name):.2f}" for field in fields(scores)[1:-1])
    return [str(scores.faces), *percent, f"{scores.auc:.3f}"]
