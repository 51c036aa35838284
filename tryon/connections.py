"""Checking how a graph's nodes hang together: producers, order, types."""

from collections.abc import Iterable

from tryon.config import Config, GraphSource
from tryon.errors import GraphError
from tryon.packet import type_names
from tryon.registry import nearest_name
from tryon.tag_map import parse_tag_index_name
from tryon.validated_graph import ValidatedGraph


def connect(graph: ValidatedGraph, source: GraphSource) -> list[str]:
    """Finds every stream's and side packet's producer."""
    problems: list[str] = []
    config = graph.config

    def add(kind: str, producers: dict[str, int], name: str, index: int, where: str) -> None:
        if name in producers:
            problems.append(f'{where}Output {kind} "{name}" defined twice.')
        producers.setdefault(name, index)

    def graph_names(field: str) -> Iterable[tuple[str, str]]:
        for position, text in enumerate(getattr(config, field)):
            where = source.where(field, position)
            try:
                yield parse_tag_index_name(text).name, where
            except GraphError as error:
                problems.append(f"{where}{error}")

    for name, where in graph_names("input_stream"):
        add("Stream", graph.producers, name, -1, where)
    for name, where in graph_names("input_side_packet"):
        add("Side Packet", graph.side_producers, name, -1, where)
    list(graph_names("output_stream"))
    list(graph_names("output_side_packet"))
    for index, info in enumerate(graph.nodes):
        for position, entry in enumerate(info.contract.outputs.tags):
            where = info.origin.where("output_stream", position)
            add("Stream", graph.producers, entry.name, index, where)
        for position, entry in enumerate(info.contract.output_side_packets.tags):
            where = info.origin.where("output_side_packet", position)
            add("Side Packet", graph.side_producers, entry.name, index, where)
    if len(graph.nodes) < len(config.node):
        for node in config.node:  # what a node with problems of its own produces is no second problem
            for text in node.output_stream:
                graph.producers.setdefault(text.rpartition(":")[2], -1)
    for index, info in enumerate(graph.nodes):
        for position, entry in enumerate(info.contract.inputs.tags):
            if entry.name not in graph.producers:
                nearest = nearest_name(entry.name, list(graph.producers))
                hint = f' Did you mean "{nearest}"?' if nearest else ""
                problems.append(
                    f'{info.origin.where("input_stream", position)}Input Stream "{entry.name}" for node '
                    f"with sorted index {index} name {info.node.name or info.node.calculator} "
                    f"does not have a corresponding output stream.{hint}"
                )
        for entry in info.contract.input_side_packets.tags:
            graph.side_producers.setdefault(entry.name, -1)
    return problems


def sort(graph: ValidatedGraph) -> list[str]:
    """Puts the nodes in topological order (stable), back edges left out."""
    needs: list[set[int]] = []
    for info in graph.nodes:
        streams = [
            graph.producers[entry.name]
            for position, entry in enumerate(info.contract.inputs.tags)
            if position not in info.back_edges
        ]
        sides = [graph.side_producers[entry.name] for entry in info.contract.input_side_packets.tags]
        needs.append({index for index in (*streams, *sides) if index >= 0})
    order: list[int] = []
    placed: set[int] = set()
    waiting = list(range(len(graph.nodes)))
    while waiting:
        ready = next((index for index in waiting if needs[index] <= placed), None)
        if ready is None:
            break
        order.append(ready)
        placed.add(ready)
        waiting.remove(ready)
    if waiting:
        cycle = _cycle(waiting, needs)
        names = ", ".join(graph.nodes[index].name for index in cycle)
        first = graph.nodes[cycle[0]].origin.where()
        return [
            f"{first}Generator side packet cycle or calculator stream cycle detected in graph: [{names}] "
            "(a stream that is meant to close a cycle needs input_stream_info { tag_index: ... "
            "back_edge: true })"
        ]
    place = {old: new for new, old in enumerate(order)}
    graph.nodes = [graph.nodes[index] for index in order]
    for producers in (graph.producers, graph.side_producers):
        for name, index in producers.items():
            producers[name] = place.get(index, -1)
    nodes = [info.node for info in graph.nodes]
    config = Config()
    config.CopyFrom(graph.config)
    del config.node[:]
    config.node.extend(nodes)
    graph.config = config
    for index, info in enumerate(graph.nodes):
        info.node = config.node[index]
    return []


def _cycle(waiting: list[int], needs: list[set[int]]) -> list[int]:
    """The indexes of one cycle among the nodes that could not be placed, in ascending order."""
    stuck = set(waiting)
    path: list[int] = []
    index = waiting[0]
    while index not in path:
        path.append(index)
        index = min(needs[index] & stuck)
    return sorted(path[path.index(index) :])


def check_types(graph: ValidatedGraph) -> list[str]:
    """Producers and consumers must agree on what a stream carries."""
    problems: list[str] = []
    for info in graph.nodes:
        inputs, sides = info.contract.inputs, info.contract.input_side_packets
        for position, entry in enumerate(inputs.tags):
            wanted, given = inputs[entry.tag, entry.index], graph.stream_type(entry.name)
            if given is None:
                continue
            types = _flowing_types(graph, entry.name, frozenset())
            if not _compatible(types, wanted.resolved()):
                shown = type_names(types)
                problems.append(
                    f'{info.origin.where("input_stream", position)}Input stream "{entry.name}" of calculator '
                    f'"{info}" expects packets of type "{wanted}" but the connected output stream will '
                    f'contain packets of type "{f"[Same Type As {shown}]" if given.same_as else shown}"'
                )
        for position, entry in enumerate(sides.tags):
            wanted, given = sides[entry.tag, entry.index], graph.side_type(entry.name)
            if given is not None and not _compatible(given.resolved(), wanted.resolved()):
                problems.append(
                    f'{info.origin.where("input_side_packet", position)}Input side packet "{entry.name}" '
                    f'of Calculator "{info}" expected a packet of type "{wanted}" but the connected output '
                    f'side packet will be of type "{given}"'
                )
    return problems


def _flowing_types(graph: ValidatedGraph, name: str, seen: frozenset[str]) -> tuple[type, ...]:
    """What a stream carries, followed upstream through outputs that are "the same as" an input."""
    kind = graph.stream_type(name)
    if kind is None or name in seen:
        return ()
    root = kind.root()
    if root.types or root is kind:
        return root.types
    inputs = graph.nodes[graph.producers[name]].contract.inputs
    upstream = next((e.name for e in inputs.tags if inputs[e.tag, e.index] is root), None)
    return _flowing_types(graph, upstream, seen | {name}) if upstream else ()


def _compatible(given: tuple[type, ...], wanted: tuple[type, ...]) -> bool:
    if not given or not wanted:
        return True
    return any(
        kind is want or (issubclass(kind, want) and kind is not bool) for kind in given for want in wanted
    )
