"""A checked graph, ready to run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tryon.calculator import Calculator
from tryon.config import Config
from tryon.contract import CalculatorContract, Node, PacketType, PacketTypeSet
from tryon.subgraph import Origin


@dataclass
class NodeInfo:
    """A node of the expanded graph, checked.

    Attributes:
        node: its config.
        name: its name in messages, unique in the graph.
        origin: where it was written.
        calculator: its class.
        contract: filled in by the calculator.
        back_edges: positions of the input streams that close cycles.
    """

    node: Node
    name: str
    origin: Origin
    calculator: type[Calculator]
    contract: CalculatorContract
    back_edges: frozenset[int] = frozenset()

    @property
    def policy(self) -> str:
        """Registered name of the node's input policy; "" for the graph's."""
        return (
            self.node.input_stream_handler.input_stream_handler
            if self.node.HasField("input_stream_handler")
            else self.contract.input_stream_handler
        )

    @property
    def is_source(self) -> bool:
        """True when the node has no input stream: it is called until it returns STOP."""
        return not self.node.input_stream

    def __str__(self) -> str:
        """The node as MediaPipe's messages show it."""
        if self.node.name:
            return self.node.name

        def streams(kind: str, entries: Sequence[str]) -> str:
            if len(entries) < 2:
                return f"{kind} stream: {entries[0]}" if entries else f"no {kind} streams"
            return f"{kind} streams: <{','.join(entries)}>"

        inputs, outputs = streams("input", self.node.input_stream), streams("output", self.node.output_stream)
        return f"[{self.node.calculator}, {inputs}, and {outputs}]"


@dataclass
class ValidatedGraph:
    """A graph that may run.

    Attributes:
        config: expanded, the nodes in topological order.
        nodes: in the same order.
        producers: stream name -> index of its node, -1 for a graph input stream.
        side_producers: side packet name -> index of its node, -1 for the caller.
        input_types: graph input stream name -> its type, as far as its consumers say one.
        folder: the folder of the graph file, None when it was no file.
    """

    config: Config
    nodes: list[NodeInfo] = field(default_factory=list)
    producers: dict[str, int] = field(default_factory=dict)
    side_producers: dict[str, int] = field(default_factory=dict)
    input_types: dict[str, PacketType] = field(default_factory=dict)
    folder: Path | None = None

    def stream_type(self, name: str) -> PacketType | None:
        """The type of a stream: as its producer declares it or, where it says "any", as its users do."""
        index = self.producers.get(name, -1)
        return _named(self.nodes[index].contract.outputs, name) if index >= 0 else self.input_types.get(name)

    def side_type(self, name: str) -> PacketType | None:
        """The type that the producer of a side packet declares; None for what the caller gives."""
        index = self.side_producers.get(name, -1)
        return _named(self.nodes[index].contract.output_side_packets, name) if index >= 0 else None


def place(origin: Origin, *path: str | int) -> str:
    """ "file:line:column: " of a part of a node and, where it stands in a subgraph, who uses that."""
    where = origin.where(*path)
    if not origin.inside:
        return where
    outermost = origin
    while outermost.user:
        outermost = outermost.user
    used_at = f", used at {outermost.where().rstrip(': ')}" if outermost.where() else ""
    return f"{where}[in {' > '.join(origin.inside)}{used_at}] "


def _named(types: PacketTypeSet, name: str) -> PacketType:
    return next(types[entry.tag, entry.index] for entry in types.tags if entry.name == name)
