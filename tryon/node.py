"""One node of a running graph, and the calls of its calculator."""

from __future__ import annotations

import threading
import traceback
from collections import deque
from enum import Enum
from pathlib import Path
from time import perf_counter_ns
from typing import Final

from tryon.calculator import (
    STOP,
    Calculator,
    CalculatorContext,
    Collection,
    InputSidePacket,
    InputStream,
    OutputSidePacket,
    OutputStream,
)
from tryon.errors import GraphError
from tryon.input_policies import InputPolicy
from tryon.packet import empty_packet
from tryon.profile import NodeProfile, Timer
from tryon.side_packet import SidePacketOutput
from tryon.stream import DONE, MAX, MIN, POSTSTREAM, PRESTREAM, InputQueue, OutputStreamShard, Stream
from tryon.timestamp import Timestamp, is_range_value, next_allowed_in_stream, timestamp_text
from tryon.trace import Call, Trace
from tryon.validated_graph import NodeInfo

SOURCES: Final = 1 << 70  # priorities of sources are above those of all other nodes
UNSET: Final = Timestamp.UNSET


class State(Enum):
    """The life of a node in one run."""

    WAITING = 0
    OPEN = 1
    CLOSED = 2


class Step(Enum):
    """What a call is for."""

    OPEN = "Open"
    PROCESS = "Process"
    CLOSE = "Close"


OPEN: Final = State.OPEN
OPEN_STEP: Final = Step.OPEN
PROCESS: Final = Step.PROCESS
CLOSE_STEP: Final = Step.CLOSE


class Invocation:
    """One call of a node's calculator: what it sees and what it sends.

    A node has `max_in_flight` of them, which are used again and again.

    Attributes:
        inputs, outputs: the streams as this call sees them.
        started_ns: when it began, on the clock of `time.perf_counter_ns`; 0 when it has not.
        is_finished: the calculator's code has returned, the outputs may not be published yet.
    """

    __slots__ = (
        "context",
        "inputs",
        "is_finished",
        "node",
        "outputs",
        "slot",
        "started_ns",
        "step",
    )

    def __init__(
        self,
        node: NodeRunner,
        slot: int,
        streams: list[Stream],
        input_side_packets: list[InputSidePacket],
        side_outputs: list[SidePacketOutput],
        resource_roots: tuple[Path, ...],
    ) -> None:
        contract = node.info.contract
        self.node = node
        self.slot = slot
        self.step = OPEN_STEP
        self.started_ns = 0
        self.is_finished = False
        self.inputs = [InputStream(queue.stream.name) for queue in node.queues]
        for stream in self.inputs:
            stream.packet = empty_packet(Timestamp.UNSTARTED)
        self.outputs = [OutputStreamShard(stream) for stream in streams]
        outputs: list[OutputStream] = list(self.outputs)
        sides: list[OutputSidePacket] = list(side_outputs)
        self.context = CalculatorContext(
            node.info.node,
            node.name,
            Collection(contract.inputs.tags, self.inputs),
            Collection(contract.outputs.tags, outputs),
            Collection(contract.input_side_packets.tags, input_side_packets),
            Collection(contract.output_side_packets.tags, sides),
            resource_roots,
        )

    def __lt__(self, other: Invocation) -> bool:
        return self.slot < other.slot

    def run(self) -> GraphError | None:
        """Calls the calculator, without the lock; returns what went wrong."""
        node, context = self.node, self.context
        self.started_ns = perf_counter_ns()
        error: GraphError | None = None
        try:
            if self.step is PROCESS:
                status = node.process(context)
                node.timer.durations.append(perf_counter_ns() - self.started_ns)
                if status is STOP or (node.is_source and all(shard.is_closed for shard in self.outputs)):
                    node.stopping = True  # never set back: close_sources may have set it meanwhile
            elif self.step is OPEN_STEP:
                for stream, queue in zip(self.inputs, node.queues, strict=True):
                    stream.header = queue.stream.header
                node.open(context)
            else:
                context.input_timestamp = DONE
                node.close(context)
        except Exception as raised:  # noqa: BLE001 - a calculator's code may raise anything
            error = node.failure(self.step, context.input_timestamp, raised)
        if node.trace is not None:
            node.trace.record(self._traced(perf_counter_ns()))
        return error

    def _traced(self, end_ns: int) -> Call:
        """The call that just ended; what it sent is not committed yet."""
        received = self.inputs if self.step is PROCESS else []
        return Call(
            self.node.name,
            self.step.value,
            self.context.input_timestamp,
            self.started_ns,
            end_ns,
            threading.current_thread().name,
            tuple([(stream.name, stream.packet.timestamp) for stream in received if not stream.is_empty]),
            tuple([(shard.name, packet.timestamp) for shard in self.outputs for packet in shard.added]),
        )

    def commit_bound(self) -> int:
        """The outputs' bound after this call."""
        node = self.node
        if node.offset is None or node.is_source or self.step is not PROCESS:
            return UNSET
        timestamp = self.context.input_timestamp
        if MIN <= timestamp <= MAX:
            bound = timestamp + 1 + node.offset
            return bound if bound <= POSTSTREAM else POSTSTREAM  # min() would take twice as long
        # A PreStream packet ends the stream that it came on, not those of the other inputs.
        return UNSET if timestamp == PRESTREAM else next_allowed_in_stream(timestamp)


class NodeRunner:
    """Runs one calculator: holds its state in a run, and turns what it raises into a message.

    Guarded by the run's lock, but for what `Invocation.run` calls.

    Attributes:
        state: where the node is in its life.
        priority: nodes near the end of the graph run first; 0 for a source, see `source_priority`.
        ready: the heap of the executor that the node runs on.
        calls: all that can be under way at once.
        idle: calls that can be made; `in_flight`: calls under way, in the order of their timestamps.
        needs: open steps of other nodes and side packets that its own open waits for.
        full_queues: for a source, the queues downstream that are full.
        undelivered: its output side packets that were not set yet.
        one_by_one: one of its outputs' readers minds the order in which they change.
        process: the calculator's `process`.
    """

    def __init__(
        self,
        index: int,
        info: NodeInfo,
        inputs: list[InputQueue],
        outputs: list[Stream],
        policy: InputPolicy,
        input_side_packets: list[InputSidePacket],
        side_outputs: list[SidePacketOutput],
        resource_roots: tuple[Path, ...],
        trace: Trace | None,
    ) -> None:
        self.index = index
        self.info = info
        self.name = info.name
        self.queues = inputs
        self.outputs = outputs
        self.policy = policy
        self.is_source = info.is_source
        # A source always goes on; with bounds, a stream may settle timestamps before the one processed.
        self.looks_again = self.is_source or info.contract.process_timestamp_bounds
        self.layer = info.node.source_layer
        self.priority = 0 if self.is_source else -1 - index
        self.ready: list[tuple[int, Invocation]] = []
        self.offset = info.contract.timestamp_offset
        self.state = State.WAITING
        self.dirty = False
        self.stopping = False
        self.failed = False
        self.needs = 0
        self.full_queues: set[InputQueue] = set()
        self.timer = Timer()
        self.trace = trace
        self.undelivered = list(side_outputs)
        self.one_by_one = False
        self.input_side_packets = input_side_packets
        self.calculator: Calculator | None = None
        calls = 1 if self.is_source else max(1, info.node.max_in_flight)
        self.calls = [
            Invocation(self, slot, outputs, input_side_packets, side_outputs, resource_roots)
            for slot in range(calls)
        ]
        self.idle = list(self.calls)
        self.in_flight: deque[Invocation] = deque()

    @property
    def current(self) -> Invocation:
        """The oldest call under way, or the last one."""
        return self.in_flight[0] if self.in_flight else self.idle[-1]

    @property
    def busy(self) -> bool:
        """True while a call is scheduled or under way."""
        return bool(self.in_flight)

    def source_priority(self) -> int:
        """Sources run last, the one that is furthest behind first."""
        return SOURCES + min((stream.bound for stream in self.outputs), default=0)

    def open(self, context: CalculatorContext) -> None:
        """Makes the calculator and opens it."""
        calculator = self.info.calculator()
        calculator.open(context)
        self.process = calculator.process
        self.calculator = calculator

    def close(self, context: CalculatorContext) -> None:
        """Closes the calculator, if it was opened."""
        if self.calculator is not None:
            self.calculator.close(context)

    def close_after_run(self, failed: bool) -> GraphError | None:
        """Closes a calculator that the run left open."""
        if self.state is not OPEN:
            return None
        self.state = State.CLOSED
        invocation = self.current
        invocation.step = CLOSE_STEP
        invocation.context.graph_failed = failed
        return invocation.run()

    def output_bound(self, input_bound: int) -> int:
        """What the inputs' bound promises for the outputs."""
        if self.offset is None or input_bound == Timestamp.ONE_OVER_POSTSTREAM:
            return UNSET
        return input_bound + self.offset if is_range_value(input_bound) else input_bound

    def has_more(self, call: Invocation) -> bool:
        """True when, after a call, there may be something to process, forward or close already."""
        if call.step is not PROCESS or self.looks_again or self.stopping:
            return True
        settled = call.context.input_timestamp + 1
        for queue in self.queues:  # a loop is quicker than any() here
            if queue.packets or queue.stream.bound > settled:
                break
        else:
            return False
        return True

    def profile(self) -> NodeProfile:
        """The node's row in the per-node table."""
        return self.timer.profile(
            self.name, self.info.node.calculator, max((queue.most for queue in self.queues), default=0)
        )

    def notes(self) -> list[str]:
        """What the calculator has said about the run."""
        return [note for call in self.calls for note in call.context.notes]

    def failure(self, step: Step, timestamp: int, error: Exception) -> GraphError:
        """The message for what the calculator raised."""
        at = ""
        if step is PROCESS and not self.is_source:
            at = f" (at timestamp {timestamp_text(timestamp)})"
        detail = str(error)
        if not isinstance(error, GraphError):
            frames = traceback.extract_tb(error.__traceback__)
            place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if len(frames) > 1 else ""
            detail = f"{type(error).__name__}: {error}{place}"
        where = self.info.origin.where()
        failure = GraphError(f'{where}Calculator::{step.value}() for node "{self.name}" failed: {detail}{at}')
        failure.__cause__ = error
        return failure
