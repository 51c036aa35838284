"""PacketClonerCalculator."""

from calculators.core import core_pb2
from tryon import (
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    Packet,
    ProcessStatus,
    register,
)
from tryon.contract import Node
from tryon.tag_map import Key, TagMap
from tryon.timestamp import next_allowed_in_stream

TICK = "TICK"


@register
class PacketClonerCalculator(Calculator):
    """Repeats the newest packet of each input at every tick, so that slow streams keep up with a fast one.

    Inputs:
        0: anything; as many inputs as outputs. Without TICK the last one is the tick.
        TICK: anything, its packets are the ticks (optional).

    Outputs:
        0: the input's newest packet, at the tick's timestamp.

    Options:
        mediapipe.PacketClonerCalculatorOptions
        output_only_when_all_inputs_received: True sends nothing before every input had a packet, false
            sends what there is. Default false.
        output_packets_only_when_all_inputs_received: the same, but ticks before that settle the
            outputs. Default false.

    Example:
        node {
          calculator: "PacketClonerCalculator"
          input_stream: "mask"
          input_stream: "TICK:frames"
          output_stream: "mask_for_every_frame"
        }
    """

    Options = core_pb2.PacketClonerCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        tick = _tick(contract.node)
        sources = [types for types in contract.inputs.all_of("") if types is not contract.inputs[tick]]
        outputs = contract.outputs.all_of("")
        if len(sources) != len(outputs):
            raise GraphError(
                f"There have to be as many outputs as inputs beside the tick: {len(outputs)} outputs and "
                f"{len(sources)} inputs."
            )
        for source, output in zip(sources, outputs, strict=True):
            output.set_same_as(source.set_any())
        contract.inputs[tick].set_any()

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._settles = options.output_packets_only_when_all_inputs_received
        self._wants_all = options.output_only_when_all_inputs_received or self._settles
        self._tick: Key = TICK if TICK in context.inputs else len(context.outputs)
        self._newest: list[Packet | None] = [None] * len(context.outputs)
        for index, output in enumerate(context.outputs):
            if context.inputs[index].header is not None:
                output.header = context.inputs[index].header

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        for index in range(len(self._newest)):
            if not context.inputs[index].is_empty:
                self._newest[index] = context.inputs[index].packet
        if context.inputs[self._tick].is_empty:
            return None
        if self._wants_all and None in self._newest:
            for output in context.outputs if self._settles else ():
                output.set_next_timestamp_bound(next_allowed_in_stream(context.input_timestamp))
            return None
        for packet, output in zip(self._newest, context.outputs, strict=True):
            if packet is None:
                output.set_next_timestamp_bound(next_allowed_in_stream(context.input_timestamp))
            else:
                output.add_packet(packet.at(context.input_timestamp))
        return None


def _tick(node: Node) -> Key:
    tags = TagMap(node.input_stream)
    return TICK if TICK in tags else tags.count("") - 1
