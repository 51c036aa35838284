"""SwitchDemuxCalculator."""

from collections import deque

from calculators.core import core_pb2
from calculators.core.switch_channels import (
    Key,
    Selection,
    channel_keys,
    declare_channels,
    declare_selection,
)
from tryon import Calculator, CalculatorContext, CalculatorContract, Packet, ProcessStatus, register


@register
class SwitchDemuxCalculator(Calculator):
    """Hands packets on to one of several channels of outputs; SwitchContainer is made of it.

    The outputs of channel 0 have the inputs' tags with the prefix "C0__", those of channel 1 "C1__" and
    so on. Channels that are not selected get neither packets nor timestamp bounds. Side packets go to
    all channels. Without synchronize_io, a packet that comes after the selection has changed at a later
    timestamp is dropped, as in MediaPipe.

    Inputs:
        0: anything; as many inputs, with or without tags, as a channel has outputs.
        SELECT: int, the channel from its timestamp on (optional).
        ENABLE: bool, True is channel 1 and False channel 0, from its timestamp on (optional).

    Outputs:
        C0__: what goes to channel 0; with a tag, "C0__FRAMES".
        C1__: what goes to channel 1.

    Input side packets:
        0: anything (optional).
        SELECT: int, the channel until the stream says otherwise (optional).
        ENABLE: bool, the channel until the stream says otherwise (optional).

    Output side packets:
        C0__: the side packet, for channel 0 (optional).
        C1__: the same, for channel 1 (optional).

    Options:
        mediapipe.SwitchContainerOptions
        select: the channel at the start, default 0.
        enable: True is channel 1 at the start, default false.
        synchronize_io: True waits until all inputs are known for a timestamp, default false.
        contained_node: belongs to SwitchContainer.
        async_selection: belongs to SwitchContainer.
        tick_input_stream: belongs to SwitchContainer.

    Example:
        node {
          calculator: "SwitchDemuxCalculator"
          input_stream: "frames"
          input_stream: "ENABLE:is_portrait"
          output_stream: "C0__:landscape_frames"
          output_stream: "C1__:portrait_frames"
          input_side_packet: "shade"
          output_side_packet: "C0__:landscape_shade"
          output_side_packet: "C1__:portrait_shade"
        }
    """

    Options = core_pb2.SwitchContainerOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        declare_selection(contract)
        declare_channels(contract.inputs, contract.outputs)
        declare_channels(contract.input_side_packets, contract.output_side_packets)
        if not contract.options(cls.Options).synchronize_io:
            contract.input_stream_handler = "ImmediateInputStreamHandler"
        contract.process_timestamp_bounds = True

    def open(self, context: CalculatorContext) -> None:
        self._selection = Selection(context)
        self._channels = channel_keys(context.inputs.tags, context.outputs.tags)
        self._waiting: dict[Key, deque[Packet]] = {key: deque() for key in self._channels}
        side_inputs, side_outputs = context.input_side_packets, context.output_side_packets
        for key, channels in channel_keys(side_inputs.tags, side_outputs.tags).items():
            for part in channels.values():
                side_outputs[part].set(side_inputs[key].value)
        for key, channels in self._channels.items():
            header = context.inputs[key].header
            for part in channels.values() if header is not None else ():
                context.outputs[part].header = header

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        self._selection.update(context)
        settled = self._selection.settled(context)
        for key, waiting in self._waiting.items():
            packet = context.inputs[key].packet
            if packet.timestamp == context.input_timestamp:
                waiting.append(packet)
            while waiting and waiting[0].timestamp <= settled:
                packet = waiting.popleft()
                part = self._channels[key].get(self._channel_at(packet.timestamp))
                if part is not None:
                    context.outputs[part].add_packet(packet)
        while len(self._selection.history) > 1:
            self._selection.history.popleft()
        return None

    def _channel_at(self, timestamp: int) -> int:
        """The channel for a timestamp; -1 where a newer selection has replaced the one that counted."""
        selected = (channel for start, channel in reversed(self._selection.history) if start <= timestamp)
        return next(selected, -1)
