"""MuxCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register

SELECT = "SELECT"
INPUT = "INPUT"
OUTPUT = "OUTPUT"


@register
class MuxCalculator(Calculator):
    """Passes on the packet of the input that a control stream selects; waits for that input only.

    Its input policy is MuxInputStreamHandler, which takes the last stream by tag for the control, so
    SELECT is what it has to be.

    Inputs:
        INPUT: anything; as many as wanted, all of one type.
        SELECT: int, the number of the INPUT whose packet counts at its timestamp.

    Outputs:
        OUTPUT: the selected INPUT's packet.

    Example:
        node {
          calculator: "MuxCalculator"
          input_stream: "INPUT:0:quick_mask"
          input_stream: "INPUT:1:careful_mask"
          input_stream: "SELECT:which_mask"
          output_stream: "OUTPUT:mask"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[SELECT].set(int)
        first = contract.inputs[INPUT].set_any()
        for source in contract.inputs.all_of(INPUT)[1:]:
            source.set_same_as(first)
        contract.outputs[OUTPUT].set_same_as(first)
        contract.input_stream_handler = "MuxInputStreamHandler"
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        selected, inputs = context.inputs[SELECT].value, context.inputs.all_of(INPUT)
        if not 0 <= selected < len(inputs):
            raise GraphError(f"{SELECT} is {selected}, but {INPUT} goes from 0 to {len(inputs) - 1}.")
        if not inputs[selected].is_empty:
            context.outputs[OUTPUT].add_packet(inputs[selected].packet)
        return None
