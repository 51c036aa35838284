"""The `profiler_config` of a graph.

| field | here |
|---|---|
| `trace_enabled` | true: every call is recorded, and written at the end of the run |
| `trace_log_path` | begin of the file's name, PATH0.json; default mediapipe_trace_ in the temporary folder |
| `trace_log_count` | that many files are kept, the runs of a graph write them in turn; default 2 |
| `trace_log_disabled` | true: no file; `CalculatorGraph.trace` has the calls |
| `trace_log_capacity` | calls that are kept, the last ones; default 200,000 |
| `enable_profiler` | true, with `num_histogram_intervals` above 1: histograms of how long `Process` took |
| `histogram_interval_size_usec`, `num_histogram_intervals` | their intervals, the last one open; 1 s, 1 |
| `calculator_filter` | a regular expression: the names of the nodes that get a histogram; default all |

The per-node table (`CalculatorGraph.profile`) is there without any of them. The other fields are accepted
and have no effect: they say how MediaPipe's binary log is cut into pieces, or ask for what is always shown.
"""

import re
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tryon.errors import GraphError
from tryon.proto.calculator_pb2 import ProfilerConfig
from tryon.trace import CAPACITY, Trace
from tryon.trace_file import write_trace
from tryon.validated_graph import ValidatedGraph

DEFAULT_PATH = "mediapipe_trace_"
DEFAULT_FILES = 2
DEFAULT_INTERVAL_US = 1_000_000


@dataclass(frozen=True)
class Histogram:
    """How long one node's calls of `process` took.

    Attributes:
        node: its name.
        interval_us: how wide an interval is, in microseconds.
        counts: the calls in each interval; the last one has all that took longer, too.
    """

    node: str
    interval_us: int
    counts: tuple[int, ...]


class Profiler:
    """Does for the runs of one graph what its `profiler_config` asks for.

    Raises:
        GraphError: `calculator_filter` is no regular expression.
    """

    def __init__(self, config: ProfilerConfig) -> None:
        self._config = config
        self._runs = count()
        self._intervals = config.num_histogram_intervals if config.enable_profiler else 0
        self._path = config.trace_log_path or str(Path(tempfile.gettempdir()) / DEFAULT_PATH)
        self._writes = config.trace_enabled and not config.trace_log_disabled
        try:
            self._filter = re.compile(config.calculator_filter or ".*")
        except re.error as error:
            raise GraphError(
                f'profiler_config: calculator_filter "{config.calculator_filter}" is no regular expression: '
                f"{error}."
            ) from error

    def make_trace(self) -> Trace | None:
        """What a run that starts now is recorded in, None for nothing.

        Raises:
            GraphError: the folder of `trace_log_path` does not exist.
        """
        folder = Path(f"{self._path}0.json").parent
        if self._writes and not folder.is_dir():
            raise GraphError(f'profiler_config: trace_log_path: there is no folder "{folder}".')
        if not self._config.trace_enabled and self._intervals < 2:
            return None
        return Trace(self._config.trace_log_capacity or CAPACITY)

    def write(self, trace: Trace, graph: ValidatedGraph) -> None:
        """Writes the trace of a run that ended, if a file is wanted."""
        if self._writes:
            number = next(self._runs) % (self._config.trace_log_count or DEFAULT_FILES)
            write_trace(trace, graph, Path(f"{self._path}{number}.json"))

    def histograms(self, trace: Trace) -> list[Histogram]:
        """A histogram of each node that `calculator_filter` names; none where not asked for."""
        interval_us = self._config.histogram_interval_size_usec or DEFAULT_INTERVAL_US
        found: dict[str, list[int]] = {}
        for call in trace.calls if self._intervals > 1 else ():
            if call.step == "Process" and self._filter.fullmatch(call.node):
                counts = found.setdefault(call.node, [0] * self._intervals)
                counts[min((call.end_ns - call.start_ns) // 1000 // interval_us, self._intervals - 1)] += 1
        return [Histogram(node, interval_us, tuple(counts)) for node, counts in found.items()]
