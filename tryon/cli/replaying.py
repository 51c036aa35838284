"""`tryon replay`: runs a recorded graph, or nodes of it, again and compares."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tryon.cli.progress import Reporter
from tryon.cli.waiting import Watch, wait
from tryon.recording import Recording
from tryon.recording.compare import StreamComparison
from tryon.recording.replay import prepare_replay


@dataclass(frozen=True)
class ReplayResult:
    """How a replay went.

    Attributes:
        nodes: the names of the nodes that ran.
        comparisons: of each recorded stream that they made.
        interrupted: Ctrl-C was pressed.
    """

    nodes: list[str]
    comparisons: list[StreamComparison]
    interrupted: bool

    @property
    def packets(self) -> int:
        """How many were compared."""
        return sum(stream.packets for stream in self.comparisons)

    @property
    def different(self) -> int:
        """How many of them differ."""
        return sum(stream.different for stream in self.comparisons)


def replay(
    folder: Path, nodes: Sequence[str], threads: int, make_reporter: Callable[[], Reporter]
) -> ReplayResult:
    """Replays a recording to its end, or until Ctrl-C.

    Raises:
        GraphError: it cannot be read, what was asked for is not in it, or the run failed.
    """
    recording = Recording(folder)
    prepared = prepare_replay(recording, nodes, threads)
    graph = prepared.graph
    watch = Watch()
    slowest = prepared.comparisons[0].stream
    watch.total = recording.manifest["streams"][slowest].get("packets", 0)
    graph.observe_output_stream(slowest, watch.frame)
    graph.start_run(prepared.side_packets)
    interrupts = wait(graph, watch, make_reporter())
    if not interrupts:
        for stream in prepared.comparisons:
            stream.finish()
    return ReplayResult(prepared.nodes, prepared.comparisons, interrupts > 0)


def comparison_table(comparisons: Sequence[StreamComparison]) -> Table:
    """A row for each stream."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("stream", overflow="fold")
    for title in ("packets", "different", "largest"):
        table.add_column(title, justify="right")
    table.add_column("first difference", overflow="fold")
    for stream in comparisons:
        largest = "-" if math.isinf(stream.largest) else f"{stream.largest:.3g}"
        table.add_row(
            Text(stream.stream),
            str(stream.packets),
            str(stream.different),
            largest if stream.different else "0",
            Text(stream.first),
        )
    return table
