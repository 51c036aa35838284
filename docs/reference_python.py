"""The reference page of Python: what applications and calculators import, from the source's docstrings."""

import ast
import inspect
import re
from textwrap import dedent
from types import ModuleType
from typing import Any

import tryon
import tryon.builder
import tryon.calculator
import tryon.contract
import tryon.graph
import tryon.profile
import tryon.recording
import tryon.run
import tryon.subgraph_class
import tryon.trace
import tryon.trace_file
from docs.reference_markdown import page

# From which module comes what, in the order of the page.
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
_SECTION = re.compile(r"(Args|Attributes|Returns|Yields|Raises|Example):")
_ITEM = re.compile(r"([\w*, ]+): (.+)")


def python_page() -> str:
    """The classes and functions of `PYTHON`."""
    parts = ["# Python", "What applications and calculators import."]
    for module, names in PYTHON:
        for name in names:
            line = f"from {module.__name__} import {name}"
            parts += [f"## {name}", f"`{line}`", *_object(_definition(getattr(module, name)), line)]
    return page(parts)


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
