"""ConstantSidePacketCalculator."""

from calculators.core import core_pb2
from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register

PACKET = "PACKET"
TYPES: dict[str, type] = {
    "int_value": int,
    "uint64_value": int,
    "int64_value": int,
    "float_value": float,
    "double_value": float,
    "bool_value": bool,
    "string_value": str,
    "string_vector_value": list,
}


@register
class ConstantSidePacketCalculator(Calculator):
    """Makes side packets with the values that its options name.

    Output side packets:
        PACKET: int, float, bool, str or list of str; one an entry of the option, in its order.

    Options:
        mediapipe.ConstantSidePacketCalculatorOptions
        packet: the values; each has one of int_value, uint64_value, int64_value, float_value,
            double_value, bool_value, string_value, string_vector_value. Default none.

    Example:
        node {
          calculator: "ConstantSidePacketCalculator"
          output_side_packet: "PACKET:0:keep_audio"
          output_side_packet: "PACKET:1:shade"
          node_options {
            [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] {
              packet { bool_value: true }
              packet { string_value: "copper" }
            }
          }
        }
    """

    Options = core_pb2.ConstantSidePacketCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        outputs, values = contract.output_side_packets.all_of(PACKET), contract.options(cls.Options).packet
        if len(outputs) != len(values):
            raise GraphError(
                "Number of output side packets has to be same as number of packets configured in options. "
                f"{len(outputs)} have the tag {PACKET}, {len(values)} are configured."
            )
        for index, (output, value) in enumerate(zip(outputs, values, strict=True)):
            kind = value.WhichOneof("value")
            if kind is None:
                raise GraphError(
                    f"None of supported values were specified in options. Packet {index} is empty; "
                    f"give it one of {', '.join(TYPES)}."
                )
            output.set(TYPES[kind])

    def open(self, context: CalculatorContext) -> None:
        for output, packet in zip(
            context.output_side_packets.all_of(PACKET), context.options(self.Options).packet, strict=True
        ):
            kind = packet.WhichOneof("value") or ""
            if kind == "string_vector_value":
                output.set(list(packet.string_vector_value.string_value))
            else:
                output.set(getattr(packet, kind))

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        return STOP
