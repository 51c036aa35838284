"""Reading graph files: protobuf text with positions, so that every message can point at its place."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from google.protobuf import text_format

from tryon.errors import GraphError
from tryon.proto import calculator_pb2
from tryon.proto.pool import POOL
from tryon.registry import load_calculators, nearest_name

Config = calculator_pb2.CalculatorGraphConfig
FieldPath: TypeAlias = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_][\w.]*|[-+\w.]+|\S""", re.MULTILINE
)
_NO_FIELD = re.compile(r'Message type "([^"]+)" has no field named "([^"]+)"')
_NO_VALUE = re.compile(r'Enum type "([^"]+)" has no value named (\w+)')
_NO_EXTENSION = re.compile(r'Extension "([^"]+)" not registered')


@dataclass(frozen=True)
class GraphSource:
    """A parsed graph and where its parts stand in the text.

    Attributes:
        config: the graph.
        name: the file's path as given, or "<string>".
        folder: the file's folder; None for a graph that came as a string or message.
        positions: (line, column), from 1, by path: ("node", 2) or ("node", 2, "input_stream", 0).
    """

    config: Config
    name: str = "<message>"
    folder: Path | None = None
    positions: dict[FieldPath, tuple[int, int]] = field(default_factory=dict)

    def where(self, *path: str | int) -> str:
        """ "file:line:column: " of the deepest known part of `path`, or "" where nothing is known.

        A field name at the end stands for its first value.
        """
        position = self.position(*path)
        return f"{self.name}:{position[0]}:{position[1]}: " if position else ""

    def position(self, *path: str | int) -> tuple[int, int] | None:
        """The (line, column) that `where` shows, or None."""
        if path and isinstance(path[-1], str):
            path = (*path, 0)
        known = (self.positions.get(path[:length]) for length in range(len(path), 0, -1))
        return next(filter(None, known), None)


def read_graph(graph: str | Path | Config | GraphSource) -> GraphSource:
    """Reads a graph from a file (Path), from protobuf text (str) or takes what is read already.

    Raises:
        GraphError: the file is missing or unreadable, or the text is no graph; with line and column.
    """
    if isinstance(graph, GraphSource):
        return graph
    if isinstance(graph, Config):
        return GraphSource(graph)
    if isinstance(graph, str):
        return parse_graph(graph, "<string>")
    try:
        text = graph.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GraphError(f'There is no graph file "{graph}".') from None
    except (OSError, UnicodeDecodeError) as error:
        raise GraphError(f'"{graph}" cannot be read as a graph: {error}') from error
    return parse_graph(text, str(graph), graph.resolve().parent)


def parse_graph(text: str, name: str, folder: Path | None = None) -> GraphSource:
    """Parses protobuf text into a graph.

    Raises:
        GraphError: with file, line, column, the offending line and the nearest valid name.
    """
    load_calculators()
    config = Config()
    try:
        text_format.Parse(text, config, descriptor_pool=POOL)
    except text_format.ParseError as error:
        raise GraphError(_parse_message(error, text, name)) from None
    return GraphSource(config, name, folder, find_positions(text))


def _parse_message(error: text_format.ParseError, text: str, name: str) -> str:
    line, column = error.GetLine(), error.GetColumn()
    reason = re.sub(r"^\d+:\d+ : ", "", str(error))
    hint = _hint(reason)
    if line is None or column is None:
        return f"{name}: Failed to parse: {reason}{hint}"
    lines = text.splitlines() or [""]
    shown = lines[min(line, len(lines)) - 1]
    reason = reason.removeprefix(f"'{shown}': ")
    pointer = " " * (column - 1) + "^"
    return f"{name}:{line}:{column}: Failed to parse: {shown}\n{pointer}\n{reason}{hint}"


def _hint(reason: str) -> str:
    unknown = _NO_FIELD.search(reason)
    if unknown:
        try:
            names = [field.name for field in POOL.FindMessageTypeByName(unknown[1]).fields]
        except KeyError:
            return ""
        nearest = nearest_name(unknown[2], names)
        return f' Did you mean "{nearest}"?' if nearest else f" Its fields: {', '.join(names) or 'none'}."
    value = _NO_VALUE.search(reason)
    if value:
        names = [known.name for known in POOL.FindEnumTypeByName(value[1]).values]
        nearest = nearest_name(value[2], names)
        return f' Did you mean "{nearest}"?' if nearest else f" Its values: {', '.join(names)}."
    if _NO_EXTENSION.search(reason):
        return " No calculator known here has such options."
    return ""


def find_positions(text: str) -> dict[FieldPath, tuple[int, int]]:
    """Where each field stands in protobuf text: {("node", 0, "input_stream", 1): (line, column)}.

    A scalar's position is its value's, a message's that of its name. Text that protobuf accepts is
    assumed; what this simple scan does not understand is left out.
    """
    positions: dict[FieldPath, tuple[int, int]] = {}
    stack: list[FieldPath] = [()]
    counts: list[dict[str, int]] = [{}]
    name = ""
    in_list = after_colon = False
    line_starts = [0] + [match.end() for match in re.finditer("\n", text)]
    line = 0
    tokens = [match for match in _TOKEN.finditer(text) if not match[0].startswith("#")]
    index = 0

    def record(match: re.Match[str]) -> FieldPath:
        nonlocal line
        while line + 1 < len(line_starts) and line_starts[line + 1] <= match.start():
            line += 1
        path = (*stack[-1], name, counts[-1].get(name, 0))
        counts[-1][name] = counts[-1].get(name, 0) + 1
        positions[path] = (line + 1, match.start() - line_starts[line] + 1)
        return path

    name_token = tokens[0] if tokens else None
    while index < len(tokens):
        match = tokens[index]
        token = match[0]
        index += 1
        if token in "{<":
            stack.append(record(name_token or match))
            counts.append({})
            after_colon = in_list = False
        elif token in "}>":
            if len(stack) > 1:
                stack.pop()
                counts.pop()
            after_colon = False
        elif token == ":":
            after_colon = True
        elif token == "[" and after_colon:
            in_list = True
        elif token == "[":
            name_token = match
            end = index
            while end < len(tokens) and tokens[end][0] != "]":
                end += 1
            name = text[match.start() : tokens[end].end() if end < len(tokens) else len(text)]
            index = end + 1
        elif token == "]":
            in_list = after_colon = False
        elif token in ",;":
            pass
        elif after_colon:
            record(match)
            after_colon = in_list
        else:
            name, name_token = token, match
    return positions
