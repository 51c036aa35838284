"""Training curves."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

NOT_SCORES = {"epoch", "size", "loss", "learning_rate", "pictures_per_second", "seconds"}


def write_curves(history: list[dict[str, float]], path: Path) -> None:
    """Draw the loss and the validation scores of `training.fit`'s history as a PNG."""
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in history]
    left.plot(epochs, [row["loss"] for row in history])
    left.set(xlabel="epoch", ylabel="training loss")
    for name in history[-1]:
        if name not in NOT_SCORES:
            right.plot(epochs, [row[name] for row in history], label=name)
    right.set(xlabel="epoch", ylabel="validation IoU")
    right.legend(fontsize=8)
    for axes in (left, right):
        axes.grid(alpha=0.3)
        for before, after in pairwise(history):
            if before["size"] != after["size"]:
                axes.axvline(before["epoch"] + 0.5, color="grey", linestyle=":")
    partial = path.with_suffix(".partial.png")
    figure.savefig(partial, dpi=90)
    partial.replace(path)
