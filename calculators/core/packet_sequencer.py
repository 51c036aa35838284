"""PacketSequencerCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register
from tryon.timestamp import Timestamp, next_allowed_in_stream

INPUT = "INPUT"
TICK = "TICK"
OUTPUT = "OUTPUT"


@register
class PacketSequencerCalculator(Calculator):
    """Moves packets that come at any time to just after the newest packet of the tick streams.

    So an asynchronous stream, for instance a selection, becomes one that is in step with frames. An
    input packet that comes together with a tick goes before it.

    Inputs:
        INPUT: anything; its own timestamps do not matter. As many as OUTPUT.
        TICK: anything; as many as wanted (optional).

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
        inputs, outputs = contract.inputs.all_of(INPUT), contract.outputs.all_of(OUTPUT)
        if len(inputs) != len(outputs):
            raise GraphError(
                f"There have to be as many {OUTPUT} outputs as {INPUT} inputs: {len(outputs)} outputs and "
                f"{len(inputs)} inputs."
            )
        for source, target in zip(inputs, outputs, strict=True):
            source.set_any()
            target.set_any()
        for tick in contract.inputs.all_of(TICK):
            tick.set_any()
        contract.input_stream_handler = "ImmediateInputStreamHandler"

    def open(self, context: CalculatorContext) -> None:
        self._next = [Timestamp.PRESTREAM] * len(context.outputs)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        now = context.input_timestamp
        ticked = any(tick.packet.timestamp == now for tick in context.inputs.all_of(TICK))
        after_tick = next_allowed_in_stream(max(now, Timestamp.MIN) if ticked else Timestamp.MIN)
        for index, source in enumerate(context.inputs.all_of(INPUT)):
            output = context.outputs[OUTPUT, index]
            if not source.is_empty:
                timestamp = max(self._next[index], Timestamp.MIN)
                output.add_packet(source.packet.at(timestamp))
                self._next[index] = next_allowed_in_stream(timestamp)
            if after_tick > self._next[index]:
                self._next[index] = after_tick
                output.set_next_timestamp_bound(after_tick)
        return None
