"""ImmediateMuxCalculator."""

from tryon import (
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    ProcessStatus,
    Timestamp,
    register,
)
from tryon.timestamp import next_allowed_in_stream


@register
class ImmediateMuxCalculator(Calculator):
    """Joins streams into one as their packets come; what is older than a packet already sent is dropped.

    Which packets are dropped depends on how fast the inputs are; MuxCalculator and MergeCalculator
    wait instead. At one timestamp the first input that has a packet counts.

    Inputs:
        0: anything; as many inputs as wanted, all of one type.

    Outputs:
        0: the packets.
        1: True for every packet that came, sent or dropped (optional).

    Example:
        node {
          calculator: "ImmediateMuxCalculator"
          input_stream: "quick_results"
          input_stream: "slow_results"
          output_stream: "results"
          output_stream: "finished"
          input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        outputs = contract.outputs.all_of("")
        if not 1 <= len(outputs) <= 2:
            raise GraphError(f"This calculator produces only one or two output streams, not {len(outputs)}.")
        outputs[0].set_any()
        for finished in outputs[1:]:
            finished.set(bool)
        for source in contract.inputs.all_of(""):
            source.set_same_as(outputs[0])
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._next = self._next_finished = Timestamp.PRESTREAM

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        now = context.input_timestamp
        for source in context.inputs:
            if source.is_empty:
                continue
            if now >= self._next:
                context.outputs[0].add_packet(source.packet)
                self._next = next_allowed_in_stream(now)
            if len(context.outputs) > 1:
                timestamp = max(now, self._next_finished)
                context.outputs[1].add(True, timestamp)
                self._next_finished = next_allowed_in_stream(timestamp)
        return None
