"""PassThroughCalculator."""

from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register
from tryon.contract import PacketTypeSet


@register
class PassThroughCalculator(Calculator):
    """Sends every packet on unchanged: input to the output with the same tag and index.

    Inputs:
        0: anything; as many inputs as wanted, with or without tags.

    Outputs:
        0: what came in on the input with the same tag and index.

    Input side packets:
        0: anything (optional).

    Output side packets:
        0: the input side packet with the same tag and index (optional).

    Example:
        node {
          calculator: "PassThroughCalculator"
          input_stream: "input_frames"
          output_stream: "frames"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        _match(contract.inputs, contract.outputs, "streams")
        for kind in contract.input_side_packets:
            kind.set_any()
        if len(contract.output_side_packets):
            _match(contract.input_side_packets, contract.output_side_packets, "side packets")
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        inputs, outputs = context.inputs, context.outputs
        self._outputs = [outputs.tags.position((entry.tag, entry.index)) for entry in inputs.tags]
        for source, position in zip(inputs, self._outputs, strict=True):
            if source.header is not None:
                outputs.items[position].header = source.header
        for entry, target in zip(context.output_side_packets.tags, context.output_side_packets, strict=True):
            target.set(context.input_side_packets[entry.tag, entry.index].value)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if not self._outputs:
            return STOP
        outputs = context.outputs.items
        for index, source in enumerate(context.inputs.items):
            if not source.is_empty:
                outputs[self._outputs[index]].add_packet(source.packet)
        return None


def _match(inputs: PacketTypeSet, outputs: PacketTypeSet, what: str) -> None:
    have = {entry.key_text for entry in inputs.tags}
    wanted = {entry.key_text for entry in outputs.tags}
    if have != wanted:
        raise GraphError(
            f"Input and output {what} to PassThroughCalculator must use matching tags and indexes. "
            f"Without a partner: {', '.join(sorted(have ^ wanted))}."
        )
    for entry in inputs.tags:
        source = inputs[entry.tag, entry.index].set_any()
        outputs[entry.tag, entry.index].set_same_as(source)
