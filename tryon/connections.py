"""Checking how a graph's nodes hang together: producers, order, types."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from tryon.config import Config, GraphSource
from tryon.contract import Node, PacketType
from tryon.packet import is_subtype
from tryon.registry import nearest_name
from tryon.subgraph import Origin, canonical_names
from tryon.tag_map import TagMap, find_problems
from tryon.validated_graph import NodeInfo, ValidatedGraph, place

MOST_HINTS = 20  # to look for a near name among all streams takes milliseconds
BACK_EDGE_HINT = (
    "a stream that is meant to close a cycle needs input_stream_info { tag_index: ... back_edge: true }"
)


def connect(
    graph: ValidatedGraph,
    source: GraphSource,
    refused: Sequence[Node],
    broken: Sequence[tuple[Node, Origin]],
) -> list[str]:
    """Finds the producers, puts the nodes in order and resolves the types; returns all problems.

    Args:
        refused: subgraph nodes that were not expanded as they have problems of their own.
        broken: calculators that are not among the graph's nodes for the same reason.
    """
    problems = _find_producers(graph, source, refused)
    edges = _Edges(graph.nodes, graph)
    placed, left = edges.sort()
    order = [*placed, *left]
    problems += _missing_producers(graph, order, broken)
    problems += _cycles(graph, edges, left)
    problems += _resolve_types(graph, order)
    if not problems:
        _reorder(graph, order)
    return problems


def _find_producers(graph: ValidatedGraph, source: GraphSource, refused: Sequence[Node]) -> list[str]:
    problems: list[str] = []
    first: dict[tuple[str, str], str] = {}
    config = graph.config

    def add(kind: str, producers: dict[str, int], name: str, index: int, where: str) -> None:
        known = first.setdefault((kind, name), where)
        if name in producers:
            also = f" (The first: {known.rstrip(': ')}.)" if known else ""
            problems.append(f'{where}Output {kind} "{name}" defined twice.{also}')
        producers.setdefault(name, index)

    for field in ("input_stream", "output_stream"):
        entries = getattr(config, field)
        found = find_problems(entries)
        problems += [f"{source.where(field, position)}{problem}" for position, problem in found]
    if not find_problems(config.input_stream):
        for position, entry in enumerate(TagMap(config.input_stream)):
            add("Stream", graph.producers, entry.name, -1, source.where("input_stream", position))
            graph.input_types.setdefault(entry.name, PacketType(entry.name).set_any())
    for index, info in enumerate(graph.nodes):
        for position, entry in enumerate(info.contract.outputs.tags):
            add("Stream", graph.producers, entry.name, index, place(info.origin, "output_stream", position))
        for position, entry in enumerate(info.contract.output_side_packets.tags):
            where = place(info.origin, "output_side_packet", position)
            add("Side Packet", graph.side_producers, entry.name, index, where)
    if problems or refused or len(graph.nodes) < len(config.node):
        # what has problems of its own is no second problem
        made = [text for node in (*config.node, *refused) for text in node.output_stream]
        for text in (*config.input_stream, *made):
            graph.producers.setdefault(_name(text), -1)
    for text in config.input_side_packet:
        graph.side_producers.setdefault(_name(text), -1)
    for info in graph.nodes:
        for entry in info.contract.input_side_packets.tags:
            graph.side_producers.setdefault(entry.name, -1)
    return problems


def _name(text: str) -> str:
    return text.rpartition(":")[2]


def _missing_producers(
    graph: ValidatedGraph, order: list[int], broken: Sequence[tuple[Node, Origin]]
) -> list[str]:
    problems: list[str] = []
    names = list(graph.producers)
    nodes = [(info.name, info.node, info.origin) for info in (graph.nodes[index] for index in order)]
    nodes += [(node.name or node.calculator, node, origin) for node, origin in broken]
    for sorted_index, (label, node, origin) in enumerate(nodes):
        if find_problems(node.input_stream):
            continue
        for position, entry in enumerate(TagMap(node.input_stream)):
            if entry.name in graph.producers:
                continue
            nearest = nearest_name(entry.name, names) if len(problems) < MOST_HINTS else None
            hint = f' Did you mean "{nearest}"?' if nearest else ""
            problems.append(
                f'{place(origin, "input_stream", position)}Input Stream "{entry.name}" for node '
                f"with sorted index {sorted_index} name {label} "
                f"does not have a corresponding output stream.{hint}"
            )
    return problems


class _Edges:
    """Who needs whom: a node the producers of its streams (back edges left out) and side packets."""

    def __init__(self, nodes: list[NodeInfo], graph: ValidatedGraph) -> None:
        self.needs: list[set[int]] = []
        self.users: list[set[int]] = [set() for _ in nodes]
        for index, info in enumerate(nodes):
            producers = [
                graph.producers.get(entry.name, -1)
                for position, entry in enumerate(info.contract.inputs.tags)
                if position not in info.back_edges
            ]
            sides = info.contract.input_side_packets.tags
            producers += [graph.side_producers[entry.name] for entry in sides]
            self.needs.append({producer for producer in producers if producer >= 0})
            for producer in self.needs[-1]:
                self.users[producer].add(index)

    def sort(self) -> tuple[list[int], list[int]]:
        """The nodes in topological order, the first in the file first, and those that cycles keep back."""
        open_needs = [len(needs) for needs in self.needs]
        ready = [index for index, count in enumerate(open_needs) if not count]
        heapify(ready)
        order = []
        while ready:
            index = heappop(ready)
            order.append(index)
            for user in self.users[index]:
                open_needs[user] -= 1
                if not open_needs[user]:
                    heappush(ready, user)
        return order, [index for index, count in enumerate(open_needs) if count]

    def cycles(self, left: list[int]) -> list[list[int]]:
        """A shortest cycle through the first node of each knot among the nodes that are left."""
        found = []
        done: set[int] = set()
        for start in left:
            if start in done:
                continue
            before = {start: start}
            queue = [start]
            for index in queue:
                for user in sorted(self.users[index] - before.keys()):
                    before[user] = index
                    queue.append(user)
            last = next((index for index in queue if start in self.users[index]), None)
            if last is None:
                continue
            cycle = [last]
            while cycle[-1] != start:
                cycle.append(before[cycle[-1]])
            found.append(cycle[::-1])
            done |= before.keys() & self._upstream(start)
        return found

    def _upstream(self, start: int) -> set[int]:
        seen = {start}
        queue = [start]
        for index in queue:
            queue += self.needs[index] - seen
            seen |= self.needs[index]
        return seen


def _cycles(graph: ValidatedGraph, edges: _Edges, left: list[int]) -> list[str]:
    """The message for each cycle; as in MediaPipe the names are those among the nodes not yet placed."""
    names = dict(zip(left, canonical_names([graph.nodes[index].node for index in left]), strict=True))
    problems = []
    for cycle in edges.cycles(left):
        origins = [graph.nodes[index].origin for index in cycle]
        places = ", ".join(filter(None, (origin.where().rstrip(": ") for origin in origins)))
        problems.append(
            f"{place(origins[0])}Generator side packet cycle or calculator stream cycle detected in graph: "
            f"[{', '.join(names[index] for index in cycle)}] "
            f"({f'the nodes at {places}; ' if places else ''}{BACK_EDGE_HINT})"
        )
    return problems


def _resolve_types(graph: ValidatedGraph, order: list[int]) -> list[str]:
    """Lets types that are "any" become what is known at the other end; says where two known ones differ."""
    streams: list[tuple[NodeInfo, int, PacketType, PacketType]] = []
    sides: list[tuple[NodeInfo, int, PacketType, PacketType]] = []
    for info in (graph.nodes[index] for index in order):
        for edges, types, type_of in (
            (streams, info.contract.inputs, graph.stream_type),
            (sides, info.contract.input_side_packets, graph.side_type),
        ):
            for position, (entry, wanted) in enumerate(zip(types.tags, types, strict=True)):
                given = type_of(entry.name)
                if given is not None:
                    edges.append((info, position, given, wanted))
    for _, _, given, wanted in (*streams, *sides):
        _unify(given, wanted)
    problems = [
        f"{place(info.origin, 'input_side_packet', position)}Input side packet "
        f'"{info.contract.input_side_packets.tags.entries[position].name}" of Calculator "{info}" expected '
        f'a packet of type "{wanted}" but the connected output side packet will be of type "{given}"'
        for info, position, given, wanted in sides
        if not _compatible(given.resolved(), wanted.resolved())
    ]
    problems += [
        f"{place(info.origin, 'input_stream', position)}Input stream "
        f'"{info.contract.inputs.tags.entries[position].name}" of calculator "{info}" expects packets of '
        f'type "{wanted}" but the connected output stream will contain packets of type "{given}"'
        for info, position, given, wanted in streams
        if not _compatible(given.resolved(), wanted.resolved())
    ]
    return problems


def _unify(given: PacketType, wanted: PacketType) -> None:
    given_root, wanted_root = given.root(), wanted.root()
    if given_root is wanted_root:
        return
    if not wanted_root.types:
        wanted_root.set_same_as(given)
    elif not given_root.types:
        given_root.set_same_as(wanted)


def _compatible(given: tuple[type, ...], wanted: tuple[type, ...]) -> bool:
    if not given or not wanted:
        return True
    return any(is_subtype(kind, want) for kind in given for want in wanted)


def _reorder(graph: ValidatedGraph, order: list[int]) -> None:
    place = {old: new for new, old in enumerate(order)}
    graph.nodes = [graph.nodes[index] for index in order]
    for producers in (graph.producers, graph.side_producers):
        for name, index in producers.items():
            producers[name] = place.get(index, -1)
    config = Config()
    config.CopyFrom(graph.config)
    del config.node[:]
    config.node.extend(info.node for info in graph.nodes)
    graph.config = config
    for info, node, name in zip(graph.nodes, config.node, canonical_names(config.node), strict=True):
        info.node, info.name = node, name
