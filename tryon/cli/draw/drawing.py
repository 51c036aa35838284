"""What is drawn of a graph, whatever the format: vertices and edges."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from tryon.config import Config, GraphSource
from tryon.expansion import expand
from tryon.registry import find_calculator
from tryon.renderer import Renderer
from tryon.subgraph import STREAM_FIELDS, SubgraphLibrary, canonical_names, full_type
from tryon.tag_map import TagMap, parse_tag_index
from tryon.twins import place_twins
from tryon.validation import validate


class Kind(Enum):
    """What a vertex or an edge stands for."""

    NODE = "node"
    SUBGRAPH = "subgraph"
    INPUT = "input"
    OUTPUT = "output"
    SIDE_PACKET = "side packet"
    STREAM = "stream"
    BACK_EDGE = "back edge"


@dataclass(frozen=True)
class Vertex:
    """A node of the graph, or one of its inputs, outputs and side packets.

    Attributes:
        name: what is written in it.
        detail: what is written below, small; "" for nothing.
        kind: NODE, SUBGRAPH, INPUT, OUTPUT or SIDE_PACKET.
        group: the subgraph nodes around it, outermost first.
    """

    name: str
    detail: str
    kind: Kind
    group: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """A stream or side packet on its way to one consumer.

    Attributes:
        source, target: indexes of vertices.
        name: of the stream.
        kind: STREAM, BACK_EDGE or SIDE_PACKET.
    """

    source: int
    target: int
    name: str
    kind: Kind


@dataclass
class Drawing:
    """A graph to draw."""

    name: str
    vertices: list[Vertex] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


def make_drawing(source: GraphSource, expanded: bool, renderer: Renderer | None = None) -> Drawing:
    """Collects what there is to draw; with a renderer, of the expanded graph and with its twins in it.

    Raises:
        GraphError: the graph is not valid.
    """
    validate(source)
    config = source.config
    groups: list[tuple[str, ...]] = [()] * len(config.node)
    if expanded or renderer:
        config, origins = expand(source, SubgraphLibrary(source.folder, ()))
        if renderer:
            origins = place_twins(config, origins, renderer)
        groups = [origin.inside for origin in origins]
    drawing = Drawing(full_type(config) or Path(source.name).stem)
    producers: dict[tuple[bool, str], int] = {}
    for name, kind in _interface(config, "input"):
        producers[kind is Kind.SIDE_PACKET, name] = len(drawing.vertices)
        drawing.vertices.append(Vertex(name, "", kind))
    first = len(drawing.vertices)
    for name, node, group in zip(canonical_names(config.node), config.node, groups, strict=True):
        kind = Kind.NODE if find_calculator(node.calculator) else Kind.SUBGRAPH
        for side in (False, True):
            entries = node.output_side_packet if side else node.output_stream
            for entry in TagMap(entries):
                producers[side, entry.name] = len(drawing.vertices)
        detail = node.calculator if name != node.calculator else ""
        drawing.vertices.append(Vertex(_short(name, group), detail, kind, group))
    for target, node in enumerate(config.node, first):
        back = {parse_tag_index(info.tag_index) for info in node.input_stream_info if info.back_edge}
        for side in (False, True):
            entries = node.input_side_packet if side else node.input_stream
            for entry in TagMap(entries):
                kind = Kind.SIDE_PACKET if side else Kind.STREAM
                if not side and (entry.tag, entry.index) in back:
                    kind = Kind.BACK_EDGE
                if side and (side, entry.name) not in producers:  # side packets need not be declared
                    producers[side, entry.name] = len(drawing.vertices)
                    drawing.vertices.append(Vertex(entry.name, "", Kind.SIDE_PACKET))
                producer = producers[side, entry.name]
                name = _short(entry.name, drawing.vertices[producer].group)
                drawing.edges.append(Edge(producer, target, name, kind))
    for name, kind in _interface(config, "output"):
        edge_kind = Kind.SIDE_PACKET if kind is Kind.SIDE_PACKET else Kind.STREAM
        producer = producers[kind is Kind.SIDE_PACKET, name]
        drawing.edges.append(Edge(producer, len(drawing.vertices), name, edge_kind))
        drawing.vertices.append(Vertex(name, "", kind))
    return drawing


def _interface(config: Config, direction: str) -> Iterable[tuple[str, Kind]]:
    """The graph's own inputs or outputs."""
    for name in STREAM_FIELDS:
        if name.startswith(direction):
            plain = Kind.INPUT if direction == "input" else Kind.OUTPUT
            for entry in TagMap(getattr(config, name)):
                yield entry.name, Kind.SIDE_PACKET if "side" in name else plain


def _short(name: str, group: tuple[str, ...]) -> str:
    """The name of a node or stream without those of the subgraphs that are drawn around it."""
    return name.rpartition("__")[2] if group else name
