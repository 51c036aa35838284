"""Reading graph files: protobuf text with positions, so that every message can point at its place."""

from dataclasses import dataclass, field
from pathlib import Path

from tryon.errors import GraphError
from tryon.proto import calculator_pb2
from tryon.registry import load_calculators, nearest_name
from tryon.text_errors import read_text
from tryon.text_scan import FieldPath

Config = calculator_pb2.CalculatorGraphConfig

MOST_BYTES = 4_000_000
STRING = "<string>"


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
        GraphError: the file is missing or unreadable, or the text is no graph; lists all problems with
            line and column.
    """
    if isinstance(graph, GraphSource):
        return graph
    if isinstance(graph, Config):
        return GraphSource(graph)
    if isinstance(graph, str):
        return parse_graph(graph, STRING)
    source = parse_graph(_read_file(graph), str(graph), graph.resolve().parent)
    if not source.config.ByteSize():
        raise GraphError(f"{graph}:1:1: There is no graph in this file, it is empty but for comments.")
    return source


def _read_file(path: Path) -> str:
    if path.is_dir():
        graphs = ", ".join(sorted(found.name for found in path.glob("*.pbtxt"))) or "no graph"
        raise GraphError(f'"{path}" is a folder and cannot be read as a graph; in it: {graphs}.')
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        nearest = nearest_name(path.name, [found.name for found in path.parent.glob("*.pbtxt")])
        hint = f' Did you mean "{path.with_name(nearest)}"?' if nearest else ""
        raise GraphError(f'There is no graph file "{path}".{hint}') from None
    except (OSError, ValueError) as error:
        raise GraphError(f'"{path}" cannot be read as a graph: {error}') from error
    if len(data) > MOST_BYTES:
        raise GraphError(f'"{path}" cannot be read as a graph: it has more than {MOST_BYTES} bytes.')
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        what = "this is a binary file" if b"\0" in data else f"byte 0x{data[error.start]:02x} is no UTF-8"
        raise GraphError(
            f"{path}:{line}:{column}: It cannot be read as a graph: {what}; a graph is protobuf text."
        ) from error


def parse_graph(text: str, name: str, folder: Path | None = None) -> GraphSource:
    """Parses protobuf text into a graph.

    Raises:
        GraphError: lists every problem with file, line, column, the line and the nearest valid name.
    """
    load_calculators()
    config, scan, problems = read_text(text)
    if problems:
        which = f"Failed to parse: {text.strip().partition(chr(10))[0]}\n" if name == STRING else ""
        raise GraphError(which + "\n".join(f"{name}:{problem}" for problem in problems))
    return GraphSource(config, name, folder, scan.positions())
