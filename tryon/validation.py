"""Checking a graph before it runs: all problems at once, each with its place."""

from collections.abc import Sequence
from warnings import warn_explicit

from tryon.config import Config, GraphSource
from tryon.connections import connect
from tryon.contract import CalculatorContract, Node
from tryon.contract_problems import check_contract
from tryon.errors import GraphError, GraphWarning
from tryon.executor_problems import executor_problems
from tryon.expansion import Expansion
from tryon.input_policies import POLICIES, policy_config
from tryon.registry import find_calculator, nearest_name
from tryon.renderer import Renderer
from tryon.subgraph import (
    STREAM_FIELDS,
    Origin,
    SubgraphLibrary,
    canonical_names,
    unknown_calculator,
)
from tryon.tag_map import find_problems
from tryon.twins import place_twins
from tryon.validated_graph import NodeInfo, ValidatedGraph, place

HEADER = "ValidatedGraphConfig Initialization failed.\n"
OUTPUT_POLICY = "InOrderOutputStreamHandler"


def validate(
    source: GraphSource,
    subgraphs: Sequence[GraphSource] = (),
    settings: Sequence[str] = (),
    renderer: Renderer | None = None,
) -> ValidatedGraph:
    """Expands a graph, changes the options that `settings` name ("node.option=value"), and checks it.

    Nodes that `renderer` has twins for are replaced by these. What has no effect and is probably a mistake is
    a GraphWarning.

    Raises:
        GraphError: lists every problem found with file, line, column, node and the nearest valid name.
    """
    library = SubgraphLibrary(source.folder, subgraphs)
    expansion = Expansion(source, library, settings)
    config, origins = expansion.config, expansion.origins
    if renderer and not expansion.problems:
        origins = place_twins(config, origins, renderer)
    graph = ValidatedGraph(config, folder=source.folder)
    problems = executor_problems(source, list(zip(config.node, origins, strict=True)))
    problems += expansion.problems
    problems += _handler_problems(config, source)
    found, broken = _add_nodes(graph, origins, library)
    problems += found
    problems += _policy_problems(graph, source)
    problems += connect(graph, source, expansion.refused, broken)
    if problems:
        raise GraphError(HEADER + "\n".join(dict.fromkeys(problems)))
    _warn_of_outputs(graph, source)
    _hand_down_policy(graph)
    return graph


def _handler_problems(config: Config, source: GraphSource) -> list[str]:
    """Packet generators, status handlers and packet factories are MediaPipe's; none exists here."""
    named = [
        *(("PacketGenerator", "packet_generator", i, g) for i, g in enumerate(config.packet_generator)),
        *(("StatusHandler", "status_handler", i, h) for i, h in enumerate(config.status_handler)),
    ]
    problems = []
    for kind, field, index, message in named:
        name = getattr(message, field)
        where = source.where(field, index)
        problems.append(f'{where}No registered object with name: {name}; Unable to find {kind} "{name}"')
        sides = [
            f"{source.where(field, index, side, position)}{problem}"
            for side in ("input_side_packet", "output_side_packet")
            for position, problem in find_problems(getattr(message, side, ()))
        ]
        if sides:
            problems += [f"{where}NodeTypeInfo Initialization failed.", *sides, f"For {field}:\n{message}"]
    for index, factory in enumerate(config.packet_factory):
        _warn(
            source, ("packet_factory", index), f'The packet_factory "{factory.packet_factory}" has no effect.'
        )
    return problems


def _warn(source: GraphSource, path: Sequence[str | int], message: str) -> None:
    line, _ = source.position(*path) or (1, 1)
    warn_explicit(message, GraphWarning, source.name, line)


def _add_nodes(
    graph: ValidatedGraph, origins: list[Origin], library: SubgraphLibrary
) -> tuple[list[str], list[tuple[Node, Origin]]]:
    """Makes the nodes of the graph; returns all problems, and the nodes that have them."""
    problems: list[str] = []
    broken = []
    names = canonical_names(graph.config.node)
    for node, origin, name in zip(graph.config.node, origins, names, strict=True):
        info, found = _make_node(node, origin, name, library)
        if info is None or found:
            broken.append((node, origin))
        else:
            _warn_of_options(info)
            graph.nodes.append(info)
        problems += found
    return problems, broken


def _make_node(
    node: Node, origin: Origin, name: str, library: SubgraphLibrary
) -> tuple[NodeInfo | None, list[str]]:
    problems: list[str] = []
    calculator = find_calculator(node.calculator.removeprefix("."))
    if calculator is None:
        problems.append(place(origin, "calculator") + unknown_calculator(node.calculator, library))
    try:
        contract = CalculatorContract(node)
    except GraphError:
        return None, [*problems, _tag_problems(node, origin)]
    if calculator is None:
        return None, problems
    info = NodeInfo(node, name, origin, calculator, contract)
    problems = check_contract(info)
    if node.max_in_flight < 0:
        problems.append(
            f"{place(origin, 'max_in_flight')}max_in_flight is {node.max_in_flight}: the node would "
            "never run. It is how many timestamps may be in the node at once, 1 or more."
        )
    return info, problems


def _tag_problems(node: Node, origin: Origin) -> str:
    problems = [
        f"{place(origin, side, position)}{problem}"
        for side in STREAM_FIELDS
        for position, problem in find_problems(getattr(node, side))
    ]
    lines = [f"{place(origin)}Unable to initialize TagMaps for node.", *problems, f"For calculator:\n{node}"]
    return "\n".join(lines)


def _warn_of_options(info: NodeInfo) -> None:
    """Options of another type than the calculator's, and node_options beside the same in options."""
    own = info.calculator.Options.DESCRIPTOR.full_name if info.calculator.Options else ""
    takes = f"takes options of type {own}" if own else "has no options"
    extensions = [
        value.DESCRIPTOR.full_name for field, value in info.node.options.ListFields() if field.is_extension
    ]
    given: list[tuple[Sequence[str | int], str]] = [(("options",), name) for name in extensions]
    given += [
        (("node_options", index), carrier.TypeName()) for index, carrier in enumerate(info.node.node_options)
    ]
    for path, name in given:
        if name != own:
            reason = f"{info.node.calculator} {takes}: those of type {name or 'none'} have no effect."
        elif path != ("options",) and own in extensions:
            reason = f"{info.node.calculator} has options in options {{ }}: these have no effect."
        else:
            continue
        _warn(info.origin.source, ("node", info.origin.index, *path), reason)


def _policy_problems(graph: ValidatedGraph, source: GraphSource) -> list[str]:
    """Input and output policies that do not exist or do not suit their node."""
    problems = []
    for info in graph.nodes:
        own = info.node.HasField("input_stream_handler")
        where = place(info.origin, "input_stream_handler") if own else source.where("input_stream_handler")
        handler = policy_config(info, graph.config)
        policy = POLICIES.get(handler.input_stream_handler)
        if policy is None:
            problems.append(where + _unknown("input", handler.input_stream_handler, list(POLICIES)))
        elif not info.is_source:
            try:
                found = policy.check(info.contract, handler.options)
            except GraphError as error:
                found = [str(error)]
            problems += [f"{where or place(info.origin)}{info.name}: {problem}" for problem in found]
        output = info.node.output_stream_handler.output_stream_handler
        if info.node.HasField("output_stream_handler") and output != OUTPUT_POLICY:
            where = place(info.origin, "output_stream_handler")
            problems.append(where + _unknown("output", output, [OUTPUT_POLICY]))
    return problems


def _unknown(side: str, name: str, known: list[str]) -> str:
    nearest = nearest_name(name, known)
    hint = f'Did you mean "{nearest}"?' if nearest else f"Known: {', '.join(known)}."
    return (
        f'No registered object with name: {name}; "{name}" is not a registered {side} stream handler. {hint}'
    )


def _hand_down_policy(graph: ValidatedGraph) -> None:
    """The graph's input policy is that of all nodes without one of their own, in the config too."""
    if graph.config.HasField("input_stream_handler"):
        for info in graph.nodes:
            if not info.node.HasField("input_stream_handler"):
                info.node.input_stream_handler.CopyFrom(graph.config.input_stream_handler)


def _warn_of_outputs(graph: ValidatedGraph, source: GraphSource) -> None:
    """A graph output that no node makes: nobody can observe it."""
    for field, producers in (
        ("output_stream", graph.producers),
        ("output_side_packet", graph.side_producers),
    ):
        for position, text in enumerate(getattr(graph.config, field)):
            name = text.rpartition(":")[2]
            if name not in producers:
                nearest = nearest_name(name, list(producers))
                hint = f' Did you mean "{nearest}"?' if nearest else ""
                _warn(source, (field, position), f'No node makes the {field} "{name}" of the graph.{hint}')
