"""Subgraphs: a graph file with a `type` is usable as a node of that name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from tryon.config import Config, GraphSource, read_graph
from tryon.contract import Node
from tryon.errors import GraphError
from tryon.registry import calculator_names, find_calculator, import_failures, nearest_name
from tryon.tag_map import TagMap

ENTRY_POINTS = "tryon.subgraphs"
STREAM_FIELDS = ("input_stream", "output_stream", "input_side_packet", "output_side_packet")


@dataclass(frozen=True)
class Origin:
    """Where a node of the expanded graph was written.

    Attributes:
        source, index: the graph that holds it, and its place there.
        inside: the subgraph nodes that it came out of, outermost first.
    """

    source: GraphSource
    index: int
    inside: tuple[str, ...] = ()

    def where(self, *path: str | int) -> str:
        """ "file:line:column: " of a part of the node, of the node itself, or ""."""
        return self.source.where("node", self.index, *path)


class SubgraphLibrary:
    """Finds subgraphs by type: given ones, files beside the graph, files that packages install.

    Args:
        folder: the folder of the graph that is being loaded; it and its `subgraphs/` are searched.
        given: graphs with a `type` that are usable by it, first of all.

    Attributes:
        unreadable: what is wrong with the files that could not be read, found at the first look-up.
    """

    def __init__(self, folder: Path | None, given: Sequence[GraphSource]) -> None:
        self._given = {full_type(source.config): source for source in given}
        self._folders = [*([folder, folder / "subgraphs"] if folder else []), *installed_folders()]
        self._files: dict[str, GraphSource] | None = None
        self.unreadable: list[str] = []

    def find(self, name: str) -> GraphSource | None:
        """The subgraph whose type is `name`, or None."""
        return self._given.get(name) or self._index().get(name)

    def names(self) -> list[str]:
        """All types that can be used here, sorted."""
        return sorted({*self._given, *self._index()})

    def _index(self) -> dict[str, GraphSource]:
        if self._files is None:
            self._files = {}
            for folder in self._folders:
                for path in sorted(folder.glob("*.pbtxt")):
                    if "type:" not in path.read_text(encoding="utf-8", errors="replace"):
                        continue
                    try:
                        source = read_graph(path)
                    except GraphError as error:
                        self.unreadable.append(str(error))
                        continue
                    if source.config.type:
                        self._files.setdefault(full_type(source.config), source)
        return self._files


@cache
def installed_folders() -> tuple[Path, ...]:
    """The `subgraphs` folders that installed packages announce in the group `tryon.subgraphs`."""
    return tuple(Path(str(files(point.value))) / "subgraphs" for point in entry_points(group=ENTRY_POINTS))


def full_type(config: Config) -> str:
    """The name under which a graph is usable as a node: `package.type`."""
    return f"{config.package}.{config.type}" if config.package else config.type


def expand(source: GraphSource, library: SubgraphLibrary) -> tuple[Config, list[Origin]]:
    """Replaces every node that names a subgraph by the subgraph's nodes, to the bottom.

    Inside names get the prefix "nodename__"; the subgraph's own streams take the names that the node
    connects, and what the node leaves out is left out inside.

    Returns:
        The expanded config and, node for node, where each was written.

    Raises:
        GraphError: a node connects a tag that the subgraph does not have, or subgraphs contain
            each other.
    """
    config = Config()
    config.CopyFrom(source.config)
    del config.node[:]
    nodes, origins = _expand(source, library, ())
    config.node.extend(nodes)
    return config, origins


def _expand(
    source: GraphSource, library: SubgraphLibrary, inside: tuple[str, ...]
) -> tuple[list[Node], list[Origin]]:
    nodes: list[Node] = []
    origins: list[Origin] = []
    names = canonical_names(source.config.node)
    for index, node in enumerate(source.config.node):
        origin = Origin(source, index)
        subgraph = None if find_calculator(node.calculator) else library.find(node.calculator)
        if subgraph is None:
            nodes.append(node)
            origins.append(origin)
            continue
        if node.calculator in inside:
            chain = " -> ".join((*inside, node.calculator))
            raise GraphError(f"{origin.where('calculator')}Subgraphs contain each other: {chain}")
        inner, inner_origins = _expand(subgraph, library, (*inside, node.calculator))
        replace = _interface(node, subgraph, origin)
        prefix = "".join(c.lower() if c.isalnum() else "_" for c in names[index]) + "__"
        for inner_node, inner_origin in zip(inner, inner_origins, strict=True):
            nodes.append(_renamed(inner_node, prefix, replace))
            inside_this = (names[index], *inner_origin.inside)
            origins.append(Origin(inner_origin.source, inner_origin.index, inside_this))
    return nodes, origins


def _interface(node: Node, subgraph: GraphSource, origin: Origin) -> dict[tuple[bool, str], str]:
    """What the subgraph's interface names become outside: {(is side packet, inner): outer or ""}."""
    replace: dict[tuple[bool, str], str] = {}
    problems: list[str] = []
    for field in STREAM_FIELDS:
        outer = TagMap(getattr(node, field))
        inner = TagMap(getattr(subgraph.config, field))
        for entry in inner:
            replace.setdefault(("side" in field, entry.name), "")
        for entry in outer:
            key = (entry.tag, entry.index)
            if key not in inner:
                have = ", ".join(e.key_text for e in inner) or "none"
                problems.append(
                    f"{origin.where(field)}while processing the {field.replace('_', ' ')}s of subgraph node "
                    f'{node.calculator}: Tag "{entry.key_text}" does not exist in the subgraph config. '
                    f"(It has: {have}.)"
                )
                continue
            replace["side" in field, inner.entries[inner.position(key)].name] = entry.name
    if problems:
        raise GraphError("\n".join(problems))
    return replace


def _renamed(node: Node, prefix: str, replace: dict[tuple[bool, str], str]) -> Node:
    result = Node()
    result.CopyFrom(node)
    if node.name:
        result.name = prefix + node.name
    for field in STREAM_FIELDS:
        kept = []
        for text in getattr(node, field):
            head, colon, name = text.rpartition(":")
            name = replace.get(("side" in field, name), prefix + name)
            if name:
                kept.append(head + colon + name)
        del getattr(result, field)[:]
        getattr(result, field).extend(kept)
    return result


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
    nearest = nearest_name(name, [*calculator_names(), *library.names()]) if name else None
    hint = f' Did you mean "{nearest}"?' if nearest else ' "tryon list" shows all that are known.'
    failures = "".join(f"\nNote: {failure}" for failure in [*import_failures(), *library.unreadable])
    return f'No registered object with name: {name}; Unable to find Calculator "{name}".{hint}{failures}'
