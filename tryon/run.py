"""One run of a graph: its streams, nodes and queues, connected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from tryon.back_pressure import GraphInput, Source
from tryon.calculator import InputSidePacket
from tryon.errors import GraphError
from tryon.executor import executor_name
from tryon.explain import read_state
from tryon.input_policies import POLICIES, policy_config
from tryon.node import NodeRunner
from tryon.packet import Packet, empty_packet
from tryon.scheduler import Scheduler
from tryon.side_packet import SidePacketOutput, check_side_packet
from tryon.stream import InputQueue, Stream
from tryon.timestamp import Timestamp, is_allowed_in_stream, timestamp_text
from tryon.trace import Trace
from tryon.validated_graph import NodeInfo, ValidatedGraph

DEFAULT_MAX_QUEUE_SIZE = 100
RUN_FAILED = "CalculatorGraph::Run() failed: \n"
ADD_FAILED = "Graph has errors: \n"
INSTALL_ROOT = Path(__file__).resolve().parents[1]


class Run:
    """The state of one run of a graph.

    Attributes:
        graph: what runs.
        trace: where calls and added packets are recorded; None records nothing.

    Raises:
        GraphError: a side packet is missing or has the wrong type.
    """

    def __init__(
        self, graph: ValidatedGraph, side_packets: dict[str, Any], trace: Trace | None = None
    ) -> None:
        self.graph = graph
        self.trace = trace
        _check_side_packets(graph, side_packets)
        self.scheduler = Scheduler(graph, lambda: read_state(self).causes)
        self._dispatcher = self.scheduler.dispatcher
        self.streams = {
            name: Stream(name, kind.resolved() if (kind := graph.stream_type(name)) else ())
            for name in graph.producers
        }
        self.inputs = {
            name: GraphInput(self.streams[name]) for name, index in graph.producers.items() if index < 0
        }
        for graph_input in self.inputs.values():
            self._dispatcher.add_input(graph_input)
        self.side_outputs: dict[str, SidePacketOutput] = {}
        self.nodes: list[NodeRunner] = []
        self._sources: list[frozenset[Source]] = []
        roots = dict.fromkeys((*([graph.folder] if graph.folder else []), Path.cwd(), INSTALL_ROOT))
        for index, info in enumerate(graph.nodes):
            self._add_node(index, info, side_packets, tuple(roots))
        for node in self.nodes:
            for queue in node.queues:
                self._throttle(queue)
            readers = {reader for stream in node.outputs for reader in stream.consumers}
            node.one_by_one = len(node.outputs) > 1 and not all(r.policy.is_synchronised for r in readers)

    def add_poller(self, stream: str) -> InputQueue:
        """A queue for the application behind a stream, connected to the sources that it may hold back."""
        size = self.graph.config.max_queue_size or DEFAULT_MAX_QUEUE_SIZE
        queue = InputQueue(self.streams[stream], f'the poller of "{stream}"', None, size)
        self.streams[stream].is_polled = True
        self._throttle(queue)
        return queue

    def add(self, graph_input: GraphInput, packet: Packet, waits: bool) -> None:
        """Adds a packet to a graph input stream.

        Args:
            waits: waits while something downstream is full; else that is an error.

        Raises:
            GraphError: the packet does not fit, nobody can take it, or the run failed.
        """
        if not is_allowed_in_stream(packet.timestamp):
            text = timestamp_text(packet.timestamp)
            raise GraphError(f"{text} can't be the timestamp of a Packet in a stream.")
        scheduler, shard = self.scheduler, graph_input.shard
        if shard.was_closed or shard.stream.bound > Timestamp.POSTSTREAM:
            scheduler.drop_late(graph_input, packet)
            return
        if scheduler.errors:
            self.raise_errors(ADD_FAILED)
        if graph_input.full_queues:
            if waits:
                scheduler.wait_while_full(graph_input)
            elif scheduler.is_full(graph_input):
                raise GraphError(f'Graph is throttled: "{shard.name}" was not added, a queue is full.')
        try:
            shard.add_packet(packet)
        except GraphError as error:
            scheduler.fail(error)
            self.raise_errors(ADD_FAILED)
        if self.trace is not None:
            self.trace.added(shard.name, packet.timestamp, perf_counter_ns())
        scheduler.publish(graph_input)

    def raise_errors(self, prefix: str = RUN_FAILED) -> None:
        """Raises what went wrong so far, all in one."""
        with self.scheduler.lock:
            errors = list(self.scheduler.errors)
        if errors:
            messages = "\n".join(dict.fromkeys(str(error) for error in errors))
            raise GraphError(prefix + messages) from (errors[0].__cause__ or errors[0])

    def _add_node(
        self, index: int, info: NodeInfo, side_packets: dict[str, Any], roots: tuple[Path, ...]
    ) -> None:
        contract = info.contract
        config = self.graph.config
        size = config.max_queue_size or DEFAULT_MAX_QUEUE_SIZE
        queues = [
            InputQueue(
                self.streams[entry.name], f'input stream: "{entry.name}" of a node "{info}"', None, size
            )
            for entry in contract.inputs.tags
        ]
        sides = []
        waits: list[tuple[SidePacketOutput, int]] = []
        for position, entry in enumerate(contract.input_side_packets.tags):
            packet = empty_packet()
            if entry.name in self.side_outputs:
                waits.append((self.side_outputs[entry.name], position))
            elif entry.name in side_packets:
                packet = Packet(side_packets[entry.name])
            sides.append(InputSidePacket(entry.name, packet))
        outputs = [self.streams[entry.name] for entry in contract.outputs.tags]
        side_outputs = []
        for entry in contract.output_side_packets.tags:
            kind = contract.output_side_packets[entry.tag, entry.index]
            side_outputs.append(SidePacketOutput(entry.name, kind.resolved()))
            self.side_outputs[entry.name] = side_outputs[-1]
        handler = policy_config(info, config)
        policy = POLICIES[handler.input_stream_handler](
            queues, contract.inputs.tags, contract.process_timestamp_bounds, handler.options
        )
        node = NodeRunner(index, info, queues, outputs, policy, sides, side_outputs, roots, self.trace)
        for queue in queues:
            queue.node = node
            if node not in queue.stream.consumers:
                queue.stream.consumers.append(node)
        for side, position in waits:
            side.consumers.append((node, position))
            node.needs += 1
        sources: set[Source] = {node} if info.is_source else set()
        for position, entry in enumerate(contract.inputs.tags):
            producer = self.graph.producers[entry.name]
            if producer < 0:
                sources.add(self.inputs[entry.name])
            elif position not in info.back_edges:
                self._dispatcher.open_after(self.nodes[producer], node)
                sources |= self._sources[producer]
        self._sources.append(frozenset(sources))
        self.nodes.append(node)
        self._dispatcher.add_node(node, executor_name(info))

    def _throttle(self, queue: InputQueue) -> None:
        producer = self.graph.producers[queue.stream.name]
        sources = {self.inputs[queue.stream.name]} if producer < 0 else self._sources[producer]
        back_pressure = self._dispatcher.back_pressure
        queue.on_change = lambda changed: back_pressure.on_queue_change(changed, sources)


def _check_side_packets(graph: ValidatedGraph, given: dict[str, Any]) -> None:
    problems = [
        f'Side packet "{name}" is both provided and generated by a PacketGenerator.'
        for name in given
        if graph.side_producers.get(name, -1) >= 0
    ]
    for info in graph.nodes:
        types = info.contract.input_side_packets
        for entry in types.tags:
            kind = types[entry.tag, entry.index]
            if graph.side_producers[entry.name] >= 0:
                continue
            if entry.name in given:
                problem = check_side_packet(entry.name, given[entry.name], kind.resolved())
                if problem:
                    problems.append(problem)
            elif not kind.is_optional:
                problems.append(f'Side packet "{entry.name}" is required but was not provided.')
    if problems:
        messages = "\n".join(dict.fromkeys(problems))
        raise GraphError(f"ValidateRequiredSidePackets failed to validate: \n{messages}")


class OutputStreamPoller:
    """Gives a stream's packets to the application, one at a time; an iterator.

    The graph's sources pause while `max_queue_size` packets wait here.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._run: Run | None = None
        self._queue: InputQueue | None = None

    def attach(self, run: Run) -> None:
        """Called by the graph at the start of a run."""
        self._run = run
        self._queue = run.add_poller(self._name)

    def next(self) -> Packet | None:
        """The next packet, waiting for it; None at the end of the stream.

        Raises:
            GraphError: the graph failed, or was not started.
        """
        if self._run is None or self._queue is None:
            raise GraphError(f'The poller of "{self._name}" has nothing before start_run().')
        scheduler = self._run.scheduler
        scheduler.wait_for(self._queue)
        with scheduler.lock:
            if self._queue.packets:
                packet = self._queue.pop()
                scheduler.popped()
                return packet
        self._run.raise_errors()
        return None

    def __iter__(self) -> Iterator[Packet]:
        while (packet := self.next()) is not None:
            yield packet
