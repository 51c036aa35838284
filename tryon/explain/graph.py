"""Why a graph may stop going on: what each node waits for, read off the graph without running it."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from tryon.calculator import Calculator
from tryon.explain.groups import BARRIER, DEFAULT_POLICY, IMMEDIATE, policy_name, sync_groups
from tryon.validated_graph import NodeInfo, ValidatedGraph


@dataclass(frozen=True)
class NodeWaits:
    """What one node waits for.

    Attributes:
        name: the node's.
        opens_after: the side packets of other nodes that it needs first.
        waits: for what it then waits.
        stalls: what may keep it waiting, a sentence each.
    """

    name: str
    opens_after: tuple[str, ...]
    waits: str
    stalls: tuple[str, ...]


def explain_graph(graph: ValidatedGraph) -> list[NodeWaits]:
    """What each node waits for and what may keep it waiting, in the order of the graph."""
    return [
        NodeWaits(info.name, tuple(_sides(graph, info)), _waits(graph, info), tuple(_stalls(graph, info)))
        for info in graph.nodes
    ]


def find_cycles(graph: ValidatedGraph) -> list[list[str]]:
    """The nodes of each cycle, from the node with the back edge to the one that closes it."""
    return [
        [graph.nodes[step].name for step in _way(graph, index, graph.producers[tags[position].name])]
        for index, info in enumerate(graph.nodes)
        for tags in [info.contract.inputs.tags.entries]
        for position in sorted(info.back_edges)
        if graph.producers[tags[position].name] >= 0
    ]


def _way(graph: ValidatedGraph, first: int, last: int) -> list[int]:
    """The shortest way from a node to another one, without back edges; both alone where there is none."""
    ways = [[last]]
    seen = {last}
    for way in ways:
        if way[0] == first:
            return way
        for before in _before(graph, way[0]):
            if before not in seen:
                seen.add(before)
                ways.append([before, *way])
    return [first, last]


def _before(graph: ValidatedGraph, index: int) -> list[int]:
    """The nodes that a node's streams come from, those of back edges left out."""
    info = graph.nodes[index]
    entries = info.contract.inputs.tags.entries
    streams = [entry.name for place, entry in enumerate(entries) if place not in info.back_edges]
    return [graph.producers[name] for name in streams if graph.producers[name] >= 0]


def _sides(graph: ValidatedGraph, info: NodeInfo) -> Iterator[str]:
    for entry in info.contract.input_side_packets.tags:
        maker = graph.side_producers[entry.name]
        if maker >= 0:
            yield f'"{entry.name}" of node "{graph.nodes[maker].name}"'


def _waits(graph: ValidatedGraph, info: NodeInfo) -> str:
    names = [f'"{entry.name}"' for entry in info.contract.inputs.tags]
    policy = policy_name(info, graph.config)
    if not names and not info.node.output_stream:
        return "nothing: all of its work is done when it opens"
    if not names:
        return "room in the queues downstream: a source, which runs until it stops"
    if len(names) == 1:
        return f"each packet of {names[0]}"
    if policy == IMMEDIATE:
        return f"any packet of {_all_of(names)}, as it comes ({policy})"
    if policy == BARRIER:
        return f"a packet on each of {_all_of(names)}, whatever their timestamps ({policy})"
    groups = [_all_of([names[position] for position in group]) for group in sync_groups(info, graph.config)]
    how = "" if policy == DEFAULT_POLICY else f" ({policy})"
    return f"{'; '.join(groups)}, known at the same timestamp{how}"


def _all_of(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _stalls(graph: ValidatedGraph, info: NodeInfo) -> Iterator[str]:
    """What may hold up one of several inputs that wait for each other."""
    entries = info.contract.inputs.tags.entries
    for group in sync_groups(info, graph.config):
        if len(group) == 1:
            continue
        reasons = {position: _reasons(graph, entries[position].name) for position in group}
        roots = {position: dict(_roots(graph, entries[position].name, set())) for position in group}
        for position in group:
            stream = entries[position].name
            others = " and ".join(f'"{entries[other].name}"' for other in group if other != position)
            if position in info.back_edges:
                yield f'"{stream}" closes a cycle: nothing comes on it before this node sent something'
                continue
            for reason, text in reasons[position].items():
                if any(reason not in known for known in (reasons[other] | roots[other] for other in group)):
                    yield f'"{stream}" may hold up {others}: {text}'


def _reasons(graph: ValidatedGraph, stream: str) -> dict[str, str]:
    """What may stop a stream's bound from moving: {what: in words}; looks upstream as far as bounds flow."""
    index = graph.producers[stream]
    if index < 0 or graph.nodes[index].is_source:
        return dict(_roots(graph, stream, set()))
    info = graph.nodes[index]
    if info.contract.timestamp_offset is None:
        if _moves_bounds(info.calculator):
            return {}
        return {
            f"node {info.name}": f'node "{info.name}" declares no timestamp_offset and promises nothing '
            "where it sends nothing"
        }
    found: dict[str, str] = {}
    for position, entry in enumerate(info.contract.inputs.tags):
        if position not in info.back_edges:
            found |= _reasons(graph, entry.name)
    return found


def _roots(graph: ValidatedGraph, stream: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Where everything on a stream comes from in the end, and what that asks for."""
    index = graph.producers[stream]
    if index < 0:
        yield (
            f"input {stream}",
            f'the application has to feed graph input "{stream}", to move its bound or to close it',
        )
        return
    info = graph.nodes[index]
    if info.is_source:
        yield f"source {info.name}", f'it gets on as source "{info.name}" does'
    else:
        for entry in info.contract.inputs.tags:
            if entry.name not in seen:
                seen.add(entry.name)
                yield from _roots(graph, entry.name, seen)


def _moves_bounds(calculator: type[Calculator]) -> bool:
    """True when the calculator's code moves the bounds of its outputs itself."""
    try:
        return "set_next_timestamp_bound" in inspect.getsource(calculator)
    except OSError:
        return False
