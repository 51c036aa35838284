"""The base class of calculators and what they see while they run."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from google.protobuf.message import Message

from tryon.contract import CalculatorContract, Node, Options, node_options
from tryon.errors import GraphError
from tryon.packet import NOTHING, Packet
from tryon.tag_map import Key, TagMap
from tryon.timestamp import Timestamp, timestamp_text


class ProcessStatus(Enum):
    """What `process` may return: a source returns STOP when it has no more packets."""

    CONTINUE = 0
    STOP = 1


STOP: Final = ProcessStatus.STOP


class InputStream:
    """One input at the timestamp being processed."""

    __slots__ = ("header", "is_done", "name", "packet")

    def __init__(self, name: str) -> None:
        self.name = name
        self.packet: Packet
        self.header: Any = None
        self.is_done = False

    @property
    def is_empty(self) -> bool:
        """True when the stream has no packet at this timestamp."""
        return self.packet.value is NOTHING

    @property
    def value(self) -> Any:
        """The packet's value.

        Raises:
            GraphError: the stream has no packet at this timestamp; ask `is_empty` first.
        """
        value = self.packet.value
        if value is NOTHING:
            raise GraphError(
                f'Input stream "{self.name}" has no packet at timestamp '
                f"{timestamp_text(self.packet.timestamp)}; ask is_empty before value."
            )
        return value


class OutputStream(Protocol):
    """One output while a calculator runs; what is added becomes visible when the call returns."""

    name: str
    header: Any

    def add(self, value: Any, timestamp: int) -> None:
        """Sends a value at a timestamp, larger than all sent before."""

    def add_packet(self, packet: Packet) -> None:
        """Sends a packet that exists already."""

    def set_next_timestamp_bound(self, bound: int) -> None:
        """Promises that no packet comes before `bound`, so that nodes downstream need not wait."""

    def close(self) -> None:
        """No packet comes any more."""


class InputSidePacket:
    """One input side packet; `packet` is empty when an optional one was not given."""

    __slots__ = ("name", "packet")

    def __init__(self, name: str, packet: Packet) -> None:
        self.name = name
        self.packet = packet

    @property
    def is_empty(self) -> bool:
        """True when the run was started without it."""
        return self.packet.is_empty

    @property
    def value(self) -> Any:
        """The packet's value.

        Raises:
            GraphError: it was not given.
        """
        if self.packet.is_empty:
            raise GraphError(f'Input side packet "{self.name}" was not given; ask is_empty before value.')
        return self.packet.value


class OutputSidePacket(Protocol):
    """One output side packet: set once, in `open` or later."""

    name: str

    def set(self, value: Any) -> None:
        """Makes the value known to the nodes that wait for it."""


Item = TypeVar("Item", covariant=True)


class Collection(Generic[Item]):
    """Streams or side packets of a node, by "TAG", untagged index or ("TAG", index)."""

    __slots__ = ("_by_key", "_by_tag", "items", "tags")

    def __init__(self, tags: TagMap, items: list[Item]) -> None:
        self.tags = tags
        self.items = items
        self._by_key = {key: items[position] for key, position in tags.keys.items()}
        self._by_tag: dict[str, list[Item]] = {}
        for entry in sorted(tags, key=lambda entry: entry.index):
            self._by_tag.setdefault(entry.tag, []).append(self._by_key[entry.tag, entry.index])

    def __getitem__(self, key: Key) -> Item:
        try:
            return self._by_key[key]
        except KeyError:
            return self.items[self.tags.position(key)]

    def __contains__(self, key: Key) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def all_of(self, tag: str) -> list[Item]:
        """The items of every index of `tag` ("" for the untagged ones)."""
        return self._by_tag.get(tag, [])


class CalculatorContext:
    """What a calculator sees in `open`, `process` and `close`.

    Attributes:
        node_name: the node's name in the expanded graph.
        inputs, outputs: the streams.
        input_side_packets, output_side_packets: the side packets.
        input_timestamp: the timestamp being processed; Unstarted in `open`, Done in `close`.
        graph_failed: in `close`, True when the run ended with an error.
        notes: what the calculator has said about the run, see `note`.
    """

    __slots__ = (
        "_node",
        "_resource_roots",
        "graph_failed",
        "input_side_packets",
        "input_timestamp",
        "inputs",
        "node_name",
        "notes",
        "output_side_packets",
        "outputs",
    )

    def __init__(
        self,
        node: Node,
        node_name: str,
        inputs: Collection[InputStream],
        outputs: Collection[OutputStream],
        input_side_packets: Collection[InputSidePacket],
        output_side_packets: Collection[OutputSidePacket],
        resource_roots: tuple[Path, ...],
    ) -> None:
        self._node = node
        self._resource_roots = resource_roots
        self.node_name = node_name
        self.inputs = inputs
        self.outputs = outputs
        self.input_side_packets = input_side_packets
        self.output_side_packets = output_side_packets
        self.input_timestamp = Timestamp.UNSTARTED
        self.graph_failed = False
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Says something about the run that its summary should tell, such as what was chosen and why."""
        self.notes.append(text)

    def options(self, kind: type[Options]) -> Options:
        """The node's options of message type `kind`; defaults where the graph gives none."""
        return node_options(self._node, kind)

    def resource(self, path: str) -> Path:
        """Finds a file that a graph names: beside the graph, in the working folder, or installed.

        Raises:
            GraphError: it is in none of these places; the message lists them.
        """
        given = Path(path)
        for root in self._resource_roots:
            if (root / given).exists():
                return root / given
        looked = ", ".join(dict.fromkeys(str(root / given) for root in self._resource_roots))
        raise GraphError(f'There is no file "{path}" (looked for {looked}).')


class Calculator:
    """A node's code. The class name, registered, is the name that graphs use.

    A subclass declares its streams in `get_contract` and works in `process`, which is called once a
    timestamp (a source, a calculator without inputs, is called until it returns STOP). A new object
    is made for every run. An exception raised in any of these ends the run and arrives at the
    caller with the node's name and the timestamp.

    Attributes:
        Options: the message type of the calculator's options, None when it has none.
    """

    Options: ClassVar[type[Message] | None] = None

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        """Declares the types of the streams and side packets; raises GraphError for a bad node."""
        raise GraphError(f"{cls.__name__} has no get_contract.")

    def open(self, context: CalculatorContext) -> None:
        """Called once before any packet: read options, load models, set output side packets."""

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        """Called for each timestamp at which the inputs are settled, a source until it returns STOP.

        A calculator without inputs that does all its work in `open` needs none: this one stops it.
        """
        return None if len(context.inputs) else STOP

    def close(self, context: CalculatorContext) -> None:
        """Called once at the end, also after an error (if `open` succeeded): release, finish files."""
