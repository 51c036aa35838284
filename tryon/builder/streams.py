"""What nodes of a graph that is being built are connected with."""

import re
from collections.abc import Callable
from typing import Final, Self, TypeAlias

from tryon.contract import Node
from tryon.errors import GraphError

Place: TypeAlias = tuple[int, int] | None
FindPlace: TypeAlias = Callable[[], Place]

TAG: Final = re.compile("[A-Z_][A-Z0-9_]*")


class Stream:
    """A stream or a side packet of a graph that is being built; `stream[1]` is the next one of its tag."""

    __iter__ = None

    def __init__(self, place: Place, is_side: bool, name: str = "", ports: "Ports | None" = None) -> None:
        self.place = place
        self.is_side = is_side
        self.name = name
        self._ports = ports
        self.tag = ""

    def named(self, name: str) -> Self:
        """Gives it this name; it gets one made of its node's name and its tag otherwise."""
        if self.name not in ("", name):
            raise GraphError(f'The stream "{self.name}" cannot be named "{name}" too.')
        self.name = name
        return self

    def __getitem__(self, index: int) -> "Stream":
        if self._ports is None:
            raise GraphError(f'"{self.name}" comes from outside, it has no index {index}.')
        return self._ports[self.tag, index]


class BackEdge:
    """A stream that a node takes before the node that makes it is there; `close` says which it is."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.stream: Stream | None = None
        self.is_side = False

    def close(self, stream: Stream) -> None:
        """The stream from further down."""
        self.stream = stream


Source: TypeAlias = Stream | BackEdge


class Ports:
    """The outputs of one node: `ports.TAG`, `ports.TAG[1]`, `ports[0]` for those without a tag."""

    def __init__(self, find_place: FindPlace, is_side: bool) -> None:
        self._find_place = find_place
        self._is_side = is_side
        self._streams: dict[tuple[str, int], Stream] = {}

    def __getattr__(self, tag: str) -> Stream:
        if not TAG.fullmatch(tag):
            raise AttributeError(f'Outputs have tags in capital letters, "{tag}" is none.')
        return self[tag]

    def __getitem__(self, key: int | str | tuple[str, int]) -> Stream:
        tag, index = key if isinstance(key, tuple) else (key, 0) if isinstance(key, str) else ("", key)
        if (tag, index) not in self._streams:
            stream = Stream(self._find_place(), self._is_side, ports=self)
            stream.tag = tag
            self._streams[tag, index] = stream
        return self._streams[tag, index]

    def complete(self) -> list[tuple[str, int, Stream]]:
        """(tag, index, stream), tags in the order of their use, with the indexes that were left out."""
        tags = dict.fromkeys(tag for tag, _ in self._streams)
        last = {tag: max(index for other, index in self._streams if other == tag) for tag in tags}
        return [(tag, index, self[tag, index]) for tag in tags for index in range(last[tag] + 1)]


class NodeBuilder:
    """A node of a graph that is being built.

    Attributes:
        out, side: its output streams and output side packets; `node["TAG"]` is `node.out["TAG"]`.
    """

    def __init__(self, find_place: FindPlace, config: Node, inputs: dict[str, list[Source]]) -> None:
        self.place = find_place()
        self.config = config
        self.inputs = inputs
        self.out = Ports(find_place, is_side=False)
        self.side = Ports(find_place, is_side=True)

    def __getitem__(self, key: int | str | tuple[str, int]) -> Stream:
        return self.out[key]
