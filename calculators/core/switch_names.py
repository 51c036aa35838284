"""The names of streams inside a SwitchContainer."""

from collections.abc import Iterable

from calculators.core.switch_channels import ENABLE, SELECT, Key, channel_tag
from tryon.tag_map import TagMap

Names = dict[Key, str]

SELECTIONS = {SELECT: "gate_select", ENABLE: "gate_enable"}


def stream_names(entries: Iterable[str]) -> Names:
    """The names inside the container by key, sorted by key; a name that comes again gets a number.

    The selection, which the contained nodes do not get, is left out.
    """
    names: Names = {}
    for entry in TagMap(entries):
        if entry.tag in SELECTIONS and entry.index == 0:
            continue
        name, number = entry.name, 2
        while name in names.values():
            name, number = f"{entry.name}_{number}", number + 1
        names[entry.tag, entry.index] = name
    return dict(sorted(names.items()))


def _entry(tag: str, index: int, name: str) -> str:
    if not tag:
        return name
    return f"{tag}:{index}:{name}" if index else f"{tag}:{name}"


def entries_of(names: Names, prefix: str = "") -> list[str]:
    """The names, with a prefix, as a node's config lists them."""
    return [_entry(tag, index, prefix + name) for (tag, index), name in names.items()]


def channel_entries(names: Names, channel: int) -> list[str]:
    """The same for a channel's share, as the demux and the mux list it."""
    return entries_of(
        {(channel_tag(tag, channel), index): name for (tag, index), name in names.items()}, f"c{channel}__"
    )
