"""`tryon inspect`: what a calculator, subgraph or graph takes, gives and can be set to."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from google.protobuf.descriptor import FieldDescriptor
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tryon.calculator import Calculator
from tryon.cli.graphs import comment_above, did_you_mean, find_graph, graph_lines, leading_comment, summary
from tryon.cli.side_packets import wanted_side_packets
from tryon.config import GraphSource, parse_graph
from tryon.contract import CalculatorContract, Node, PacketTypeSet
from tryon.docstring import STREAM_SECTIONS, CalculatorDocstring, parse_docstring
from tryon.errors import GraphError
from tryon.packet import type_names
from tryon.proto.comments import field_comments
from tryon.registry import calculator_names, find_calculator
from tryon.subgraph import SubgraphLibrary, canonical_names
from tryon.subgraph_class import Subgraph, find_subgraph, subgraph_names
from tryon.tag_map import parse_tag_index_name
from tryon.validated_graph import ValidatedGraph
from tryon.validation import validate

NodeClass: TypeAlias = type[Calculator] | type[Subgraph]

SCHEMA = "tryon/proto/"
KINDS = {
    FieldDescriptor.CPPTYPE_INT32: "int",
    FieldDescriptor.CPPTYPE_INT64: "int",
    FieldDescriptor.CPPTYPE_UINT32: "int",
    FieldDescriptor.CPPTYPE_UINT64: "int",
    FieldDescriptor.CPPTYPE_FLOAT: "float",
    FieldDescriptor.CPPTYPE_DOUBLE: "float",
    FieldDescriptor.CPPTYPE_BOOL: "bool",
    FieldDescriptor.CPPTYPE_STRING: "string",
}


def inspect(name: str) -> Iterator[RenderableType]:
    """What is to be shown of a calculator, a subgraph, an effect or a graph file.

    Raises:
        GraphError: there is nothing of that name, or the graph is not valid.
    """
    node_class = find_calculator(name) or find_subgraph(name)
    graph = None if node_class else find_graph(name)
    if node_class:
        yield from _inspect_class(node_class)
    elif graph:
        yield from _inspect_graph(graph)
    else:
        hint = did_you_mean(name, [*calculator_names(), *subgraph_names()])
        raise GraphError(f'There is no calculator, graph file, effect or subgraph "{name}". {hint}')


def _inspect_class(node_class: NodeClass) -> Iterator[RenderableType]:
    docstring = parse_docstring(node_class.__doc__)
    yield title(node_class.__name__, node_class.__module__)
    yield from _paragraphs(f"{docstring.summary}\n\n{docstring.description}")
    for heading, field in STREAM_SECTIONS.items():
        rows = [
            (tag, contract_type(node_class, docstring, field, tag), text)
            for tag, text in docstring.streams[field].items()
        ]
        yield from section(heading, rows)
    if node_class.Options is not None:
        comments = option_comments(node_class)
        rows = [
            (path, kind, docstring.options.get(path) or comment)
            for path, kind, comment in option_fields(node_class.Options.DESCRIPTOR, "", comments)
        ]
        yield from section(f"Options: {node_class.Options.DESCRIPTOR.full_name}", rows)
    if issubclass(node_class, Calculator):
        yield from section("Scheduling", list(_scheduling(node_class, docstring)))
    yield Text("Example", style="bold")
    yield Padding(Text(docstring.example), (0, 2), expand=False)


def contract_type(node_class: NodeClass, docstring: CalculatorDocstring, field: str, tag: str) -> str:
    """What a tag carries, by the contract of the example with that tag; "" where that does not load."""
    if not issubclass(node_class, Calculator):
        return ""
    node = _example_node(node_class, docstring)
    entries = [parse_tag_index_name(text) for text in getattr(node, field)]
    if not any((entry.tag or "0") == tag for entry in entries):
        getattr(node, field).append("entry" if tag == "0" else f"{tag}:entry")
    try:
        contract = CalculatorContract(node)
        node_class.get_contract(contract)
    except GraphError:
        return ""
    sides: dict[str, PacketTypeSet] = {
        "input_stream": contract.inputs,
        "output_stream": contract.outputs,
        "input_side_packet": contract.input_side_packets,
        "output_side_packet": contract.output_side_packets,
    }
    return _type_text(sides[field][0 if tag == "0" else tag].resolved())


def _example_node(node_class: NodeClass, docstring: CalculatorDocstring) -> Node:
    node = Node()
    node.CopyFrom(parse_graph(docstring.example, node_class.__name__).config.node[0])
    return node


def _scheduling(
    calculator: type[Calculator], docstring: CalculatorDocstring
) -> Iterator[tuple[str, str, str]]:
    """What the contract of the example says about when the calculator runs."""
    contract = CalculatorContract(_example_node(calculator, docstring))
    calculator.get_contract(contract)
    if not len(contract.inputs):
        yield "source", "", "called again and again until it has no more packets."
    elif contract.timestamp_offset is None:
        yield (
            "timestamp_offset",
            "none",
            "where it sends nothing, nodes downstream wait, unless it moves the bound itself.",
        )
    else:
        yield (
            "timestamp_offset",
            str(contract.timestamp_offset),
            "where it sends nothing, nodes downstream know it.",
        )
    if contract.input_stream_handler:
        yield "input policy", contract.input_stream_handler, "asked for by the calculator."
    if contract.process_timestamp_bounds:
        yield "process_timestamp_bounds", "true", "also called where its inputs settled without a packet."


def option_comments(node_class: NodeClass) -> dict[str, str]:
    """The comments of the .proto file that the options of a calculator or subgraph stand in, by full name."""
    module = sys.modules[node_class.Options.__module__] if node_class.Options else None
    path = Path(str(module and module.__file__))
    proto = path.with_name(path.name.replace("_pb2.py", ".proto"))
    return field_comments(proto.read_text(encoding="utf-8")) if proto.is_file() else {}


def option_fields(descriptor: Any, prefix: str, comments: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(path, type and default, comment) of each field, those of inner messages after theirs.

    Messages of the graph language itself, as in a SwitchContainer's nodes, are not opened.
    """
    for field in descriptor.fields:
        path = f"{prefix}{field.name}"
        default = ""
        if field.enum_type is not None:
            kind = " | ".join(value.name for value in field.enum_type.values)
            default = (
                field.enum_type.values_by_number[field.default_value].name if field.has_default_value else ""
            )
        elif field.message_type is not None:
            kind = field.message_type.name
        else:
            kind = KINDS[field.cpp_type]
            default = str(field.default_value) if field.has_default_value else ""
        comment = comments.get(field.full_name, "")
        if field.message_type is not None:
            comment = comment or comments.get(field.message_type.full_name, "")
        yield path, f"{kind} = {default}" if default else kind, comment
        if field.message_type is not None and not field.message_type.file.name.startswith(SCHEMA):
            yield from option_fields(field.message_type, f"{path}.", comments)


def _inspect_graph(source: GraphSource) -> Iterator[RenderableType]:
    graph = validate(source)
    lines = graph_lines(Path(source.name))
    config = source.config
    yield title(config.type or Path(source.name).stem, source.name)
    yield from _paragraphs("\n".join(leading_comment(lines)))
    wanted = wanted_side_packets(graph)

    def rows(field: str) -> list[tuple[str, str, str]]:
        found = []
        for index, text in enumerate(getattr(config, field)):
            name = parse_tag_index_name(text).name
            kind = (_wanted_type if "side" in field else _stream_type)(graph, name)
            if field == "input_side_packet" and name in wanted and not wanted[name].is_required:
                kind = f"{kind}, optional"
            found.append((text, kind, " ".join(comment_above(lines, source.positions[field, index][0]))))
        return found

    for heading, field in STREAM_SECTIONS.items():
        yield from section(heading, rows(field))
    nodes = zip(canonical_names(config.node), config.node, strict=True)
    library = SubgraphLibrary(source.folder, ())
    yield from section("Nodes", [(name, n.calculator, summary(n.calculator, library)) for name, n in nodes])


def _stream_type(graph: ValidatedGraph, name: str) -> str:
    """What a stream carries: what its producer says or else, for a graph input, a consumer."""
    consumers = (
        info.contract.inputs[entry.tag, entry.index]
        for info in graph.nodes
        for entry in info.contract.inputs.tags
        if entry.name == name
    )
    kinds = [graph.stream_type(name), *consumers]
    return _type_text(next((kind.resolved() for kind in kinds if kind and kind.resolved()), ()))


def _wanted_type(graph: ValidatedGraph, name: str) -> str:
    kind = graph.side_type(name)
    return _type_text(kind.resolved() if kind else wanted_side_packets(graph)[name].types)


def _type_text(types: tuple[type, ...]) -> str:
    return type_names(types) if types else "any"


def _paragraphs(text: str) -> Iterator[Text]:
    for paragraph in text.strip().split("\n\n"):
        yield Text(" ".join(paragraph.split()) + "\n")


def title(name: str, place: str) -> Text:
    """The first line: what is shown, and where it comes from."""
    return Text.assemble((name, "bold cyan"), (f"  {place}", "dim"))


def section(heading: str, rows: Sequence[Iterable[str]]) -> Iterator[RenderableType]:
    """A heading and a table, nothing without rows."""
    if not rows:
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for row in rows:
        table.add_row(*map(Text, row))
    yield Text(heading, style="bold")
    yield Padding(table, (0, 0, 1, 2), expand=False)
