"""PacketThinnerCalculator."""

from dataclasses import replace
from fractions import Fraction
from math import ceil

from calculators.core import core_pb2
from calculators.video.header import VideoHeader
from tryon import (
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    Packet,
    ProcessStatus,
    Timestamp,
    register,
)
from tryon.proto import options_pb2

PERIOD = "PERIOD"
OPTIONS = "OPTIONS"
SECOND = 1_000_000


@register
class PacketThinnerCalculator(Calculator):
    """Lets at most one packet a period through.

    Inputs:
        0: anything.

    Outputs:
        0: the packets that are left.

    Input side packets:
        PERIOD: int, microseconds, takes the place of the option period (optional).
        OPTIONS: mediapipe.CalculatorOptions; what their extension sets takes the place of the node's
            options, except for thinner_type (optional).

    Options:
        mediapipe.PacketThinnerCalculatorOptions
        thinner_type: ASYNC drops packets for a period after each one sent; SYNC cuts time into periods
            around start_time + n * period and sends the packet nearest to the middle. Default ASYNC.
        period: microseconds, >= 1, default 1: everything passes.
        start_time: packets before it are dropped; default Min for ASYNC, 0 for SYNC.
        end_time: packets at or after it are dropped, default Max.
        sync_output_timestamps: True lets SYNC send at the middle of the period, false at the packet's
            timestamp. Default true.
        update_frame_rate: True puts the new frame rate into the stream's VideoHeader, default false.

    Example:
        node {
          calculator: "PacketThinnerCalculator"
          input_stream: "frames"
          output_stream: "ten_frames_a_second"
          node_options {
            [type.googleapis.com/mediapipe.PacketThinnerCalculatorOptions] { period: 100000 }
          }
        }
    """

    Options = core_pb2.PacketThinnerCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.outputs[0].set_same_as(contract.inputs[0].set_any())
        if PERIOD in contract.input_side_packets:
            contract.input_side_packets[PERIOD].set(int)
        if OPTIONS in contract.input_side_packets:
            contract.input_side_packets[OPTIONS].set(options_pb2.CalculatorOptions)
        if contract.options(cls.Options).thinner_type == cls.Options.ASYNC:
            contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options, sides = context.options(self.Options), context.input_side_packets
        self._is_sync = options.thinner_type == self.Options.SYNC
        if OPTIONS in sides:
            options.MergeFrom(sides[OPTIONS].value.Extensions[self.Options.ext])
        self._at_middle = options.sync_output_timestamps
        self._period = sides[PERIOD].value if PERIOD in sides else options.period
        self._start = 0 if self._is_sync else Timestamp.MIN
        if options.HasField("start_time"):
            self._start = options.start_time
        self._end = options.end_time if options.HasField("end_time") else Timestamp.MAX
        if self._period < 1:
            raise GraphError(f"Specified period must be positive. It is {self._period}.")
        if self._start >= self._end:
            raise GraphError(f"start_time ({self._start}) must be earlier than end_time ({self._end}).")
        self._next = self._start
        self._saved: Packet | None = None
        context.outputs[0].set_next_timestamp_bound(self._start)
        header = context.inputs[0].header
        if isinstance(header, VideoHeader) and options.update_frame_rate:
            header = replace(header, frame_rate=self._thinned(header.frame_rate))
        if header is not None:
            context.outputs[0].header = header

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        now = context.input_timestamp
        if now >= self._end:
            context.outputs[0].close()
        elif now >= self._start:
            if self._is_sync:
                self._process_sync(context)
            elif now >= self._next:
                context.outputs[0].add_packet(context.inputs[0].packet)
                self._next = now + self._period
                context.outputs[0].set_next_timestamp_bound(self._next)
        return None

    def close(self, context: CalculatorContext) -> None:
        if self._saved is not None:
            context.outputs[0].add_packet(self._saved.at(self._output_timestamp(self._saved)))

    def _process_sync(self, context: CalculatorContext) -> None:
        packet, saved = context.inputs[0].packet, self._saved
        if saved is not None and self._middle(saved) == self._middle(packet):
            if self._distance(packet) <= self._distance(saved):
                self._saved = packet
            return
        if saved is not None:
            context.outputs[0].add_packet(saved.at(self._output_timestamp(saved)))
        self._saved = packet
        context.outputs[0].set_next_timestamp_bound(self._output_timestamp(packet))

    def _middle(self, packet: Packet) -> int:
        """The middle of the packet's period."""
        number = (packet.timestamp - self._start + self._period // 2) // self._period
        return self._start + number * self._period

    def _distance(self, packet: Packet) -> int:
        return abs(packet.timestamp - self._middle(packet))

    def _output_timestamp(self, packet: Packet) -> int:
        return self._middle(packet) if self._at_middle else packet.timestamp

    def _thinned(self, frame_rate: Fraction) -> Fraction:
        if self._is_sync:
            return min(frame_rate, Fraction(SECOND, self._period))
        return frame_rate / ceil(frame_rate * self._period / SECOND)
