"""The reference pages of graph files: those that are installed, and the language that they are written in."""

import inspect
from pathlib import Path
from typing import Any

import tryon.profiler_config
from docs.reference_markdown import code, page, table
from tryon.cli.graphs import comment_above, graph_lines, installed_effects, leading_comment
from tryon.cli.inspection import KINDS
from tryon.config import read_graph
from tryon.docstring import STREAM_SECTIONS
from tryon.input_policies import input_policies_pb2
from tryon.proto import calculator_pb2, options_pb2
from tryon.proto.comments import field_comments
from tryon.subgraph import SubgraphLibrary

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = (calculator_pb2, options_pb2, input_policies_pb2)


def graphs_page() -> str:
    """Effects and subgraphs that are files."""
    parts = ["# Effects and subgraphs"]
    parts.append(
        "Graph files that are installed. A subgraph is used like a calculator, under its name; an effect is "
        "run by name or by file: `tryon run hair_recolor ...`."
    )
    for name, path in sorted(installed_effects().items()):
        parts += graph_section(name, path)
    library = SubgraphLibrary(None, ())
    for name in library.names():
        found = library.find(name)
        assert found is not None
        parts += graph_section(name, Path(found.name))
    return page(parts)


def graph_section(name: str, path: Path) -> list[str]:
    """What a graph takes and gives, by the comments in its file."""
    lines = graph_lines(path)
    source = read_graph(path)
    relative = path.resolve().relative_to(ROOT)
    paragraphs = "\n".join(leading_comment(lines))
    parts = [f"## {name}", paragraphs, f"File: [{relative}](../../{relative})"]
    for section, field in STREAM_SECTIONS.items():
        rows = [
            (f"`{text}`", " ".join(comment_above(lines, source.positions[field, index][0])))
            for index, text in enumerate(getattr(source.config, field))
        ]
        if rows:
            parts.append(table((section, ""), rows))
    nodes = [(node.name and f"`{node.name}`", f"`{node.calculator}`") for node in source.config.node]
    parts.append(table(("node", "calculator"), nodes))
    return parts


def language_page() -> str:
    """The messages that a graph file is made of."""
    parts = ["# The graph language"]
    parts.append(
        "A graph file is a `CalculatorGraphConfig` in protobuf text. Names and numbers are MediaPipe's; so "
        "is the meaning of fields without a word here."
    )
    for module in LANGUAGE:
        proto = Path(str(module.__file__)).with_name(Path(module.DESCRIPTOR.name).name)
        comments = field_comments(proto.read_text(encoding="utf-8"))
        for message in module.DESCRIPTOR.message_types_by_name.values():
            parts += _message(message, comments)
    parts += ["## mediapipe.ProfilerConfig", inspect.getdoc(tryon.profiler_config) or ""]
    return page(parts)


def _message(message: Any, comments: dict[str, str]) -> list[str]:
    """A message's fields and those of the messages inside it."""
    rows = [(f"`{f.name}`", code(_field_type(f)), comments.get(f.full_name, "")) for f in message.fields]
    if not any(comment for *_, comment in rows):
        return []
    parts = [
        f"## {message.full_name}",
        comments.get(message.full_name, ""),
        table(("field", "type", ""), rows),
    ]
    for inner in message.nested_types:
        parts += _message(inner, comments)
    return parts


def _field_type(field: Any) -> str:
    named = field.message_type or field.enum_type
    kind = named.name if named else KINDS[field.cpp_type]
    return f"{kind}, repeated" if field.label == field.LABEL_REPEATED else kind
