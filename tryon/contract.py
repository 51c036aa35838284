"""What a calculator expects of the node it stands in."""

from collections.abc import Iterator
from typing import TypeVar, cast

from google.protobuf.message import DecodeError, Message

from tryon.errors import GraphError
from tryon.packet import type_name
from tryon.proto import calculator_pb2
from tryon.tag_map import Key, TagMap, as_tag_index

Node = calculator_pb2.CalculatorGraphConfig.Node
Options = TypeVar("Options", bound=Message)


class PacketType:
    """What packets one stream or side packet carries: set exactly once, by `get_contract`."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.is_set = False
        self.is_optional = False
        self.types: tuple[type, ...] = ()
        self.same_as: PacketType | None = None

    def set(self, *types: type) -> "PacketType":
        """Packets hold one of these Python types."""
        self.types, self.is_set = types, True
        return self

    def set_any(self) -> "PacketType":
        """Packets hold anything."""
        return self.set()

    def set_same_as(self, other: "PacketType") -> "PacketType":
        """Packets hold what `other`'s packets hold."""
        self.same_as, self.is_set = other, True
        return self

    def optional(self) -> "PacketType":
        """For side packets: the run may start without it."""
        self.is_optional = True
        return self

    def resolved(self) -> tuple[type, ...]:
        """The Python types allowed; empty when anything is."""
        return self.root().types

    def __str__(self) -> str:
        if self.same_as:
            return f"[Same Type As {self.same_as.root()}]"
        if len(self.types) > 1:
            return f"OneOf<{', '.join(map(type_name, self.types))}>"
        return type_name(self.types[0]) if self.types else "[Any Type]"

    def root(self) -> "PacketType":
        """The type at the end of the `set_same_as` chain."""
        kind = self
        while kind.same_as:
            kind = kind.same_as
        return kind


class PacketTypeSet:
    """The packet types of one side of a node, by "TAG", untagged index or ("TAG", index).

    Naming an entry requires it: a node without it is refused, once `get_contract` has returned, with
    all other entries that are missing. Ask `"TAG" in types` for entries that may be left out.
    """

    def __init__(self, tags: TagMap) -> None:
        self.tags = tags
        self._types = [PacketType(entry.key_text) for entry in tags]
        self._missing: dict[tuple[str, int], PacketType] = {}
        self._asked: set[str] = set()

    def __getitem__(self, key: Key) -> PacketType:
        """The type of an entry. One that the node does not have is noted in `missing`."""
        position = self.tags.keys.get(key)
        if position is not None:
            return self._types[position]
        tag, index = as_tag_index(key)
        return self._missing.setdefault((tag, index), PacketType(f"{tag}:{index}"))

    def __contains__(self, key: Key) -> bool:
        self._asked.add(as_tag_index(key)[0])
        return key in self.tags

    def __len__(self) -> int:
        return len(self._types)

    def __iter__(self) -> Iterator[PacketType]:
        return iter(self._types)

    def missing(self) -> list[tuple[str, int]]:
        """The entries that the calculator asked for and the node does not have: (tag, index), sorted."""
        return sorted(self._missing)

    def known_tags(self) -> set[str]:
        """The tags that the calculator named in any way."""
        used = {entry.tag for entry, kind in zip(self.tags, self._types, strict=True) if kind.is_set}
        return used | self._asked | {tag for tag, _ in self._missing}

    def count(self, tag: str) -> int:
        """How many entries have this tag ("" counts the untagged ones)."""
        self._asked.add(tag)
        return self.tags.count(tag)

    def all_of(self, tag: str) -> list[PacketType]:
        """The packet types of every index of `tag`."""
        return [self[tag, index] for index in range(self.count(tag))]


class CalculatorContract:
    """Filled in by `Calculator.get_contract`: the types of the node's streams and how it is scheduled.

    Attributes:
        inputs, outputs: stream types; connect or refuse by tag, `"TAG" in contract.inputs`.
        input_side_packets, output_side_packets: side packet types.
        node: the node's config (read only).
        process_timestamp_bounds: also call `process` where all inputs settled without a packet.
        timestamp_offset: outputs come at input timestamp + offset, so an input bound becomes an
            output bound; None when the calculator gives no such promise.
        input_stream_handler: registered name of the input policy that the calculator needs.
        uses_gpu: the node runs on the executor "gpu", which has one thread a run, whatever the graph says:
            a GPU takes its work from one thread at a time.
    """

    def __init__(self, node: Node) -> None:
        self.node = node
        self.inputs = PacketTypeSet(TagMap(node.input_stream))
        self.outputs = PacketTypeSet(TagMap(node.output_stream))
        self.input_side_packets = PacketTypeSet(TagMap(node.input_side_packet))
        self.output_side_packets = PacketTypeSet(TagMap(node.output_side_packet))
        self.process_timestamp_bounds = False
        self.timestamp_offset: int | None = None
        self.input_stream_handler = ""
        self.uses_gpu = False

    def options(self, kind: type[Options]) -> Options:
        """The node's options of message type `kind`; defaults where the graph gives none."""
        return node_options(self.node, kind)


def node_options(node: Node, kind: type[Options]) -> Options:
    """The options of type `kind` that a node carries: an extension of `options` or, else, `node_options`.

    Raises:
        GraphError: `node_options` holds the type more than once, or bytes that are not of the type.
    """
    result = kind()
    extension = getattr(kind, "ext", None)
    if extension is not None and node.options.HasExtension(extension):
        result.CopyFrom(cast(Options, node.options.Extensions[extension]))
        return result
    matching = [carrier for carrier in node.node_options if carrier.TypeName() == kind.DESCRIPTOR.full_name]
    if len(matching) > 1:
        raise GraphError(
            f"Options type: '{matching[0].type_url}' specified more than once "
            "for a single calculator node config."
        )
    for carrier in matching:
        try:
            result.ParseFromString(carrier.value)
        except DecodeError as error:
            raise GraphError(f"The bytes in node_options are no {kind.DESCRIPTOR.full_name}.") from error
    return result
