"""ValueOrDefaultCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, ProcessStatus, register

IN = "IN"
TICK = "TICK"
OUT = "OUT"
FLAG = "FLAG"


@register
class ValueOrDefaultCalculator(Calculator):
    """Fills the gaps of a stream: at every tick the stream's packet, or a default.

    Inputs:
        IN: anything, dropped where there is no tick.
        TICK: anything.

    Outputs:
        OUT: IN's packet, or the default where there is none.
        FLAG: True, only where the default was used (optional).

    Input side packets:
        0: the default, of IN's type.

    Example:
        node {
          calculator: "ValueOrDefaultCalculator"
          input_stream: "IN:mask"
          input_stream: "TICK:frames"
          output_stream: "OUT:mask_or_nothing"
          input_side_packet: "empty_mask"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        value = contract.inputs[IN].set_any()
        contract.inputs[TICK].set_any()
        contract.outputs[OUT].set_same_as(value)
        contract.input_side_packets[0].set_same_as(value)
        if FLAG in contract.outputs:
            contract.outputs[FLAG].set(bool)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        if context.inputs[IN].header is not None:
            context.outputs[OUT].header = context.inputs[IN].header

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if context.inputs[TICK].is_empty:
            return None
        if not context.inputs[IN].is_empty:
            context.outputs[OUT].add_packet(context.inputs[IN].packet)
            return None
        context.outputs[OUT].add(context.input_side_packets[0].value, context.input_timestamp)
        if FLAG in context.outputs:
            context.outputs[FLAG].add(True, context.input_timestamp)
        return None
