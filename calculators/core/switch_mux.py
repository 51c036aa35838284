"""SwitchMuxCalculator."""

from collections import deque

from calculators.core import core_pb2
from calculators.core.switch_channels import (
    Key,
    Selection,
    channel_keys,
    declare_channels,
    declare_selection,
)
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
from tryon.timestamp import next_allowed_in_stream


@register
class SwitchMuxCalculator(Calculator):
    """Joins several channels of inputs into one, the selected one; SwitchContainer is made of it.

    The inputs of channel 0 have the outputs' tags with the prefix "C0__", those of channel 1 "C1__" and
    so on. What the selected channel still has to say at timestamps before a new selection is waited
    for.

    Inputs:
        C0__: channel 0's packets; with a tag, "C0__FRAMES".
        C1__: channel 1's packets.
        SELECT: int, the channel from its timestamp on (optional).
        ENABLE: bool, True is channel 1 and False channel 0, from its timestamp on (optional).

    Outputs:
        0: the selected channel's packets; as many outputs, with or without tags, as a channel has inputs.

    Input side packets:
        C0__: anything, from channel 0 (optional).
        C1__: anything, from channel 1 (optional).
        SELECT: int, the channel until the stream says otherwise (optional).
        ENABLE: bool, the channel until the stream says otherwise (optional).

    Output side packets:
        0: the side packet of the channel that is selected at the start (optional).

    Options:
        mediapipe.SwitchContainerOptions
        select: the channel at the start, default 0.
        enable: True is channel 1 at the start, default false.
        contained_node: belongs to SwitchContainer.
        synchronize_io: belongs to SwitchDemuxCalculator.
        async_selection: belongs to SwitchContainer.
        tick_input_stream: belongs to SwitchContainer.

    Example:
        node {
          calculator: "SwitchMuxCalculator"
          input_stream: "C0__:landscape_mask"
          input_stream: "C1__:portrait_mask"
          input_stream: "ENABLE:is_portrait"
          output_stream: "mask"
          input_side_packet: "C0__:landscape_size"
          input_side_packet: "C1__:portrait_size"
          output_side_packet: "size"
        }
    """

    Options = core_pb2.SwitchContainerOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        declare_selection(contract)
        declare_channels(contract.outputs, contract.inputs)
        declare_channels(contract.output_side_packets, contract.input_side_packets)
        contract.input_stream_handler = "ImmediateInputStreamHandler"
        contract.process_timestamp_bounds = True

    def open(self, context: CalculatorContext) -> None:
        self._selection = Selection(context)
        self._channels = channel_keys(context.outputs.tags, context.inputs.tags)
        self._waiting: dict[Key, deque[Packet]] = {
            part: deque() for channels in self._channels.values() for part in channels.values()
        }
        side_inputs, side_outputs = context.input_side_packets, context.output_side_packets
        for key, channels in channel_keys(side_outputs.tags, side_inputs.tags).items():
            if self._selection.channel not in channels:
                raise GraphError(
                    f"There is no channel {self._selection.channel} to take the output side packets from; "
                    f"there are {len(channels)}."
                )
            side_outputs[key].set(side_inputs[channels[self._selection.channel]].value)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        self._selection.update(context)
        for part, waiting in self._waiting.items():
            packet = context.inputs[part].packet
            if packet.timestamp == context.input_timestamp:
                waiting.append(packet)
        history = self._selection.history
        while len(history) > 1:
            end = history[1][0]
            if self._send(context, end) < end:
                return None
            history.popleft()
            for waiting in self._waiting.values():
                while waiting and waiting[0].timestamp < end:
                    waiting.popleft()
        self._send(context, _bound_after(self._selection.settled(context)))
        return None

    def _send(self, context: CalculatorContext, end: int) -> int:
        """Sends what the oldest selected channel has before `end`; returns the bound of its inputs."""
        start, channel = self._selection.history[0]
        settled = Timestamp.DONE
        for key, channels in self._channels.items():
            part = channels.get(channel)
            if part is None:
                continue
            waiting = self._waiting[part]
            while waiting and waiting[0].timestamp < end:
                packet = waiting.popleft()
                if packet.timestamp >= start:
                    context.outputs[key].add_packet(packet)
            settled = min(settled, context.inputs[part].packet.timestamp)
        return _bound_after(settled)


def _bound_after(settled: int) -> int:
    """The bound of a stream that is settled up to a timestamp; where nothing came yet, Min."""
    return max(next_allowed_in_stream(settled), Timestamp.MIN)
