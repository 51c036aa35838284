"""SequenceShiftCalculator."""

from collections import deque

from calculators.core import core_pb2
from tryon import Calculator, CalculatorContext, CalculatorContract, Packet, ProcessStatus, register
from tryon.timestamp import next_allowed_in_stream


@register
class SequenceShiftCalculator(Calculator):
    """Moves packets by places along their stream: a packet gets the timestamp of a later or earlier one.

    With an offset of 2 the timestamps of the first two packets and the last two packets are left out,
    with -2 the first two packets and the last two timestamps.

    Inputs:
        0: anything.

    Outputs:
        0: the input's packets at other timestamps of the input.

    Options:
        mediapipe.SequenceShiftCalculatorOptions
        packet_offset: how many places later, negative: earlier; default -1.
        emit_empty_packets_before_first_packet: True settles the timestamps that a positive offset
            leaves out, default false.

    Example:
        node {
          calculator: "SequenceShiftCalculator"
          input_stream: "frames"
          output_stream: "previous_frames"
          node_options {
            [type.googleapis.com/mediapipe.SequenceShiftCalculatorOptions] { packet_offset: 1 }
          }
        }
    """

    Options = core_pb2.SequenceShiftCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.outputs[0].set_same_as(contract.inputs[0].set_any())
        if contract.options(cls.Options).packet_offset == 0:
            contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        self._packets: deque[Packet] = deque()

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        offset, output, packet = self._options.packet_offset, context.outputs[0], context.inputs[0].packet
        self._packets.append(packet)
        if len(self._packets) > abs(offset):
            other = self._packets.popleft()
            output.add_packet(other.at(packet.timestamp) if offset > 0 else packet.at(other.timestamp))
        elif self._options.emit_empty_packets_before_first_packet and offset > 0:
            output.set_next_timestamp_bound(next_allowed_in_stream(packet.timestamp))
        return None
