"""PacketInnerJoinCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register


@register
class PacketInnerJoinCalculator(Calculator):
    """Passes packets on only at timestamps at which every input has one.

    Inputs:
        0: anything; as many inputs as outputs.

    Outputs:
        0: the input's packets at timestamps that all inputs share.

    Example:
        node {
          calculator: "PacketInnerJoinCalculator"
          input_stream: "all_frames"
          input_stream: "some_masks"
          output_stream: "frames"
          output_stream: "masks"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs, outputs = contract.inputs.all_of(""), contract.outputs.all_of("")
        if len(inputs) != len(outputs):
            raise GraphError(
                "The number of input and output streams must match. "
                f"There are {len(inputs)} inputs and {len(outputs)} outputs."
            )
        for source, target in zip(inputs, outputs, strict=True):
            target.set_same_as(source.set_any())
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if any(source.is_empty for source in context.inputs):
            return None
        for source, target in zip(context.inputs, context.outputs, strict=True):
            target.add_packet(source.packet)
        return None
