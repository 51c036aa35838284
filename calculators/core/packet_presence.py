"""PacketPresenceCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, ProcessStatus, register

PACKET = "PACKET"
PRESENCE = "PRESENCE"


@register
class PacketPresenceCalculator(Calculator):
    """Says at every settled timestamp whether a stream has a packet there.

    It sees also the timestamps that settle without a packet, so it can tell a graph to act where
    another branch dropped something.

    Inputs:
        PACKET: anything.

    Outputs:
        PRESENCE: bool, True where PACKET has a packet.

    Example:
        node {
          calculator: "PacketPresenceCalculator"
          input_stream: "PACKET:mask"
          output_stream: "PRESENCE:mask_is_there"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[PACKET].set_any()
        contract.outputs[PRESENCE].set(bool)
        contract.process_timestamp_bounds = True
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        context.outputs[PRESENCE].add(not context.inputs[PACKET].is_empty, context.input_timestamp)
        return None
