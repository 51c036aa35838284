"""PacketSequencerCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, ProcessStatus, Timestamp, register
from tryon.timestamp import next_allowed_in_stream

INPUT = "INPUT"
TICK = "TICK"
OUTPUT = "OUTPUT"


@register
class PacketSequencerCalculator(Calculator):
    """Moves packets that come at any time to just after the newest packet of the tick streams.

    So an asynchronous stream, for instance a selection, becomes one that is in step with frames.

    Inputs:
        INPUT: anything; its own timestamps do not matter.
        TICK: anything; as many as wanted.

    Outputs:
        OUTPUT: INPUT's packets, each one after the newest tick and after the packet before it.

    Example:
        node {
          calculator: "PacketSequencerCalculator"
          input_stream: "INPUT:shade"
          input_stream: "TICK:frames"
          output_stream: "OUTPUT:shade_from_next_frame"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.outputs[OUTPUT].set_same_as(contract.inputs[INPUT].set_any())
        for tick in contract.inputs.all_of(TICK):
            tick.set_any()
        contract.input_stream_handler = "ImmediateInputStreamHandler"

    def open(self, context: CalculatorContext) -> None:
        self._next = Timestamp.MIN

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        output = context.outputs[OUTPUT]
        if not context.inputs[INPUT].is_empty:
            output.add_packet(context.inputs[INPUT].packet.at(self._next))
            self._next += 1
        for tick in context.inputs.all_of(TICK):
            if not tick.is_empty:
                self._next = max(self._next, next_allowed_in_stream(tick.packet.timestamp))
                output.set_next_timestamp_bound(self._next)
        return None
