"""What the two ends of a SwitchContainer have in common: channel tags and the selection over time."""

import re
from collections import deque

from calculators.core import core_pb2
from tryon import CalculatorContext, CalculatorContract, Timestamp
from tryon.contract import PacketTypeSet
from tryon.tag_map import TagMap

SELECT = "SELECT"
ENABLE = "ENABLE"

Key = tuple[str, int]

_CHANNEL_TAG = re.compile(r"C(\d+)__(.*)")


def channel_tag(tag: str, channel: int) -> str:
    """The tag of a container's entry in one of its channels: "C1__FRAMES"."""
    return f"C{channel}__{tag}"


def channel_keys(shared: TagMap, split: TagMap) -> dict[Key, dict[int, Key]]:
    """For each entry of `shared` that channels have: its key in each channel, from the tags in `split`."""
    keys: dict[Key, dict[int, Key]] = {}
    for entry in split:
        match = _CHANNEL_TAG.fullmatch(entry.tag)
        if match and (match[2], entry.index) in shared:
            keys.setdefault((match[2], entry.index), {})[int(match[1])] = entry.tag, entry.index
    return keys


def declare_channels(shared: PacketTypeSet, split: PacketTypeSet) -> None:
    """Entries of the channels have the type of the entry that they share; it may be any."""
    for key, channels in channel_keys(shared.tags, split.tags).items():
        whole = shared[key].set_any()
        for part in channels.values():
            split[part].set_same_as(whole)


def declare_selection(contract: CalculatorContract) -> None:
    """The selection comes as stream or side packet, as a number or as a bool."""
    for types in (contract.inputs, contract.input_side_packets):
        if SELECT in types:
            types[SELECT].set(int).optional()
        if ENABLE in types:
            types[ENABLE].set(bool).optional()


class Selection:
    """Which channel is selected from which timestamp on.

    Attributes:
        channel: the channel selected last.
        history: (first timestamp, channel), oldest first; its user drops what is over.
    """

    def __init__(self, context: CalculatorContext) -> None:
        options = context.options(core_pb2.SwitchContainerOptions)
        self.channel = options.select if options.HasField("select") else int(options.enable)
        sides = context.input_side_packets
        for tag in (ENABLE, SELECT):
            if tag in sides and not sides[tag].is_empty:
                self.channel = int(sides[tag].value)
        self._tags = [tag for tag in (ENABLE, SELECT) if tag in context.inputs]
        self.history = deque([(Timestamp.UNSTARTED, self.channel)])

    def settled(self, context: CalculatorContext) -> int:
        """The last timestamp for which the selection is known."""
        return context.inputs[self._tags[0]].packet.timestamp if self._tags else Timestamp.DONE

    def update(self, context: CalculatorContext) -> None:
        """Takes over what the selection streams say at the timestamp being processed."""
        channel = self.channel
        for tag in self._tags:
            if not context.inputs[tag].is_empty:
                channel = int(context.inputs[tag].value)
        if channel != self.channel and self.settled(context) == context.input_timestamp:
            self.channel = channel
            self.history.append((context.input_timestamp, channel))
