"""How far a run is: a bar on a terminal, now and then a line elsewhere."""

import time
from collections.abc import Sequence
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from tryon.profile import NodeProfile
from tryon.profiler_config import Histogram

LINE_INTERVAL_S = 5.0


class Reporter(Protocol):
    """Tells somebody how far a run is."""

    def update(self, frames: int, total: int) -> None:
        """`frames` are done; `total` of them are expected, 0 when nobody knows. Called often."""

    def say(self, message: str) -> None:
        """Shows a line."""

    def stop(self, frames: int, total: int) -> None:
        """The run is over."""


def make_reporter(console: Console, name: str) -> Reporter:
    """The reporter that suits a console."""
    return Bar(console, name) if console.is_terminal else Lines(console, name)


class Bar:
    """A progress bar with frames, speed, time and remaining time."""

    def __init__(self, console: Console, name: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _SpeedColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            auto_refresh=False,
        )
        self._task = self._progress.add_task(name, total=None)
        self._progress.start()

    def update(self, frames: int, total: int) -> None:
        """Moves the bar."""
        self._progress.update(self._task, completed=frames, total=max(total, frames) if total else None)
        self._progress.refresh()

    def say(self, message: str) -> None:
        """Shows a line above the bar."""
        self._progress.console.print(message, highlight=False, markup=False)

    def stop(self, frames: int, total: int) -> None:
        """Leaves the bar at its last state."""
        self.update(frames, total)
        self._progress.stop()


class _SpeedColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f} fps" if task.speed else "", style="progress.data.speed")


class Lines:
    """A plain line every few seconds, for files and pipes."""

    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self._start = self._last = time.perf_counter()

    def update(self, frames: int, total: int) -> None:
        """Prints a line, if the last one is long ago."""
        if time.perf_counter() - self._last > LINE_INTERVAL_S:
            self._print(frames, total)

    def stop(self, frames: int, total: int) -> None:
        """Prints the last line, if something was done."""
        if frames:
            self._print(frames, total)

    def _print(self, frames: int, total: int) -> None:
        self._last = time.perf_counter()
        elapsed = self._last - self._start
        done = f"{frames}/{total} frames" if total else f"{frames} frames"
        left = f", {elapsed * (total - frames) / frames:.0f} s left" if 0 < frames < total else ""
        self.say(f"{self._name}: {done}, {frames / elapsed:.1f} fps, {elapsed:.0f} s{left}")

    def say(self, message: str) -> None:
        """Prints a line."""
        self._console.print(message, highlight=False, markup=False, soft_wrap=True)


def node_table(profiles: Sequence[NodeProfile], seconds: float) -> Table:
    """The per-node table of a run of so many seconds, in the order of the graph.

    The share of a node is of the wall time: 100 % is one thread that does nothing else.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("node", overflow="fold")
    for title in ("count", "mean ms", "p50 ms", "p99 ms", "total s", "share", "queue"):
        table.add_column(title, justify="right")
    for row in profiles:
        times = (row.mean_ms, row.p50_ms, row.p99_ms)
        table.add_row(
            Text(row.name),
            str(row.count),
            *(f"{value:.2f}" for value in times),
            f"{row.total_ms / 1000:.2f}",
            f"{row.total_ms / seconds / 10:.0f} %",
            str(row.queue),
        )
    return table


def histogram_table(histograms: Sequence[Histogram]) -> Table:
    """How many calls of each node took how long."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("calls", overflow="fold")
    first = histograms[0]
    for number in range(1, len(first.counts)):
        table.add_column(f"< {number * first.interval_us / 1000:g} ms", justify="right")
    table.add_column("longer", justify="right")
    for row in histograms:
        table.add_row(Text(row.node), *map(str, row.counts))
    return table
