"""One node of a running graph."""

import threading
import time
import traceback
from enum import Enum
from pathlib import Path

from tryon.calculator import (
    Calculator,
    CalculatorContext,
    Collection,
    InputSidePacket,
    InputStream,
    OutputSidePacket,
    OutputStream,
    ProcessStatus,
)
from tryon.errors import GraphError
from tryon.input_policies import InputPolicy
from tryon.packet import empty_packet
from tryon.profile import NodeProfile, Timer
from tryon.side_packet import SidePacketOutput
from tryon.stream import InputQueue, Stream
from tryon.timestamp import Timestamp, is_range_value, next_allowed_in_stream, timestamp_text
from tryon.trace import Call, Trace
from tryon.validated_graph import NodeInfo


class State(Enum):
    """The life of a node in one run."""

    WAITING = 0
    OPEN = 1
    CLOSED = 2


class Step(Enum):
    """What a scheduled node does next."""

    OPEN = "Open"
    PROCESS = "Process"
    CLOSE = "Close"


class NodeRunner:
    """Runs one calculator: makes its context, calls it, and turns what it raises into a message.

    Everything but `execute` happens under the scheduler's lock.

    Attributes:
        state, step, busy: where the node is in its life; busy while scheduled or running.
        needs: open steps of other nodes and side packets that its own open waits for.
        full_queues: for a source, the queues downstream that are full.
        priority: the heap key of its tasks: nodes near the end of the graph first, sources last.
        side_outputs: its output side packets.
        started_ns: when the last step began, on `time.perf_counter_ns`.
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
        contract = info.contract
        self.index = index
        self.info = info
        self.name = info.name
        self.queues = inputs
        self.outputs = outputs
        self.policy = policy
        self.is_source = info.is_source
        self.offset = contract.timestamp_offset
        self.priority = (1, 0, index) if info.is_source else (0, -index, 0)
        self.state = State.WAITING
        self.step = Step.OPEN
        self.busy = False
        self.dirty = False
        self.stopping = False
        self.needs = 0
        self.full_queues: set[InputQueue] = set()
        self.timer = Timer()
        self.started_ns = 0
        self._trace = trace
        self.inputs = [InputStream(queue.stream.name) for queue in inputs]
        for stream in self.inputs:
            stream.packet = empty_packet(Timestamp.UNSTARTED)
        self.side_outputs = side_outputs
        streams: list[OutputStream] = list(outputs)
        sides: list[OutputSidePacket] = list(side_outputs)
        self._calculator: Calculator | None = None
        self.context = CalculatorContext(
            info.node,
            info.name,
            Collection(contract.inputs.tags, self.inputs),
            Collection(contract.outputs.tags, streams),
            Collection(contract.input_side_packets.tags, input_side_packets),
            Collection(contract.output_side_packets.tags, sides),
            resource_roots,
        )

    def execute(self) -> GraphError | None:
        """Calls the calculator for the current step, without the lock; returns what went wrong."""
        self.started_ns = time.perf_counter_ns()
        error = self._call()
        if self._trace is not None:
            self._trace.record(self._traced(time.perf_counter_ns()))
        return error

    def _call(self) -> GraphError | None:
        context = self.context
        step = self.step
        try:
            if step is Step.PROCESS:
                assert self._calculator is not None
                status = self._calculator.process(context)
                self.timer.add(time.perf_counter_ns() - self.started_ns)
                if status is ProcessStatus.STOP:  # never set back: close_sources may have set it meanwhile
                    self.stopping = True
            elif step is Step.OPEN:
                for stream, queue in zip(self.inputs, self.queues, strict=True):
                    stream.header = queue.stream.header
                calculator = self.info.calculator()
                calculator.open(context)
                self._calculator = calculator
            elif self._calculator is not None:
                context.input_timestamp = Timestamp.DONE
                self._calculator.close(context)
        except Exception as error:  # noqa: BLE001 - a calculator's code may raise anything
            return self._failure(step, error)
        return None

    def close_after_run(self, failed: bool) -> GraphError | None:
        """Closes a calculator that the run left open."""
        if self.state is not State.OPEN:
            return None
        self.state = State.CLOSED
        self.step = Step.CLOSE
        self.context.graph_failed = failed
        return self.execute()

    def output_bound(self, input_bound: int) -> int:
        """What the inputs' bound promises for the outputs."""
        if self.offset is None:
            return Timestamp.UNSET
        return input_bound + self.offset if is_range_value(input_bound) else input_bound

    def commit_bound(self) -> int:
        """The outputs' bound after the step that just ended."""
        if self.offset is None or self.is_source or self.step is not Step.PROCESS:
            return Timestamp.UNSET
        if self.context.input_timestamp == Timestamp.PRESTREAM:
            return Timestamp.UNSET  # ends the stream that it came on, not those of the other inputs
        return self.output_bound(next_allowed_in_stream(self.context.input_timestamp))

    def has_more(self) -> bool:
        """True when, after a step, there may be something to process, forward or close already."""
        if self.step is not Step.PROCESS or self.is_source or self.stopping:
            return True
        if self.info.contract.process_timestamp_bounds:  # a stream may settle timestamps before this one
            return True
        settled = self.context.input_timestamp + 1
        return any(queue.packets or queue.stream.bound > settled for queue in self.queues)

    def profile(self) -> NodeProfile:
        """The node's row in the per-node table."""
        timer = self.timer
        return NodeProfile(
            self.name,
            self.info.node.calculator,
            timer.count,
            timer.total_ns / 1e6,
            timer.total_ns / 1e6 / max(timer.count, 1),
            timer.quantile_ms(0.5),
            timer.quantile_ms(0.99),
            max((queue.most for queue in self.queues), default=0),
        )

    def _traced(self, end_ns: int) -> Call:
        """The step that just ended; what it sent is not committed yet."""
        received = self.inputs if self.step is Step.PROCESS else []
        return Call(
            self.name,
            self.step.value,
            self.context.input_timestamp,
            self.started_ns,
            end_ns,
            threading.current_thread().name,
            tuple([(stream.name, stream.packet.timestamp) for stream in received if not stream.is_empty]),
            tuple([(stream.name, timestamp) for stream in self.outputs for timestamp in stream.added()]),
        )

    def _failure(self, step: Step, error: Exception) -> GraphError:
        at = ""
        if step is Step.PROCESS and not self.is_source:
            at = f" (at timestamp {timestamp_text(self.context.input_timestamp)})"
        detail = str(error)
        if not isinstance(error, GraphError):
            frames = traceback.extract_tb(error.__traceback__)
            place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if len(frames) > 1 else ""
            detail = f"{type(error).__name__}: {error}{place}"
        where = self.info.origin.where()
        failure = GraphError(f'{where}Calculator::{step.value}() for node "{self.name}" failed: {detail}{at}')
        failure.__cause__ = error
        return failure
