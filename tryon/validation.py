"""Checking a graph before it runs: all problems at once, each with its place."""

from collections.abc import Sequence

from tryon.calculator import Calculator
from tryon.config import Config, GraphSource
from tryon.connections import check_types, connect, sort
from tryon.contract import CalculatorContract, Node
from tryon.errors import GraphError
from tryon.expansion import expand
from tryon.input_policies import POLICIES
from tryon.registry import find_calculator, nearest_name
from tryon.subgraph import Origin, SubgraphLibrary, canonical_names, unknown_calculator
from tryon.tag_map import TagMap, parse_tag_index
from tryon.validated_graph import NodeInfo, ValidatedGraph

RESERVED_EXECUTORS = ("gpu", "default")
EXECUTOR_TYPES = ("", "ThreadPoolExecutor", "ApplicationThreadExecutor")
HEADER = "ValidatedGraphConfig Initialization failed.\n"


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
        config, origins = expand(source, library, settings)
    except GraphError as error:
        raise GraphError(HEADER + "\n".join([*problems, str(error)])) from error
    graph = ValidatedGraph(config, folder=source.folder)
    problems += _handler_problems(config, source)
    problems += _add_nodes(graph, origins, library)
    problems += connect(graph, source)
    if not problems:
        problems += sort(graph)
        problems += check_types(graph)
    if problems:
        raise GraphError(HEADER + "\n".join(dict.fromkeys(problems)))
    return graph


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
