"""FlowLimiterCalculator."""

from collections import deque

from calculators.core import core_pb2
from calculators.core.headers import copy_headers
from tryon import (
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    Packet,
    ProcessStatus,
    Timestamp,
    register,
)
from tryon.calculator import InputStream, OutputStream
from tryon.timestamp import next_allowed_in_stream

FINISHED = "FINISHED"
ALLOW = "ALLOW"
MAX_IN_FLIGHT = "MAX_IN_FLIGHT"
OPTIONS = "OPTIONS"


@register
class FlowLimiterCalculator(Calculator):
    """Drops frames that come faster than the nodes behind it finish them, so that latency stays low.

    The first input decides; the packets of the others follow its latest decision at or before their
    own timestamp. FINISHED usually closes a cycle, and has to be marked as a back edge then; a
    timestamp that settles there without a packet counts as finished too.

    Inputs:
        0: frames; further untagged inputs are dropped along with it.
        FINISHED: anything, at the timestamp of the frame that is finished.
        OPTIONS: mediapipe.FlowLimiterCalculatorOptions, the fields set in it count from now on (optional).

    Outputs:
        0: the frames that were let through; as many untagged outputs as untagged inputs.
        ALLOW: bool at every frame's timestamp, True when it was let through (optional).

    Input side packets:
        MAX_IN_FLIGHT: int, takes the place of the option max_in_flight (optional).
        OPTIONS: mediapipe.FlowLimiterCalculatorOptions, the fields set in it take the place of the
            node's options (optional).

    Options:
        mediapipe.FlowLimiterCalculatorOptions
        max_in_flight: frames that may be under way at once, >= 1, default 1; negative: no limit.
        max_in_queue: frames that may wait here, >= 0, default 0: what cannot start at once is dropped;
            negative: no limit.
        in_flight_timeout: microseconds after which a frame under way counts as lost, default 0: never.

    Example:
        node {
          calculator: "FlowLimiterCalculator"
          input_stream: "camera_frames"
          input_stream: "FINISHED:output_frames"
          input_stream_info { tag_index: "FINISHED" back_edge: true }
          output_stream: "frames"
        }
    """

    Options = core_pb2.FlowLimiterCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs = contract.inputs.all_of("")
        if not inputs:
            raise GraphError("At least one untagged input stream is needed.")
        for index, source in enumerate(inputs):
            contract.outputs["", index].set_same_as(source.set_any())
        contract.inputs[FINISHED].set_any()
        if ALLOW in contract.outputs:
            contract.outputs[ALLOW].set(bool)
        if MAX_IN_FLIGHT in contract.input_side_packets:
            contract.input_side_packets[MAX_IN_FLIGHT].set(int).optional()
        for types in (contract.inputs, contract.input_side_packets):
            if OPTIONS in types:
                types[OPTIONS].set(cls.Options).optional()
        contract.input_stream_handler = "ImmediateInputStreamHandler"
        contract.process_timestamp_bounds = True

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        sides = context.input_side_packets
        if OPTIONS in sides and not sides[OPTIONS].is_empty:
            self._options.MergeFrom(sides[OPTIONS].value)
        if MAX_IN_FLIGHT in sides and not sides[MAX_IN_FLIGHT].is_empty:
            self._options.max_in_flight = sides[MAX_IN_FLIGHT].value
        self._in_flight: deque[int] = deque()
        self._waiting: list[deque[Packet]] = [deque() for _ in context.inputs.all_of("")]
        self._decisions: deque[tuple[int, bool]] = deque([(Timestamp.UNSET, True)])
        copy_headers(context)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        inputs = context.inputs.all_of("")
        now = context.input_timestamp
        if OPTIONS in context.inputs and not context.inputs[OPTIONS].is_empty:
            self._options.MergeFrom(context.inputs[OPTIONS].value)
        if context.inputs[FINISHED].packet.timestamp == now:
            self._forget_frames(now)
        for source, waiting in zip(inputs, self._waiting, strict=True):
            if not source.is_empty:
                waiting.append(source.packet)
        timeout = self._options.in_flight_timeout
        if timeout > 0 and inputs[0].packet.timestamp == now < Timestamp.MAX:
            self._forget_frames(now - timeout - 1)
        self._decide(context)
        self._forward_others(context)
        return None

    def _forget_frames(self, until: int) -> None:
        while self._in_flight and self._in_flight[0] <= until:
            self._in_flight.popleft()

    def _decide(self, context: CalculatorContext) -> None:
        """Lets frames of the first input through, drops them or keeps them waiting."""
        waiting, output = self._waiting[0], context.outputs["", 0]
        while waiting and _is_below(len(self._in_flight), self._options.max_in_flight):
            self._in_flight.append(waiting[0].timestamp)
            output.add_packet(waiting[0])
            self._note(context, waiting.popleft(), True)
        while waiting and not _is_below(len(waiting) - 1, self._options.max_in_queue):
            self._note(context, waiting.popleft(), False)
        _settle(output, waiting, context.inputs["", 0])
        if ALLOW in context.outputs and not waiting:
            _settle(context.outputs[ALLOW], waiting, context.inputs["", 0])

    def _note(self, context: CalculatorContext, packet: Packet, allowed: bool) -> None:
        self._decisions.append((packet.timestamp, allowed))
        if ALLOW in context.outputs:
            context.outputs[ALLOW].add(allowed, packet.timestamp)

    def _forward_others(self, context: CalculatorContext) -> None:
        """Sends or drops what the further inputs have at timestamps that the first one has settled."""
        settled = _next_timestamp(self._waiting[0], context.inputs["", 0])
        oldest = settled
        for index in range(1, len(self._waiting)):
            waiting, output = self._waiting[index], context.outputs["", index]
            while waiting and waiting[0].timestamp < settled:
                packet = waiting.popleft()
                if self._is_allowed(packet.timestamp):
                    output.add_packet(packet)
            _settle(output, waiting, context.inputs["", index])
            oldest = min(oldest, _next_timestamp(waiting, context.inputs["", index]))
        while len(self._decisions) > 1 and self._decisions[1][0] <= oldest:
            self._decisions.popleft()

    def _is_allowed(self, timestamp: int) -> bool:
        return next(allowed for decided, allowed in reversed(self._decisions) if decided <= timestamp)


def _is_below(count: int, limit: int) -> bool:
    return limit < 0 or count < limit


def _next_timestamp(waiting: deque[Packet], source: InputStream) -> int:
    """The smallest timestamp that the output which belongs to `source` may still get a packet at."""
    if waiting:
        return waiting[0].timestamp
    return max(next_allowed_in_stream(source.packet.timestamp), Timestamp.MIN)  # also before any packet


def _settle(output: OutputStream, waiting: deque[Packet], source: InputStream) -> None:
    """Promises what `source` allows: its output ends with it, else nothing comes before the next frame."""
    if not waiting and source.packet.timestamp >= Timestamp.MAX:
        output.close()
    else:
        output.set_next_timestamp_bound(_next_timestamp(waiting, source))
