"""Running recorded graphs, or nodes of them, on what was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tryon.config import Config, GraphSource
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph
from tryon.recording.compare import StreamComparison
from tryon.recording.recording import Recording, is_inner
from tryon.recording.source import RECORDING, RecordingSourceCalculator
from tryon.registry import find_calculator, nearest_name
from tryon.validated_graph import ValidatedGraph
from tryon.validation import validate

SIDE_PACKET = "tryon_recording"
NAME = "recording_source"
NOT_REPLAYED = (
    "node",
    "input_stream",
    "output_stream",
    "input_side_packet",
    "output_side_packet",
    "profiler_config",
)


@dataclass
class Replay:
    """A recorded graph, or some of its nodes, ready to run on the recorded packets.

    Attributes:
        graph: to start with `side_packets`.
        side_packets: the recorded ones, and the recording.
        nodes: the names of the nodes that run.
        comparisons: of the recorded streams that these nodes make.
    """

    graph: CalculatorGraph
    side_packets: dict[str, Any]
    nodes: list[str]
    comparisons: list[StreamComparison] = field(default_factory=list)


def prepare_replay(recording: Recording, nodes: Sequence[str] = (), threads: int = 1) -> Replay:
    """Makes the graph that replays a recording.

    Recorded streams take the place of the nodes that sent them. A node that is to run and takes a stream that
    was not recorded gets it from the node that makes it, which runs, too.

    Args:
        recording: what was recorded.
        nodes: which nodes run, by their names or those of subgraph nodes; without, all but sources and sinks.
        threads: how many run them; with one, nodes that do not wait for all inputs repeat themselves, too.

    Raises:
        GraphError: there is no such node, or something it needs was not recorded.
    """
    for node in recording.nodes:
        if find_calculator(node.calculator) is None:
            raise GraphError(
                f'The node "{node.name}" is a {node.calculator} of the module "{node.module}", which is not '
                "known here: give its file with --calculators."
            )
    source = recording.graph()
    graph = validate(source)
    wanted = _wanted(graph, recording, nodes)
    side_packets = recording.side_packets()
    needed, streams, sides = _with_what_they_need(graph, recording, wanted, set(side_packets))
    config = _config(graph, needed, streams, sides, threads)
    replayed = CalculatorGraph(GraphSource(config, source.name, source.folder))
    result = Replay(
        replayed,
        {name: side_packets[name] for name in sides} | {SIDE_PACKET: recording},
        [graph.nodes[index].name for index in sorted(needed)],
    )
    for name in recording.streams:
        if graph.producers[name] in wanted:
            result.comparisons.append(StreamComparison(name, recording.packets(name)))
            replayed.observe_output_stream(name, result.comparisons[-1].note)
    if not result.comparisons:
        raise GraphError(
            f"No output of {', '.join(nodes) or 'its nodes'} was recorded, so there is nothing to compare: "
            "record it with --record-stream."
        )
    return result


def _wanted(graph: ValidatedGraph, recording: Recording, names: Sequence[str]) -> set[int]:
    """The nodes that are to run, as indices."""
    if not names:
        return {index for index, info in enumerate(graph.nodes) if is_inner(info)}
    known: dict[str, set[int]] = {}
    index_of = {info.name: index for index, info in enumerate(graph.nodes)}
    for node in recording.nodes:
        for name in (node.name, *node.inside):
            known.setdefault(name, set()).add(index_of[node.name])
    wanted: set[int] = set()
    for name in names:
        if name not in known:
            nearest = nearest_name(name, list(known))
            hint = f'Did you mean "{nearest}"?' if nearest else f"It has: {', '.join(known)}."
            raise GraphError(f'The recorded graph has no node "{name}". {hint}')
        wanted |= known[name]
    return wanted


def _with_what_they_need(
    graph: ValidatedGraph, recording: Recording, wanted: set[int], recorded_sides: set[str]
) -> tuple[set[int], list[str], list[str]]:
    """The nodes that have to run, the streams and the side packets that come from the recording."""
    needed = set(wanted)
    streams: dict[str, None] = {}
    sides: dict[str, None] = {}
    todo = sorted(wanted)
    problems: list[str] = []

    def run_too(producer: int) -> None:
        if producer not in needed:
            needed.add(producer)
            todo.append(producer)

    for index in todo:
        info = graph.nodes[index]
        for entry in info.contract.inputs.tags:
            producer = graph.producers[entry.name]
            if producer in wanted:
                continue
            if entry.name in recording.streams:
                streams[entry.name] = None
            elif producer >= 0:
                run_too(producer)
            else:
                problems.append(f'The stream "{entry.name}" of node "{info.name}" was not recorded.')
        for entry in info.contract.input_side_packets.tags:
            producer = graph.side_producers[entry.name]
            if producer in wanted:
                continue
            if entry.name in recorded_sides:
                sides[entry.name] = None
            elif producer >= 0:
                run_too(producer)
            elif entry.name in recording.not_recorded:
                kind = recording.not_recorded[entry.name]
                problems.append(
                    f'The side packet "{entry.name}" of node "{info.name}" was not recorded (it is a {kind}).'
                )
    if problems:
        raise GraphError("\n".join(problems))
    made = {entry.name for index in needed for entry in graph.nodes[index].contract.outputs.tags}
    return (
        needed,
        [name for name in streams if name not in made],
        [name for name in sides if graph.side_producers[name] not in needed],
    )


def _config(
    graph: ValidatedGraph, nodes: set[int], streams: Sequence[str], sides: Sequence[str], threads: int
) -> Config:
    config = Config()
    config.CopyFrom(graph.config)
    for cleared in (
        "node",
        "input_stream",
        "output_stream",
        "input_side_packet",
        "output_side_packet",
        "profiler_config",
    ):
        config.ClearField(cleared)
    kept = [executor for executor in config.executor if executor.name]
    del config.executor[:]
    config.executor.extend(kept)
    config.num_threads = threads
    config.input_side_packet.extend(sides)
    if streams:
        config.input_side_packet.append(SIDE_PACKET)
        config.node.add(
            name=NAME,
            calculator=RecordingSourceCalculator.__name__,
            input_side_packet=[f"{RECORDING}:{SIDE_PACKET}"],
            output_stream=streams,
        )
    config.node.extend(graph.nodes[index].node for index in sorted(nodes))
    return config
