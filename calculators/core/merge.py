"""MergeCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register


@register
class MergeCalculator(Calculator):
    """Joins streams into one: at each timestamp the packet of the first input that has one.

    Inputs:
        0: anything; as many inputs as wanted.

    Outputs:
        0: the first input's packet, else the second's, and so on.

    Example:
        node {
          calculator: "MergeCalculator"
          input_stream: "recoloured_frames"
          input_stream: "untouched_frames"
          output_stream: "frames"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs = contract.inputs.all_of("")
        if not inputs:
            raise GraphError("Needs at least one input stream. It has no tag.")
        for source in inputs:
            source.set_any()
        contract.outputs[0].set_any()
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        packet = next((source.packet for source in context.inputs if not source.is_empty), None)
        if packet is not None:
            context.outputs[0].add_packet(packet)
        return None
