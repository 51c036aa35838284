"""CalculatorGraph: what graph authors and applications hold in their hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from google.protobuf import text_format

from tryon.back_pressure import GraphInput
from tryon.config import Config, GraphSource, read_graph
from tryon.errors import GraphError
from tryon.explain import GraphState, explain_run
from tryon.observers import Observer, ObserverCallback
from tryon.packet import Packet
from tryon.profile import NodeProfile
from tryon.profiler_config import Histogram, Profiler
from tryon.proto.pool import POOL
from tryon.renderer import Renderer
from tryon.run import OutputStreamPoller, Run
from tryon.timestamp import Timestamp
from tryon.trace import Trace
from tryon.validation import validate


class GraphInputStreamAddMode(Enum):
    """What adding a packet does while something downstream is full."""

    WAIT_TILL_NOT_FULL = 0
    ADD_IF_NOT_FULL = 1


class CalculatorGraph:
    """A graph of calculators; runs as often as it is started.

    Args:
        graph_config: a file (Path), protobuf text (str), a CalculatorGraphConfig, or a graph read already.
        subgraphs: graphs with a `type`, usable as nodes besides those found in files.
        settings: changes of options, each "node.option=value" (see `tryon.set_option`).
        renderer: draws on the GPU what it can (see `tryon.renderer`); without, all runs on the CPU.

    Attributes:
        graph_input_stream_add_mode: wait (default) or refuse while something downstream is full.

    Raises:
        GraphError: the graph cannot be read or is not valid; lists all problems.

    Example:
        >>> graph = CalculatorGraph('''
        ...     input_stream: "in"
        ...     output_stream: "out"
        ...     node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
        ... ''')
        >>> with graph:
        ...     graph.observe_output_stream("out", lambda name, packet: print(packet.value))
        ...     graph.start_run()
        ...     graph.add_packet_to_input_stream("in", "hello", 0)
        hello
    """

    def __init__(
        self,
        graph_config: str | Path | Config | GraphSource,
        subgraphs: Sequence[GraphSource | str | Path | Config] = (),
        settings: Sequence[str] = (),
        renderer: Renderer | None = None,
    ) -> None:
        given = [read_graph(item) for item in subgraphs]
        self.validated = validate(read_graph(graph_config), given, settings, renderer)
        self.graph_input_stream_add_mode = GraphInputStreamAddMode.WAIT_TILL_NOT_FULL
        self._observers: list[tuple[str, ObserverCallback, bool, bool]] = []
        self._pollers: list[tuple[str, OutputStreamPoller]] = []
        self._run: Run | None = None
        self._last: Run | None = None
        self._observed = 0
        self._profiler = Profiler(self.config.profiler_config)

    @property
    def config(self) -> Config:
        """The graph as it runs: subgraphs expanded, nodes in topological order."""
        return self.validated.config

    @property
    def text_config(self) -> str:
        """`config` as protobuf text."""
        return text_format.MessageToString(self.config, descriptor_pool=POOL)

    @property
    def binary_config(self) -> bytes:
        """`config` in protobuf's wire format."""
        return self.config.SerializeToString()

    def observe_output_stream(
        self,
        stream_name: str,
        callback: ObserverCallback,
        observe_timestamp_bounds: bool = False,
        observe_end: bool = False,
    ) -> None:
        """Calls `callback(stream_name, packet)` for every packet of any stream, in order.

        With `observe_timestamp_bounds` also an empty packet for each timestamp that settled empty, with
        `observe_end` an empty packet at Timestamp.DONE when the stream ends.

        Raises:
            GraphError: there is no such stream, or the run has started.
        """
        if stream_name not in self.validated.producers:
            raise GraphError(
                f'Unable to attach observer to output stream "{stream_name}" because it doesn\'t exist.'
            )
        if self._run is not None:
            raise GraphError(f'Attach the observer of "{stream_name}" before start_run().')
        self._observers.append((stream_name, callback, observe_timestamp_bounds, observe_end))

    def add_output_stream_poller(self, stream_name: str) -> OutputStreamPoller:
        """A poller for a stream; before `start_run`.

        Raises:
            GraphError: there is no such stream, or the run has started.
        """
        if stream_name not in self.validated.producers:
            raise GraphError(
                f'Unable to attach poller to output stream "{stream_name}" because it doesn\'t exist.'
            )
        if self._run is not None:
            raise GraphError(f'Attach the poller of "{stream_name}" before start_run().')
        poller = OutputStreamPoller(stream_name)
        self._pollers.append((stream_name, poller))
        return poller

    def start_run(
        self, input_side_packets: Mapping[str, Any] | None = None, trace: Trace | None = None
    ) -> None:
        """Opens the calculators and starts the sources.

        Args:
            input_side_packets: values (or packets) by name; what no node asks for is ignored.
            trace: records the calls of this run, see `tryon.trace`.

        Raises:
            GraphError: a side packet is missing or has the wrong type, or a run is under way.
        """
        if self._run is not None:
            raise GraphError("The graph is running already; wait_until_done() ends a run.")
        given = {
            name: value.value if isinstance(value, Packet) else value
            for name, value in (input_side_packets or {}).items()
        }
        self._observed = 0
        run = Run(self.validated, given, trace or self._profiler.make_trace())
        for name, callback, bounds, end in self._observers:
            run.streams[name].observers.append(Observer(callback, bounds, end))
        for _, poller in self._pollers:
            poller.attach(run)
        self._run = run
        run.scheduler.start()

    def add_packet_to_input_stream(self, stream: str, packet: Any, timestamp: int | None = None) -> None:
        """Adds a packet, or a value at `timestamp`, to a graph input stream.

        Waits while something downstream is full (see `graph_input_stream_add_mode`). After the
        stream's end a packet fails the run or, once nobody reads the stream any more, is dropped, as in
        MediaPipe.

        Raises:
            GraphError: the stream is unknown or fed by a node, the run has not started or failed, or
                the packet's type or timestamp does not fit.
        """
        run = self._run
        if run is None:
            raise GraphError("CalculatorGraph::AddPacketToInputStream() is called before StartRun()")
        graph_input = run.inputs.get(stream) or self._input(stream, "AddPacketToInputStream")
        if not isinstance(packet, Packet):
            packet = Packet(packet, Timestamp.UNSET if timestamp is None else timestamp)
        elif timestamp is not None:
            packet = packet.at(timestamp)
        waits = self.graph_input_stream_add_mode is GraphInputStreamAddMode.WAIT_TILL_NOT_FULL
        run.add(graph_input, packet, waits)

    def set_input_stream_timestamp_bound(self, stream: str, bound: int) -> None:
        """Promises that no packet before `bound` will be added to a graph input stream."""
        graph_input = self._input(stream, "SetInputStreamTimestampBound")
        graph_input.shard.set_next_timestamp_bound(bound)
        self._started().scheduler.publish(graph_input)

    def close_input_stream(self, stream: str) -> None:
        """No packet comes any more on a graph input stream."""
        graph_input = self._input(stream, "CloseInputStream")
        graph_input.shard.close()
        self._started().scheduler.publish(graph_input)

    def close_all_packet_sources(self) -> None:
        """Closes the graph input streams and asks the sources to end; what is under way is finished."""
        run = self._run
        if run is None:
            return
        for graph_input in run.inputs.values():
            graph_input.shard.close()
            run.scheduler.publish(graph_input)
        run.scheduler.close_sources()

    def cancel(self) -> None:
        """Ends the run as soon as the calculators that are running return; packets under way are lost."""
        run = self._run
        if run is not None:
            causes = "".join(f"\nIt did not go on: {cause}" for cause in explain_run(run).causes)
            run.scheduler.fail(GraphError(f"The run was cancelled.{causes}"))

    def wait_until_idle(self) -> None:
        """Waits until all that was added is processed.

        Raises:
            GraphError: the run failed.
        """
        run = self._started()
        run.scheduler.wait_until_idle()
        run.raise_errors()

    def wait_until_done(self) -> None:
        """Waits for the end of the run and closes it; the graph may then be started again.

        Raises:
            GraphError: the run failed; the first calculator's exception is its `__cause__`.
        """
        run = self._started()
        run.scheduler.wait_until_done()
        self._finish(run)
        run.raise_errors()

    def wait_for_observed_output(self) -> None:
        """Waits until an observer was told something since the last call of this method.

        Raises:
            GraphError: the run failed, or ended without telling any observer anything more.
        """
        run = self._started()
        before, self._observed = self._observed, run.scheduler.wait_for_observed_output(self._observed)
        run.raise_errors()
        if self._observed == before:
            raise GraphError("The run ended: no observer will be told anything more.")

    def close(self) -> None:
        """Closes all packet sources and waits for the end of the run; nothing where none is under way.

        Raises:
            GraphError: the run failed.
        """
        if self._run is not None:
            self.close_all_packet_sources()
            self.wait_until_done()

    def has_error(self) -> bool:
        """True when the run under way failed."""
        return self._run is not None and bool(self._run.scheduler.errors)

    def get_combined_error_message(self) -> str:
        """What went wrong so far in the run under way, "" for nothing."""
        try:
            if self._run is not None:
                self._run.raise_errors("")
        except GraphError as error:
            return str(error)
        return ""

    def get_output_side_packet(self, name: str) -> Packet:
        """An output side packet of the run under way or, else, of the last one.

        Raises:
            GraphError: no node makes it, or it is not set.
        """
        run = self._run or self._last
        side = run.side_outputs.get(name) if run else None
        if side is None:
            raise GraphError(f'Unable to get the output side packet "{name}" because it doesn\'t exist.')
        if side.packet.is_empty:
            raise GraphError(f'The output side packet "{name}" is unavailable.')
        return side.packet

    def stream_header(self, name: str) -> Any:
        """What a stream's producer announced in `open` for all of it, None for nothing.

        Of the run under way or, else, of the last one.

        Raises:
            GraphError: there is no such stream, or the graph has not been started.
        """
        run = self._run or self._last
        if run is None or name not in run.streams:
            raise GraphError(f'There is no stream "{name}", or the graph has not been started.')
        return run.streams[name].header

    def explain(self) -> GraphState:
        """What each node is doing or waits for, in the run under way or, else, at the end of the last one.

        Callable from any thread at any time; `print` it when a run seems to hang.

        Raises:
            GraphError: the graph has not been started.
        """
        run = self._run or self._last
        if run is None:
            raise GraphError("There is nothing to explain before start_run().")
        return explain_run(run)

    @property
    def trace(self) -> Trace | None:
        """What the run under way or, else, the last one recorded; None where nothing asked for it."""
        run = self._run or self._last
        return run.trace if run else None

    def histograms(self) -> list[Histogram]:
        """How long each node's calls took, as `profiler_config` asks for; none where it does not."""
        return self._profiler.histograms(self.trace) if self.trace else []

    def profile(self) -> list[NodeProfile]:
        """The per-node table of the run under way or, else, of the last one."""
        run = self._run or self._last
        return [node.profile() for node in run.nodes] if run else []

    def notes(self) -> list[tuple[str, str]]:
        """What calculators have said about the run under way or, else, the last one: (node, text)."""
        run = self._run or self._last
        return [(node.name, note) for node in run.nodes for note in node.notes()] if run else []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the run: normally after a normal end of the block, by `cancel` after an exception."""
        run = self._run
        if run is None:
            return
        if error is None:
            self.close()
            return
        self.cancel()
        run.scheduler.wait_until_done()
        self._finish(run)

    def _finish(self, run: Run) -> None:
        run.scheduler.finish()
        self._run, self._last = None, run
        if run.trace is not None:
            try:
                self._profiler.write(run.trace, self.validated)
            except OSError as error:
                run.scheduler.errors.append(GraphError(f"profiler_config: no trace was written: {error}"))

    def _started(self) -> Run:
        if self._run is None:
            raise GraphError("The graph is not running; call start_run() first.")
        return self._run

    def _input(self, stream: str, call: str) -> GraphInput:
        graph_input = self._started().inputs.get(stream)
        if graph_input is None:
            what = "is called on input stream" if stream in self.validated.producers else "found no stream"
            raise GraphError(
                f'CalculatorGraph::{call}() {what} "{stream}", which is not a graph input stream '
                f"(those are: {', '.join(self._started().inputs) or 'none'})."
            )
        return graph_input
