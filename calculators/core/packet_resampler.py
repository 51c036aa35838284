"""PacketResamplerCalculator."""

from dataclasses import replace
from fractions import Fraction

from calculators.core import core_pb2
from calculators.core.sampling_grid import SECOND, SamplingGrid
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
from tryon.tag_map import Key

DATA = "DATA"
VIDEO_HEADER = "VIDEO_HEADER"
OPTIONS = "OPTIONS"


@register
class PacketResamplerCalculator(Calculator):
    """Gives a stream a constant rate: repeats packets in empty periods, drops all but one in full ones.

    Of each period of the output, the packet nearest to its middle is sent, at that middle; in a period
    without packets, the newest one.

    Inputs:
        0: anything; may have the tag DATA.
        DATA: in place of the untagged input (optional).
        VIDEO_HEADER: VideoHeader, at PRESTREAM (optional).

    Outputs:
        0: the input's packets at the new timestamps; may have the tag DATA.
        DATA: in place of the untagged output (optional).
        VIDEO_HEADER: VideoHeader with the new frame rate, at PRESTREAM (optional).

    Input side packets:
        OPTIONS: mediapipe.CalculatorOptions; what their extension sets takes the place of the node's
            options (optional).

    Options:
        mediapipe.PacketResamplerCalculatorOptions
        frame_rate: packets a second, above 0 and at most 1,000,000, no default.
        output_header: what header the output has: NONE, PASS_HEADER, or UPDATE_VIDEO_HEADER with the new
            frame rate. Default NONE.
        flush_last_packet: True sends the last packet for its period at the end, default true.
        jitter: random share of a period; anything but 0 is refused, as in MediaPipe. Default 0.
        jitter_with_reflection: belongs to jitter, default false.
        reproducible_sampling: belongs to jitter; true is refused. Default false.
        base_timestamp: a timestamp that the output's are aligned with, default the first packet's.
        start_time: nothing is sent before it, default Min.
        end_time: nothing is sent at or after it, default Max.
        round_limits: True lets start_time and end_time give way by half a period, default false.
        use_input_frame_rate: True takes the frame rate from VIDEO_HEADER, default false.
        max_frame_rate: upper limit of the frame rate; 0 or less: none. Default none.

    Example:
        node {
          calculator: "PacketResamplerCalculator"
          input_stream: "frames"
          output_stream: "frames_at_30"
          node_options {
            [type.googleapis.com/mediapipe.PacketResamplerCalculatorOptions] { frame_rate: 30 }
          }
        }
    """

    Options = core_pb2.PacketResamplerCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        options = contract.options(cls.Options)
        source = contract.inputs[DATA if DATA in contract.inputs else 0].set_any()
        contract.outputs[DATA if DATA in contract.outputs else 0].set_same_as(source)
        for types in (contract.inputs, contract.outputs):
            if VIDEO_HEADER in types:
                types[VIDEO_HEADER].set(VideoHeader)
        if OPTIONS in contract.input_side_packets:
            contract.input_side_packets[OPTIONS].set(options_pb2.CalculatorOptions)
        if VIDEO_HEADER in contract.outputs and options.max_frame_rate > 0:
            raise GraphError("VideoHeader output is not supported with max_frame_rate.")

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        if OPTIONS in context.input_side_packets:
            given = context.input_side_packets[OPTIONS].value
            self._options.MergeFrom(given.Extensions[self.Options.ext])
        if self._options.jitter or self._options.reproducible_sampling:
            raise GraphError(
                'SecureRandom is not available. With "jitter" or "reproducible_sampling" '
                "PacketResamplerCalculator cannot proceed, here as in MediaPipe; leave the options out."
            )
        self._source: Key = DATA if DATA in context.inputs else 0
        self._target: Key = DATA if DATA in context.outputs else 0
        self._set_frame_rate(self._options.frame_rate)
        self._grid: SamplingGrid | None = None
        self._period = 0
        self._last: Packet | None = None
        self._video_header: VideoHeader | None = None
        self._header_is_sent = VIDEO_HEADER not in context.outputs
        header = context.inputs[self._source].header
        if header is not None and self._options.output_header != self.Options.NONE:
            if self._options.output_header == self.Options.UPDATE_VIDEO_HEADER:
                header = self._video_header = self._with_frame_rate(header)
            context.outputs[self._target].header = header

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if VIDEO_HEADER in context.inputs and not context.inputs[VIDEO_HEADER].is_empty:
            header = context.inputs[VIDEO_HEADER].value
            if self._options.use_input_frame_rate:
                self._set_frame_rate(float(header.frame_rate))
            self._video_header = self._with_frame_rate(header)
        if context.inputs[self._source].is_empty:
            return None
        if not self._header_is_sent:
            self._header_is_sent = True
            if self._video_header is not None:
                context.outputs[VIDEO_HEADER].add(self._video_header, Timestamp.PRESTREAM)
        if context.input_timestamp <= Timestamp.PRESTREAM:
            raise GraphError("A packet at PRESTREAM cannot be resampled.")
        packet = context.inputs[self._source].packet
        self._resample(context, packet)
        self._last = packet
        return None

    def close(self, context: CalculatorContext) -> None:
        if context.graph_failed or not self._options.flush_last_packet:
            return
        if self._grid and self._last and self._grid.period_of(self._last.timestamp) == self._period:
            self._send(context, self._grid, self._last)

    def _resample(self, context: CalculatorContext, packet: Packet) -> None:
        now = packet.timestamp
        if self._grid is None:
            base = self._options.base_timestamp if self._options.HasField("base_timestamp") else now
            self._grid = SamplingGrid.through(base, now, self._frame_rate)
        grid, last = self._grid, self._last
        received = grid.period_of(now)
        if received < self._period:
            return
        while received > self._period:
            self._send(context, grid, last or packet)
        middle = grid.timestamp_of(self._period)
        if now >= middle:
            use_new = last is None or now - middle <= middle - last.timestamp
            self._send(context, grid, packet if last is None or use_new else last)
        context.outputs[self._target].set_next_timestamp_bound(grid.timestamp_of(self._period))

    def _send(self, context: CalculatorContext, grid: SamplingGrid, packet: Packet) -> None:
        """Sends the packet for the current period, if that is within the limits, and goes on to the next."""
        timestamp = grid.timestamp_of(self._period)
        self._period += 1
        options = self._options
        margin = int(SECOND / self._frame_rate) // 2 if options.round_limits else 0
        if options.HasField("start_time") and timestamp < options.start_time - margin:
            return
        if options.HasField("end_time") and timestamp >= options.end_time + margin:
            return
        context.outputs[self._target].add_packet(packet.at(timestamp))

    def _set_frame_rate(self, frame_rate: float) -> None:
        if self._options.max_frame_rate > 0:
            frame_rate = min(frame_rate, self._options.max_frame_rate)
        if not 0 < frame_rate <= SECOND:
            raise GraphError(
                f"The output frame rate must be greater than zero and at most {SECOND}. It is {frame_rate:g}."
            )
        self._frame_rate = frame_rate

    def _with_frame_rate(self, header: VideoHeader) -> VideoHeader:
        return replace(header, frame_rate=Fraction(self._frame_rate).limit_denominator(SECOND))
