"""PreviousLoopbackCalculator."""

from collections import deque
from dataclasses import dataclass

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
from tryon.packet import empty_packet
from tryon.timestamp import is_range_value, next_allowed_in_stream, timestamp_text

MAIN = "MAIN"
LOOP = "LOOP"
PREV_LOOP = "PREV_LOOP"


@dataclass(frozen=True, slots=True)
class _MainEntry:
    """A settled timestamp of MAIN, and the timestamp of the MAIN packet before it."""

    timestamp: int
    is_empty: bool
    previous: int


@register
class PreviousLoopbackCalculator(Calculator):
    """Gives each main packet what the loop made of the main packet before it.

    LOOP closes a cycle, so it has to be marked as a back edge. Where the loop made nothing of the
    previous main packet, and at the first one, PREV_LOOP settles without a packet.

    Inputs:
        MAIN: anything; paces the loop.
        LOOP: anything, at the timestamps of MAIN's packets; the back edge.

    Outputs:
        PREV_LOOP: LOOP's packet of the previous MAIN packet, at the timestamp of the current one.

    Example:
        node {
          calculator: "PreviousLoopbackCalculator"
          input_stream: "MAIN:frames"
          input_stream: "LOOP:mask"
          input_stream_info { tag_index: "LOOP" back_edge: true }
          output_stream: "PREV_LOOP:previous_mask"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[MAIN].set_any()
        loop = contract.inputs[LOOP].set_any()
        contract.outputs[PREV_LOOP].set_same_as(loop)
        contract.input_stream_handler = "ImmediateInputStreamHandler"
        contract.process_timestamp_bounds = True

    def open(self, context: CalculatorContext) -> None:
        self._main: deque[_MainEntry] = deque()
        self._loop: deque[Packet] = deque([empty_packet()])  # what the first main packet looks back at
        self._main_settled = self._loop_settled = Timestamp.UNSTARTED
        self._last_main_packet = Timestamp.UNSET
        if context.inputs[LOOP].header is not None:
            context.outputs[PREV_LOOP].header = context.inputs[LOOP].header

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        main, loop = context.inputs[MAIN].packet, context.inputs[LOOP].packet
        if not main.is_empty and not is_range_value(main.timestamp):
            raise GraphError(
                f"A packet at {timestamp_text(main.timestamp)} stands alone in {MAIN}, so there is no frame "
                "before or after it to loop back to; give it a timestamp."
            )
        if main.timestamp > self._main_settled:
            self._main_settled = main.timestamp
            self._main.append(_MainEntry(main.timestamp, main.is_empty, self._last_main_packet))
            if not main.is_empty:
                self._last_main_packet = main.timestamp
        if loop.timestamp > self._loop_settled:
            self._loop_settled = loop.timestamp
            self._loop.append(loop)
        output = context.outputs[PREV_LOOP]
        while self._main and self._loop:
            entry, candidate = self._main[0], self._loop[0]
            if candidate.timestamp < entry.previous:
                self._loop.popleft()
                continue
            self._main.popleft()
            if entry.is_empty or candidate.is_empty or candidate.timestamp > entry.previous:
                if entry.timestamp >= Timestamp.MAX:
                    output.close()
                else:
                    output.set_next_timestamp_bound(next_allowed_in_stream(entry.timestamp))
            else:
                output.add_packet(candidate.at(entry.timestamp))
        if not self._main and context.inputs[MAIN].is_done:
            output.close()
        return None
