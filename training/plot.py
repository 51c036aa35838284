"""Training curves."""

from __future__ import annotations

from itertools import pairwise
from math import nan
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

NOT_SCORES = {"epoch", "size", "loss", "learning_rate", "pictures_per_second", "seconds"}


def write_curves(history: list[dict[str, float]], path: Path) -> None:
    """Draw `training.fit`'s history as a PNG: losses, scores, and what is neither.

    What is named loss, or ends so, is a loss; scores are what always lies in [0, 1], such as IoU, F1 and
    AUROC. An epoch may lack a figure that others have.
    """
    names = list(dict.fromkeys(name for row in history for name in row))
    losses = [name for name in names if name.endswith("loss")]
    others = [name for name in names if name not in NOT_SCORES and name not in losses]
    scores = [name for name in others if all(0 <= row.get(name, 0) <= 1 for row in history)]
    panels = {
        "loss": losses,
        "score" if set(scores) & {"f1", "auroc", "presence"} else "validation IoU": scores,
        "other figures": [name for name in others if name not in scores],
    }
    panels = {label: shown for label, shown in panels.items() if shown}
    figure = Figure(figsize=(4 * len(panels), 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, (label, shown) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        _draw(axes, history, shown)
        axes.set_ylabel(label)
    save(figure, path)


def save(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG, beside and then renamed, so that a reader never meets half of it."""
    partial = path.with_suffix(".partial.png")
    figure.savefig(partial, dpi=90)
    partial.replace(path)


def _draw(axes: Axes, history: list[dict[str, float]], names: list[str]) -> None:
    epochs = [row["epoch"] for row in history]
    # A single epoch is no line.
    marker = "o" if len(history) == 1 else None
    for name in names:
        axes.plot(epochs, [row.get(name, nan) for row in history], marker=marker, label=name)
    for before, after in pairwise(history):
        if before["size"] != after["size"]:
            axes.axvline(before["epoch"] + 0.5, color="grey", linestyle=":")
    axes.set_xlabel("epoch")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
