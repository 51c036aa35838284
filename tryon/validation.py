"""Checking a graph before it runs: all problems at once, each with its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tryon.calculator import Calculator
from tryon.config import Config, GraphSource
from tryon.contract import CalculatorContract, Node, PacketType, PacketTypeSet
from tryon.errors import GraphError
from tryon.input_policy import POLICIES
from tryon.packet import type_names
from tryon.registry import find_calculator, nearest_name
from tryon.set_option import set_option
from tryon.subgraph import Origin, SubgraphLibrary, canonical_names, expand, unknown_calculator
from tryon.tag_map import TagMap, parse_tag_index, parse_tag_index_name

RESERVED_EXECUTORS = ("gpu", "default")
EXECUTOR_TYPES = ("", "ThreadPoolExecutor", "ApplicationThreadExecutor")
HEADER = "ValidatedGraphConfig Initialization failed.\n"


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

        def streams(kind: str, entries: Sequence[str]) -> str:
            if len(entries) < 2:
                return f"{kind} stream: {entries[0]}" if entries else f"no {kind} streams"
            return f"{kind} streams: <{','.join(entries)}>"

        inputs, outputs = streams("input", self.node.input_stream), streams("output", self.node.output_stream)
        return f"[{self.node.name or self.node.calculator}, {inputs}, and {outputs}]"


@dataclass
class ValidatedGraph:
    """A graph that may run.

    Attributes:
        config: expanded, the nodes in topological order.
        nodes: in the same order.
        producers: stream name -> index of its node, -1 for a graph input stream.
        side_producers: side packet name -> index of its node, -1 for the caller.
        folder: the folder of the graph file, None when it was no file.
    """

    config: Config
    nodes: list[NodeInfo] = field(default_factory=list)
    producers: dict[str, int] = field(default_factory=dict)
    side_producers: dict[str, int] = field(default_factory=dict)
    folder: Path | None = None

    def stream_type(self, name: str) -> PacketType | None:
        """The type that the producer of a stream declares; None for graph input streams."""
        index = self.producers.get(name, -1)
        return _named(self.nodes[index].contract.outputs, name) if index >= 0 else None

    def side_type(self, name: str) -> PacketType | None:
        """The type that the producer of a side packet declares; None for what the caller gives."""
        index = self.side_producers.get(name, -1)
        return _named(self.nodes[index].contract.output_side_packets, name) if index >= 0 else None


def _named(types: PacketTypeSet, name: str) -> PacketType:
    return next(types[entry.tag, entry.index] for entry in types.tags if entry.name == name)


def validate(
    source: GraphSource, subgraphs: Sequence[GraphSource] = (), settings: Sequence[str] = ()
) -> ValidatedGraph:
    """Expands a graph, changes the options that `settings` name ("node.option=value"), and checks it.

    Raises:
        GraphError: lists every problem found with file, line, column, node and the nearest valid name.
    """
    library = SubgraphLibrary(source.folder, subgraphs)
    problems = _executor_problems(source)
    try:
        config, origins = expand(source, library)
    except GraphError as error:
        raise GraphError(HEADER + "\n".join([*problems, str(error)])) from error
    problems += _apply(settings, config)
    graph = ValidatedGraph(config, folder=source.folder)
    problems += _handler_problems(config, source)
    problems += _add_nodes(graph, origins, library)
    problems += _connect(graph, source)
    if not problems:
        problems += _sort(graph)
        problems += _check_types(graph)
    if problems:
        raise GraphError(HEADER + "\n".join(dict.fromkeys(problems)))
    return graph


def _apply(settings: Sequence[str], config: Config) -> list[str]:
    problems = []
    names = canonical_names(config.node)
    for setting in settings:
        try:
            set_option(config.node, names, setting)
        except GraphError as error:
            problems.append(str(error))
    return problems


def _executor_problems(source: GraphSource) -> list[str]:
    config = source.config
    problems = []
    names = set()
    for index, executor in enumerate(config.executor):
        where = source.where("executor", index)
        if executor.name in RESERVED_EXECUTORS or executor.name.startswith("__"):
            problems.append(f'{where}"{executor.name}" is a reserved executor name.')
        if not executor.name and config.num_threads:
            problems.append(
                f"{where}ExecutorConfig for the default executor and the graph-level num_threads field "
                "should not both be specified."
            )
        if executor.name in names:
            problems.append(f'{where}An executor named "{executor.name}" is declared twice.')
        if executor.type not in EXECUTOR_TYPES:
            nearest = nearest_name(executor.type, list(EXECUTOR_TYPES))
            hint = f' Did you mean "{nearest}"?' if nearest else ""
            problems.append(
                f"{where}No registered object with name: {executor.type}; "
                f'Unable to find Executor "{executor.type}".{hint}'
            )
        names.add(executor.name)
    for index, node in enumerate(config.node):
        if node.executor and node.executor not in names:
            problems.append(
                f"{source.where('node', index, 'executor')}The executor "
                f'"{node.executor}" is not declared in an ExecutorConfig.'
            )
    return problems


def _handler_problems(config: Config, source: GraphSource) -> list[str]:
    """Packet factories, packet generators and status handlers are MediaPipe's; none exists here."""
    problems = []
    named = [
        *((f.packet_factory, "PacketFactory", "packet_factory") for f in config.packet_factory),
        *((g.packet_generator, "PacketGenerator", "packet_generator") for g in config.packet_generator),
        *((h.status_handler, "StatusHandler", "status_handler") for h in config.status_handler),
    ]
    for name, kind, field_name in named:
        where = source.where(field_name, 0)
        problems.append(f'{where}No registered object with name: {name}; Unable to find {kind} "{name}"')
    if config.HasField("input_stream_handler"):
        problems += _policy_problem(config.input_stream_handler.input_stream_handler, "")
    return problems


def _policy_problem(name: str, where: str) -> list[str]:
    if not name or name in POLICIES:
        return []
    nearest = nearest_name(name, list(POLICIES))
    hint = f'Did you mean "{nearest}"?' if nearest else f"Known: {', '.join(POLICIES)}."
    return [
        f'{where}No registered object with name: {name}; "{name}" is not a registered input stream handler. '
        f"{hint}"
    ]


def _add_nodes(graph: ValidatedGraph, origins: list[Origin], library: SubgraphLibrary) -> list[str]:
    problems: list[str] = []
    names = canonical_names(graph.config.node)
    for node, origin, name in zip(graph.config.node, origins, names, strict=True):
        calculator = find_calculator(node.calculator)
        if calculator is None:
            where = origin.where("calculator")
            problems.append(where + unknown_calculator(node.calculator, library))
            continue
        try:
            contract = CalculatorContract(node)
        except GraphError:
            problems.append(
                f"{origin.where()}Unable to initialize TagMaps for node.\n{_all_tag_problems(node)}\n"
                f"For calculator:\n{node}"
            )
            continue
        try:
            calculator.get_contract(contract)
        except GraphError as error:
            problems.append(f"{origin.where()}{_contract_problem(calculator, str(error))}")
            continue
        except Exception as error:  # noqa: BLE001 - a calculator's code may raise anything
            detail = f"{type(error).__name__}: {error}"
            problems.append(f"{origin.where()}{node.calculator}: get_contract failed: {detail}")
            continue
        info = NodeInfo(node, name, origin, calculator, contract)
        graph.nodes.append(info)
        problems += _options_problems(info)
        problems += _unset_problems(info)
        problems += _back_edge_problems(info)
        problems += _policy_problem(info.policy, origin.where("input_stream_handler"))
    return problems


def _contract_problem(calculator: type[Calculator], message: str) -> str:
    name = calculator.__name__
    if message.startswith("Failed to get tag"):
        return (
            f"{name}::GetContract failed to validate: \n"
            f"For input streams ValidatePacketTypeSet failed:\n{message}"
        )
    return message if message.startswith(name) else f"{name}: {message}"


def _all_tag_problems(node: Node) -> str:
    problems = []
    for entries in (node.input_stream, node.output_stream, node.input_side_packet, node.output_side_packet):
        try:
            TagMap(entries)
        except GraphError as error:
            problems.append(str(error))
    return "\n".join(problems)


def _options_problems(info: NodeInfo) -> list[str]:
    """Options of another type than the calculator's are a mistake that would go unnoticed."""
    own = info.calculator.Options
    problems = []
    seen = set()
    for index, carrier in enumerate(info.node.node_options):
        where = info.origin.where("node_options", index)
        if carrier.type_url in seen:
            problems.append(
                f"{where}Options type: '{carrier.type_url}' specified more than once "
                "for a single calculator node config."
            )
        seen.add(carrier.type_url)
        name = carrier.TypeName()
        if own is None:
            problems.append(f"{where}{info.node.calculator} has no options, but was given {name}.")
        elif name != own.DESCRIPTOR.full_name:
            wanted = own.DESCRIPTOR.full_name
            problems.append(f"{where}{info.node.calculator} takes options of type {wanted}, not {name}.")
    return problems


def _unset_problems(info: NodeInfo) -> list[str]:
    """Every stream that a node connects must be one that its calculator knows."""
    contract, problems = info.contract, []
    sides = {
        "input_stream": contract.inputs,
        "output_stream": contract.outputs,
        "input_side_packet": contract.input_side_packets,
        "output_side_packet": contract.output_side_packets,
    }
    for side, types in sides.items():
        known = [kind.label for kind in types if kind.is_set]
        for position, (entry, kind) in enumerate(zip(types.tags, types, strict=True)):
            if kind.is_set:
                continue
            nearest = nearest_name(kind.label, known)
            hint = f' Did you mean "{nearest}"?' if nearest else ""
            problems.append(
                f"{info.origin.where(side, position)}{info.node.calculator} has no {side.replace('_', ' ')} "
                f'"{kind.label}": Tag "{entry.tag}" index {entry.index} was not expected.{hint} '
                f'"tryon inspect {info.node.calculator}" shows what it has.'
            )
    return problems


def _back_edge_problems(info: NodeInfo) -> list[str]:
    tags = info.contract.inputs.tags
    problems = []
    seen = set()
    back_edges = set()
    for index, stream in enumerate(info.node.input_stream_info):
        where = info.origin.where("input_stream_info", index)
        key = parse_tag_index(stream.tag_index)
        if key not in tags:
            problems.append(
                f'{where}Input stream with tag_index "{stream.tag_index}" requested in InputStreamInfo '
                "but is not an input stream of the calculator."
            )
            continue
        if key in seen:
            problems.append(
                f'{where}Input stream with tag_index "{stream.tag_index}" has more than one InputStreamInfo.'
            )
        seen.add(key)
        if stream.back_edge:
            back_edges.add(tags.position(key))
    info.back_edges = frozenset(back_edges)
    return problems


def _connect(graph: ValidatedGraph, source: GraphSource) -> list[str]:
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


def _sort(graph: ValidatedGraph) -> list[str]:
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


def _check_types(graph: ValidatedGraph) -> list[str]:
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
