"""Subgraphs: a graph file with a `type` is usable as a node of that name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from tryon.config import Config, GraphSource, read_graph
from tryon.contract import Node
from tryon.errors import GraphError
from tryon.registry import calculator_names, find_calculator, import_failures, nearest_name
from tryon.subgraph_class import Subgraph, find_subgraph, subgraph_names

ENTRY_POINTS = "tryon.subgraphs"
STREAM_FIELDS = ("input_stream", "output_stream", "input_side_packet", "output_side_packet")


@dataclass(frozen=True)
class Origin:
    """Where a node of the expanded graph was written.

    Attributes:
        source, index: the graph that holds it, and its place there.
        inside: the subgraph nodes that it came out of, outermost first.
        user: where the node stands that the graph was put in place of, None at the top.
    """

    source: GraphSource
    index: int
    inside: tuple[str, ...] = ()
    user: "Origin | None" = None

    def where(self, *path: str | int) -> str:
        """ "file:line:column: " of a part of the node, of the node itself, or of its subgraph's; or ""."""
        where = self.source.where("node", self.index, *path)
        return where or (self.user.where() if self.user else "")


class SubgraphLibrary:
    """Finds subgraphs by type: given ones, files beside the graph, files that packages install.

    Args:
        folder: the folder of the graph that is being loaded; it and its `subgraphs/` are searched.
        given: graphs with a `type` that are usable by it, first of all.

    Attributes:
        unreadable: what is wrong with the files that could not be read, of those looked into so far.
    """

    def __init__(self, folder: Path | None, given: Sequence[GraphSource]) -> None:
        self._given = {full_type(source.config): source for source in given}
        self._folders = [*([folder, folder / "subgraphs"] if folder else []), *installed_folders()]
        self._texts: dict[Path, str] | None = None
        self._sources: dict[Path, GraphSource | None] = {}
        self.unreadable: list[str] = []

    def find(self, name: str) -> GraphSource | None:
        """The graph whose type is `name`, or None."""
        if name in self._given:
            return self._given[name]
        declaration = re.compile(rf"""\btype\s*:\s*["'][\w.]*{re.escape(name.rpartition(".")[2])}["']""")
        for path, text in self._files().items():
            if declaration.search(text):
                source = self._read(path)
                if source is not None and full_type(source.config) == name:
                    return source
        return None

    def resolve(self, name: str, package: str) -> GraphSource | type[Subgraph] | None:
        """What a node of a graph in `package` means by `name`; None for a calculator or nothing.

        As names in protobuf the name is looked up in the package, then in the packages around it; one
        with "." in front is complete. A given graph hides a calculator, and that all other subgraphs.
        """
        for candidate in _candidates(name, package):
            if candidate in self._given:
                return self._given[candidate]
            if find_calculator(candidate):
                return None
            found = find_subgraph(candidate) or self.find(candidate)
            if found:
                return found
        return None

    def names(self) -> list[str]:
        """All types that can be used here, sorted."""
        sources = filter(None, map(self._read, self._files()))
        found = {full_type(source.config) for source in sources if source.config.type}
        return sorted({*self._given, *found})

    def _files(self) -> dict[Path, str]:
        """The texts of the files that may be subgraphs, in the order in which they are searched."""
        if self._texts is None:
            paths = [path.resolve() for folder in self._folders for path in sorted(folder.glob("*.pbtxt"))]
            texts = {
                path: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()
            }
            self._texts = {path: text for path, text in texts.items() if "type" in text}
        return self._texts

    def _read(self, path: Path) -> GraphSource | None:
        if path not in self._sources:
            try:
                self._sources[path] = read_graph(path)
            except GraphError as error:
                self._sources[path] = None
                self.unreadable.append(str(error))
        return self._sources[path]


@cache
def installed_folders() -> tuple[Path, ...]:
    """The `subgraphs` folders that installed packages announce in the group `tryon.subgraphs`."""
    return tuple(Path(str(files(point.value))) / "subgraphs" for point in entry_points(group=ENTRY_POINTS))


def full_type(config: Config) -> str:
    """The name under which a graph is usable as a node: `package.type`."""
    return f"{config.package}.{config.type}" if config.package else config.type


def _candidates(name: str, package: str) -> Iterator[str]:
    if name.startswith("."):
        yield name[1:]
        return
    spaces = package.split(".") if package else []
    for length in range(len(spaces), 0, -1):
        yield ".".join((*spaces[:length], name))
    yield name


def canonical_names(nodes: Iterable[Node]) -> list[str]:
    """The nodes' names as messages show them: name or calculator, numbered from 1 where not unique."""
    names = [node.name or node.calculator for node in nodes]
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(f"{name}_{seen[name]}" if names.count(name) > 1 else name)
    return result


def unknown_calculator(name: str, library: SubgraphLibrary) -> str:
    """The message for a node whose calculator is neither registered nor a subgraph."""
    nearest = nearest_name(name, [*calculator_names(), *subgraph_names(), *library.names()]) if name else None
    hint = f' Did you mean "{nearest}"?' if nearest else ' "tryon list" shows all that are known.'
    failures = "".join(f"\nNote: {failure}" for failure in [*import_failures(), *library.unreadable])
    registered = name.replace(".", "::")
    return (
        f'No registered object with name: {registered}; Unable to find Calculator "{name}".{hint}{failures}'
    )
