"""How the scores on clips are shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.table import Table
from rich.text import Text

from training.video_score import VideoReport, ratios

COLUMNS = {
    "flicker_band": "flicker (outline)",
    "flicker": "(frame)",
    "network_flicker_band": "network (outline)",
    "network_flicker": "(frame)",
    "area_variation": "area variation",
    "recovery_start": "start",
    "recovery_cut": "cut",
    "hair": "hair",
}
"""The scores shown, and their titles."""


def clips_table(report: VideoReport) -> Table:
    """The scores by clip, the models one below the other, then their ratio; the means last."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("clip")
    table.add_column("")
    for title in COLUMNS.values():
        table.add_column(title, justify="right", no_wrap=True)
    for clip, scores in report.clips.items():
        _add_rows(table, clip, {model: asdict(score) for model, score in scores.items()})
        table.add_section()
    _add_rows(table, "mean", {model: report.mean(model) for model in report.models})
    return table


def _add_rows(table: Table, name: str, scores: Mapping[str, Mapping[str, float | None]]) -> None:
    for model, values in scores.items():
        cells = (_cell(title, values[title]) for title in COLUMNS)
        table.add_row(Text(name if model == "model" else ""), model, *cells)
    if shares := ratios(scores):
        table.add_row("", "ratio", *(_ratio(shares.get(title)) for title in COLUMNS), style="bold")


def _cell(title: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if title.startswith("recovery") else f"{value:.4f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def draw_flicker(report: VideoReport) -> bytes:
    """A PNG: the flicker at the outline of the hair, frame by frame, a panel a clip."""
    columns = min(len(report.curves), 3)
    rows = math.ceil(len(report.curves) / columns)
    figure = Figure(figsize=(4 * columns, 2.2 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel, (clip, curves) in zip(panels, report.curves.items(), strict=False):
        for model, values in curves.items():
            panel.plot(values, label=model, linewidth=1)
        panel.set_title(clip, fontsize=9)
        panel.set_ylim(bottom=0)
        panel.grid(alpha=0.3)
    for panel in panels[len(report.curves) :]:
        panel.axis("off")
    panels[0].legend(fontsize=8)
    figure.supxlabel("pair of frames", fontsize=9)
    figure.supylabel("mask change at the outline", fontsize=9)
    file = BytesIO()
    figure.savefig(file, dpi=90)
    return file.getvalue()
