"""How scores are shown and written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from training.data import write_file
from training.data_check import Problem, describe
from training.evaluate_pictures import PicturesReport, describe_absent
from training.metrics import Scores

STDOUT = "-"
WIDTH = 150


def show(*tables: Table) -> None:
    """Print tables, with an empty line between; a file or a pipe has room for all of them."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    for number, table in enumerate(tables):
        console.print(*([""] if number else []), table, sep="\n")


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal; gives a function that is told (done, total)."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def write_json(scores: dict[str, Any], path: str) -> None:
    """Write one JSON object; "-" is standard output."""
    text = json.dumps(scores, indent=1, allow_nan=False) + "\n"
    if path == STDOUT:
        sys.stdout.write(text)
    else:
        write_file(Path(path), text.encode())


def encode_png(picture: np.ndarray) -> bytes:
    """An RGB uint8 picture as a PNG."""
    _, content = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return bytes(content)


def pictures_table(report: PicturesReport) -> Table:
    """The scores by set and by tag, then of all."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for title in ("pictures", "mean IoU", "pooled IoU", "F1", "boundary F", "AUROC"):
        table.add_column(title, justify="right")
    for title, group in (("set", report.per_set), ("tag", report.per_tag)):
        for name, scores in group.items():
            table.add_row(Text(f"{title} {name}"), *_cells(scores))
        if group:
            table.add_section()
    table.add_row("all", *_cells(report.scores), style="bold")
    table.add_row("all, network alone", *_cells(report.network))
    return table


def _cells(scores: Scores) -> list[str]:
    values = (scores.mean_iou, scores.pooled_iou, scores.f1, scores.boundary_f, scores.auroc)
    return [str(scores.pictures), *("-" if value is None else f"{value:.4f}" for value in values)]


def left_out(problems: list[Problem], absent: list[str]) -> list[str]:
    """What was left out and why."""
    lines = [f"left out: {describe(problems)}"] if problems else []
    return lines + ([describe_absent(absent)] if absent else [])
