"""Writes the reference pages in docs/reference/ from docstrings, contracts, .proto files, the command line.

usage: python -m docs.reference [--check]; with --check nothing is written, and stale pages are an error.
"""

import ast
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any, get_args, get_type_hints

import typer

import tryon
import tryon.builder
import tryon.calculator
import tryon.contract
import tryon.graph
import tryon.profile
import tryon.profiler_config
import tryon.recording
import tryon.run
import tryon.subgraph_class
import tryon.trace
import tryon.trace_file
from tryon.calculator import Calculator
from tryon.cli import app
from tryon.cli.graphs import comment_above, first_sentence, graph_lines, installed_effects, leading_comment
from tryon.cli.inspection import KINDS, contract_type, option_comments, option_fields
from tryon.config import read_graph
from tryon.docstring import STREAM_SECTIONS, parse_docstring
from tryon.input_policies import input_policies_pb2
from tryon.proto import calculator_pb2, options_pb2
from tryon.proto.comments import field_comments
from tryon.registry import calculator_names, find_calculator
from tryon.subgraph import SubgraphLibrary
from tryon.subgraph_class import Subgraph, find_subgraph, subgraph_names

FOLDER = Path(__file__).resolve().parent / "reference"
ROOT = FOLDER.parents[1]
NOTE = "<!-- Written by `python -m docs.reference`; do not edit. -->\n\n"
STOCK = "calculators."

# What applications and calculators import, from where, in the order of the page.
PYTHON: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (tryon.graph, ("CalculatorGraph", "GraphInputStreamAddMode")),
    (tryon.run, ("OutputStreamPoller",)),
    (tryon.builder, ("GraphBuilder",)),
    (tryon, ("Packet", "Timestamp", "GraphError", "Calculator", "CalculatorContext")),
    (tryon.calculator, ("Collection", "InputStream", "OutputStream", "InputSidePacket", "OutputSidePacket")),
    (tryon, ("ProcessStatus", "CalculatorContract")),
    (tryon.contract, ("PacketTypeSet", "PacketType")),
    (tryon, ("register", "add_calculators")),
    (tryon.subgraph_class, ("Subgraph", "register_subgraph")),
    (tryon.profile, ("NodeProfile",)),
    (tryon.trace, ("Trace",)),
    (tryon.trace_file, ("write_trace",)),
    (tryon.recording, ("Recorder", "Recording", "make_recordable")),
)
LANGUAGE = (calculator_pb2, options_pb2, input_policies_pb2)
_SECTION = re.compile(r"(Args|Attributes|Returns|Yields|Raises|Example):")
_ITEM = re.compile(r"([\w*, ]+): (.+)")


# ---- calculators ---------------------------------------------------------------------------------------


Kind = type[Calculator] | type[Subgraph]


def domains() -> dict[str, list[list[Kind]]]:
    """The stock calculators and subgraph classes by domain, the folder that they are in.

    Those that differ in the type of what they carry only stand together.
    """
    kinds: list[Kind | None] = [find_calculator(name) for name in calculator_names()]
    kinds += [find_subgraph(name) for name in subgraph_names()]
    found: dict[str, dict[Any, list[Kind]]] = defaultdict(dict)
    for kind in sorted((kind for kind in kinds if kind), key=lambda kind: kind.__name__):
        if kind.__module__.startswith(STOCK):
            docstring = parse_docstring(kind.__doc__)
            same = (kind.__module__, docstring.summary, str(docstring.streams), docstring.options_type)
            found[kind.__module__.split(".")[1]].setdefault(same, []).append(kind)
    return {domain: list(families.values()) for domain, families in sorted(found.items())}


def domain_page(domain: str, families: Sequence[Sequence[Kind]]) -> str:
    """The page of a domain."""
    parts = [f"# Calculators: {domain}"]
    links = [f"- [{kind.__name__}](#{kind.__name__.lower()}): {_summary(kind)}" for kind, *_ in families]
    parts.append("\n".join(links))
    for family in families:
        parts += calculator_section(*family)
    return _page(parts)


def calculator_section(kind: Kind, *others: Kind) -> list[str]:
    """What a calculator takes, gives and can be set to, with its example."""
    docstring = parse_docstring(kind.__doc__)
    parts = [f"## {kind.__name__}", docstring.summary]
    if docstring.description:
        parts.append(docstring.description)
    if others:
        names = ", ".join(f"`{other.__name__}`" for other in others)
        parts.append(f"The same for other types: {names}.")
    for section, field in STREAM_SECTIONS.items():
        rows = [
            (f"`{tag}`", _code(contract_type(kind, docstring, field, tag)), text)
            for tag, text in docstring.streams[field].items()
        ]
        if rows:
            parts.append(_table((section, "type", ""), rows))
    if kind.Options is not None:
        comments = option_comments(kind)
        fields = [
            (f"`{path}`", _code(type_text), docstring.options.get(path) or comment)
            for path, type_text, comment in option_fields(kind.Options.DESCRIPTOR, "", comments)
        ]
        parts.append(f"Options: `{kind.Options.DESCRIPTOR.full_name}`")
        parts.append(_table(("option", "type", ""), fields))
    parts.append(f"```pbtxt\n{docstring.example}\n```")
    return parts


# ---- graphs --------------------------------------------------------------------------------------------


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
    return _page(parts)


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
            parts.append(_table((section, ""), rows))
    nodes = [(node.name and f"`{node.name}`", f"`{node.calculator}`") for node in source.config.node]
    parts.append(_table(("node", "calculator"), nodes))
    return parts


# ---- the graph language --------------------------------------------------------------------------------


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
    return _page(parts)


def _message(message: Any, comments: dict[str, str]) -> list[str]:
    """A message's fields and those of the messages inside it."""
    rows = [(f"`{f.name}`", _code(_field_type(f)), comments.get(f.full_name, "")) for f in message.fields]
    if not any(comment for *_, comment in rows):
        return []
    parts = [
        f"## {message.full_name}",
        comments.get(message.full_name, ""),
        _table(("field", "type", ""), rows),
    ]
    for inner in message.nested_types:
        parts += _message(inner, comments)
    return parts


def _field_type(field: Any) -> str:
    named = field.message_type or field.enum_type
    kind = named.name if named else KINDS[field.cpp_type]
    return f"{kind}, repeated" if field.label == field.LABEL_REPEATED else kind


# ---- Python --------------------------------------------------------------------------------------------


def python_page() -> str:
    """The classes and functions of `PYTHON`."""
    parts = ["# Python", "What applications and calculators import."]
    for module, names in PYTHON:
        for name in names:
            line = f"from {module.__name__} import {name}"
            parts += [f"## {name}", f"`{line}`", *_object(_definition(getattr(module, name)), line)]
    return _page(parts)


def _definition(thing: Any) -> ast.ClassDef | ast.FunctionDef:
    """The source of a class or function."""
    node = ast.parse(dedent(inspect.getsource(thing))).body[0]
    assert isinstance(node, ast.ClassDef | ast.FunctionDef)
    return node


def _object(node: ast.ClassDef | ast.FunctionDef, line: str) -> list[str]:
    parts = docstring_markdown(ast.get_docstring(node) or "", line)
    if isinstance(node, ast.FunctionDef):
        return [_signature(node), *parts]
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
            parts += [f"### {node.name}.{inner.name}", _signature(inner)]
            parts += docstring_markdown(ast.get_docstring(inner) or "", line)
    parts += _values(node)
    return parts


def _values(node: ast.ClassDef) -> list[str]:
    """The constants of an enum or of Timestamp."""
    names = [
        ast.unparse(target)
        for inner in node.body
        if isinstance(inner, ast.Assign | ast.AnnAssign) and inner.value is not None
        for target in (inner.targets if isinstance(inner, ast.Assign) else [inner.target])
    ]
    values = [name for name in names if name.isupper()]
    return ["Values: " + ", ".join(f"`{node.name}.{name}`" for name in values)] if values else []


def _signature(node: ast.FunctionDef) -> str:
    """The head of a function as its source has it, without `self`."""
    decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if "property" in decorators:
        return f"```text\n{node.name}{returns}\n```"
    arguments = _arguments(node.args)
    if arguments[:1] in (["self"], ["cls"]):
        del arguments[0]
    text = f"{node.name}({', '.join(arguments)}){returns}"
    if len(text) > 100:
        lines = "".join(f"    {argument},\n" for argument in arguments)
        text = f"{node.name}(\n{lines}){returns}"
    return f"```text\n{text}\n```"


def _arguments(arguments: ast.arguments) -> list[str]:
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults)) + arguments.defaults
    parts = list(map(_argument, plain, defaults))
    if arguments.vararg:
        parts.append(f"*{_argument(arguments.vararg)}")
    elif arguments.kwonlyargs:
        parts.append("*")
    parts += map(_argument, arguments.kwonlyargs, arguments.kw_defaults)
    return [*parts, f"**{_argument(arguments.kwarg)}"] if arguments.kwarg else parts


def _argument(argument: ast.arg, default: ast.expr | None = None) -> str:
    kind = argument.annotation
    text = str(kind.value) if isinstance(kind, ast.Constant) else ast.unparse(kind) if kind else ""
    value = "" if default is None else ast.unparse(default)
    equals = " = " if text else "="
    return argument.arg + (text and f": {text}") + (value and equals + value)


def docstring_markdown(docstring: str, import_line: str) -> list[str]:
    """The paragraphs of a docstring; its sections become lists, its example a session after `import_line`."""
    parts: list[str] = []
    section = ""
    lines: list[str] = []

    def end() -> None:
        text = dedent("\n".join(lines)).strip()
        lines.clear()
        if not text:
            return
        if section == "Example":
            example = text.replace("'''", '"""')  # as ruff formats it outside of a docstring
            parts.append(f"```pycon\n>>> {import_line}\n{example}\n```")
        elif section:
            parts.append(f"{section}:\n\n{_items(text)}")
        else:
            parts.append(text)

    for line in docstring.splitlines():
        heading = _SECTION.fullmatch(line)
        if heading:
            end()
            section = heading[1]
        else:
            lines.append(line)
    end()
    return parts


def _items(text: str) -> str:
    items: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and items:
            items[-1] += f" {line.strip()}"
        elif found := _ITEM.fullmatch(line):
            items.append(f"- `{found[1]}`: {found[2]}")
        else:
            items.append(f"- {line}")
    return "\n".join(items)


# ---- command line --------------------------------------------------------------------------------------


def command_line_page() -> str:
    """Every command of `tryon`, with arguments, options and examples."""
    found = commands("tryon", app)
    names = [
        f"- [{name}](#{name.replace(' ', '-')}): {_plain(info.callback.__doc__).splitlines()[0]}"
        for name, info in found.items()
    ]
    parts = ["# Command line", "Each command explains itself with `--help`.", "\n".join(names)]
    for name, info in found.items():
        parts += command_section(name, info)
    return _page(parts)


def commands(prefix: str, group: Any) -> dict[str, Any]:
    """The commands of a group (a typer.Typer) and of the groups in it, by their full names."""
    found = {f"{prefix} {info.name or info.callback.__name__}": info for info in group.registered_commands}
    for inner in group.registered_groups:
        found |= commands(f"{prefix} {inner.name}", inner.typer_instance)
    return found


def command_section(name: str, info: Any) -> list[str]:
    """One command."""
    rows = []
    for parameter, hint in get_type_hints(info.callback, include_extras=True).items():
        if parameter == "return":
            continue
        kind, declared = hint.__origin__, hint.__metadata__[0]
        if isinstance(declared, typer.models.ArgumentInfo):
            text = declared.metavar or parameter.upper()
        else:
            names = [
                name for name in (declared.default, *(declared.param_decls or ())) if isinstance(name, str)
            ]
            flags = ", ".join(names) or f"--{parameter.replace('_', '-')}"
            text = flags if kind is bool else f"{flags} {declared.metavar or _value(kind)}"
        rows.append((f"`{text}`", _plain(declared.help)))
    parts = [f"## {name}", _plain(info.callback.__doc__), _table(("", ""), rows)]
    lines = [_plain(line) for line in (info.epilog or "").split("\n\n")]
    examples = [line for line in lines if line.startswith("tryon ")]
    return [*parts, "```text\n" + "\n".join(examples) + "\n```"] if examples else parts


def _value(kind: Any) -> str:
    """What stands for an option's value: FILE, INT, the choices of an enum."""
    inner = next((part for part in get_args(kind) if part is not type(None)), kind)
    if issubclass(inner, Enum):
        return "|".join(str(member.value) for member in inner)
    return "FILE" if inner is Path else inner.__name__.upper()


def _plain(text: str | None) -> str:
    """Help text without rich's marks."""
    return re.sub(r"\[/?\w+\]", "", inspect.cleandoc(text or "")).strip()


# ---- pages ---------------------------------------------------------------------------------------------


def index_page(found: dict[str, list[list[Kind]]]) -> str:
    """What there is."""
    parts = ["# Reference", "Made from the code: what `tryon inspect` shows, as pages."]
    effects = [
        (f"[{name}](graphs.md#{name.lower()})", first_sentence(leading_comment(graph_lines(path))))
        for name, path in sorted(installed_effects().items())
    ]
    pages = {"python": "Python", "command_line": "Command line", "graph_language": "The graph language"}
    pages["graphs"] = "Effects and subgraphs"
    parts.append("\n".join(f"- [{title}]({name}.md)" for name, title in pages.items()))
    parts += ["## Effects", _table(("effect", ""), effects)]
    for domain, families in found.items():
        rows = [
            (
                ", ".join(f"[{kind.__name__}]({domain}.md#{family[0].__name__.lower()})" for kind in family),
                _summary(family[0]),
            )
            for family in families
        ]
        parts += [f"## Calculators: {domain}", _table(("calculator", ""), rows)]
    return _page(parts)


def pages() -> dict[str, str]:
    """All pages, by the name of the file."""
    found = domains()
    return {
        "README.md": index_page(found),
        "python.md": python_page(),
        "command_line.md": command_line_page(),
        "graphs.md": graphs_page(),
        "graph_language.md": language_page(),
        **{f"{domain}.md": domain_page(domain, families) for domain, families in found.items()},
    }


def _summary(kind: Kind) -> str:
    return parse_docstring(kind.__doc__).summary


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    cells = ([" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _page(parts: Iterable[str]) -> str:
    return NOTE + "\n\n".join(part.rstrip() for part in parts if part.strip()) + "\n"


def stale(wanted: dict[str, str]) -> list[str]:
    """The names of the files that differ from `wanted`, are missing or too many."""
    present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in present.keys() | wanted.keys() if present.get(name) != wanted.get(name))


def main(arguments: Sequence[str]) -> int:
    """Writes the pages, or checks them."""
    wanted = pages()
    differing = stale(wanted)
    if "--check" in arguments:
        for name in differing:
            print(f"docs/reference/{name} is stale: python -m docs.reference", file=sys.stderr)
        return 1 if differing else 0
    for name in differing:
        path = FOLDER / name
        if name in wanted:
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
