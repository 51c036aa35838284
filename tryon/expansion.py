"""Expanding a graph: nodes that name subgraphs are replaced by the nodes of these."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from warnings import warn_explicit

from google.protobuf.message import Message

from tryon.config import Config, GraphSource
from tryon.contract import Node
from tryon.errors import GraphError, GraphWarning
from tryon.option_value import apply_option_value, graph_messages, node_messages
from tryon.registry import nearest_name
from tryon.set_option import Setting, calculator_options, parse_setting
from tryon.subgraph import STREAM_FIELDS, Origin, SubgraphLibrary, canonical_names, full_type
from tryon.subgraph_class import Subgraph
from tryon.tag_map import TagMap
from tryon.validated_graph import place

REFUSED_FIELDS = ("source_layer", "buffer_size_hint", "output_stream_handler", "input_stream_info")
IDLE_FIELDS = ("executor", "input_stream_handler", "max_in_flight")
DEEPEST = 10

Kind: TypeAlias = GraphSource | type[Subgraph]
Names: TypeAlias = dict[tuple[bool, str], str]


def expand(
    source: GraphSource, library: SubgraphLibrary, settings: Sequence[str] = ()
) -> tuple[Config, list[Origin]]:
    """Replaces every node that names a subgraph by the subgraph's nodes, to the bottom.

    Inside names get the prefix "nodename__"; the subgraph's own streams take the names that the node
    connects, and inputs that the node leaves out are left out inside. Of the subgraph's graph only the
    nodes count: queue sizes, executors and policies for all nodes are those of the graph that runs.
    As in MediaPipe, calculators come before what was in subgraphs, outer before inner.

    Args:
        settings: changes of options, each "node.option=value" (see `Setting`): of subgraph nodes before
            they are replaced, of calculators at the end. The outermost node that has the name is meant.

    Returns:
        The expanded config and, node for node, where each was written.

    Raises:
        GraphError: lists what does not fit between nodes and their subgraphs, and wrong settings.
    """
    expansion = Expansion(source, library, settings)
    if expansion.problems:
        raise GraphError("\n".join(expansion.problems))
    return expansion.config, expansion.origins


@dataclass(frozen=True)
class _Placed:
    """A node on its way into the expanded graph.

    Attributes:
        node: its config; streams have the names that they get in the expanded graph.
        name, label: its name in the expanded graph and in its own.
        package: where the names that its graph uses are looked up.
        types: the subgraphs that it is in, outermost first.
    """

    node: Node
    origin: Origin
    name: str
    label: str
    package: str = ""
    types: tuple[str, ...] = ()


class Expansion:
    """A graph expanded as far as it goes; `expand` says how.

    Attributes:
        config, origins: the expanded config and, node for node, where each was written.
        problems: what is wrong.
        refused: the subgraph nodes that do not fit their subgraphs: they were left out.
    """

    def __init__(self, source: GraphSource, library: SubgraphLibrary, settings: Sequence[str] = ()) -> None:
        self.problems: list[str] = []
        self.refused: list[Node] = []
        self.config = Config()
        self.config.CopyFrom(source.config)
        self._source = source
        self._library = library
        self._settings: list[Setting] = []
        self._settings_for_all: list[Setting] = []
        for text in settings:
            try:
                setting = parse_setting(text)
                (self._settings_for_all if setting.is_for_all else self._settings).append(setting)
            except GraphError as error:
                self.problems.append(str(error))
        calculators = self._run()
        del self.config.node[:]
        self.config.node.extend(placed.node for placed in calculators)
        self.origins = [placed.origin for placed in calculators]

    def _run(self) -> list[_Placed]:
        """Expands level by level and returns the calculators."""
        level = []
        for index, name in enumerate(canonical_names(self.config.node)):
            origin = Origin(self._source, index)
            level.append(_Placed(self.config.node[index], origin, name, name, self.config.package))
        self.problems += _fill_in_options(self.config, Node(), [placed.origin for placed in level])
        calculators: list[_Placed] = []
        names: list[str] = []
        while level:
            subgraphs = []
            for placed in level:
                kind = self._resolve(placed)
                if kind is None:
                    calculators.append(placed)
                else:
                    subgraphs.append((placed, kind))
            self._apply_settings([placed for placed, _ in subgraphs])
            names += [placed.name for placed, _ in subgraphs]
            level = []
            for placed, kind in subgraphs:
                try:
                    level += self._inside(placed, kind)
                except GraphError as error:
                    self.problems.append(str(error))
                    self.refused.append(placed.node)
        self._apply_to_all(calculators)
        self._apply_settings(calculators)
        names += [placed.name for placed in calculators]
        if not self.refused:  # a node that is not known may be in one of these
            self.problems += [setting.unknown_node(names) for setting in self._settings]
        return calculators

    def _resolve(self, placed: _Placed) -> Kind | None:
        return self._library.resolve(placed.node.calculator, placed.package)

    def _apply_settings(self, nodes: Sequence[_Placed]) -> None:
        """Applies the settings that mean one of these nodes; the others stay for deeper ones."""
        settings, self._settings = self._settings, []
        names = [placed.name for placed in nodes]
        for setting in settings:
            try:
                index = setting.find(names, [placed.node.calculator for placed in nodes])
                if index is None:
                    self._settings.append(setting)
                else:
                    setting.apply(nodes[index].node, self._options(nodes[index]))
            except GraphError as error:
                self.problems.append(str(error))

    def _apply_to_all(self, calculators: Sequence[_Placed]) -> None:
        """Applies the settings that mean every calculator with the option; those of single ones win."""
        for setting in self._settings_for_all:
            nodes = [placed.node for placed in calculators if setting.suits(calculator_options(placed.node))]
            if not nodes and not self.refused:
                self.problems.append(f'"{setting.text}": no node has the option "{setting.path[0]}".')
            for node in nodes:
                try:
                    setting.apply(node, calculator_options(node))
                except GraphError as error:
                    self.problems.append(str(error))
                    break

    def _options(self, placed: _Placed) -> Message | None:
        """The options that a node carries or, empty, those that it may carry; None where there are none."""
        kind = self._resolve(placed)
        if kind is None:
            return calculator_options(placed.node)
        taken = _options_taken(kind)
        carried = [options for options in node_messages(placed.node) if isinstance(options, tuple(taken))]
        return carried[0] if carried else taken[0]() if taken else None

    def _inside(self, placed: _Placed, kind: Kind) -> list[_Placed]:
        """The nodes that take a subgraph node's place.

        Raises:
            GraphError: the node does not fit the subgraph.
        """
        node, origin = placed.node, placed.origin
        if isinstance(kind, GraphSource):
            name, source = full_type(kind.config), kind
        else:
            name, source = kind.__name__, _generated(placed, kind)
        if placed.types.count(name) >= (1 if source is kind else DEEPEST):
            chain = " -> ".join((*placed.types, name))
            raise GraphError(f"{place(origin, 'calculator')}Subgraphs contain each other: {chain}")
        graph = Config()
        graph.CopyFrom(source.config)
        labels = canonical_names(graph.node)
        inside = (*origin.inside, placed.label)
        origins = [Origin(source, index, inside, origin) for index in range(len(labels))]
        problems = [*_misplaced_fields(placed), *_misplaced_options(placed, kind, graph)]
        problems += _fill_in_options(graph, node, origins)
        outside = _connect(placed, source, problems)
        if problems:
            raise GraphError("\n".join(problems))
        self.config.packet_generator.extend(graph.packet_generator)
        self.config.status_handler.extend(graph.status_handler)
        prefix = re.sub("[^a-z0-9_]", "_", placed.name.lower()) + "__"
        package = graph.package or placed.package
        result = []
        for inner, label, inner_origin in zip(graph.node, labels, origins, strict=True):
            _rename(inner, prefix, outside)
            inner.name = prefix + label
            result.append(_Placed(inner, inner_origin, inner.name, label, package, (*placed.types, name)))
        return result


def _generated(placed: _Placed, kind: type[Subgraph]) -> GraphSource:
    try:
        return GraphSource(kind.get_config(placed.node), kind.__name__)
    except GraphError as error:
        raise GraphError(f"{place(placed.origin)}{placed.name}: {error}") from error


def _options_taken(kind: Kind) -> list[type[Message]]:
    if isinstance(kind, GraphSource):
        return [type(options) for options in graph_messages(kind.config)]
    return [kind.Options] if kind.Options else []


def _fill_in_options(graph: Config, user: Node, origins: Sequence[Origin]) -> list[str]:
    """Carries out the option_values of a graph's nodes."""
    problems = []
    for node, origin in zip(graph.node, origins, strict=True):
        for position, text in enumerate(node.option_value):
            try:
                apply_option_value(text, node, graph, user)
            except GraphError as error:
                problems.append(f'{place(origin, "option_value", position)}option_value "{text}": {error}')
        del node.option_value[:]
    return problems


def _misplaced_fields(placed: _Placed) -> list[str]:
    """Fields of a subgraph node that only a calculator's can have; some of them merely do nothing."""
    node, problems = placed.node, []
    for field, _ in node.ListFields():
        if field.name in REFUSED_FIELDS:
            problems.append(
                f'{place(placed.origin, field.name)}Subgraph "{node.name}" has a field that is only '
                f'applicable to calculators. ("{field.name}": give it to the nodes inside.)'
            )
        elif field.name in IDLE_FIELDS:
            what = f'The {field.name} of subgraph node "{placed.name}" has no effect'
            _warn(placed, field.name, f"{what}: give it to the nodes inside.")
    return problems


def _misplaced_options(placed: _Placed, kind: Kind, graph: Config) -> list[str]:
    """Options of a type that the subgraph does not take are a mistake that would go unnoticed."""
    taken = [options.DESCRIPTOR.full_name for options in _options_taken(kind)]
    if not taken and any(node.option_value for node in graph.node):
        return []
    problems = []
    field = "node_options" if placed.node.node_options else "options"
    calculator = placed.node.calculator
    for options in node_messages(placed.node):
        name = options.DESCRIPTOR.full_name
        if not taken:
            _warn(placed, field, f"The {name} of {calculator} have no effect: it has no options.")
        elif name not in taken:
            wanted = " or ".join(taken)
            problems.append(
                f"{place(placed.origin, field)}{calculator} takes options of type {wanted}, not {name}."
            )
    return problems


def _warn(placed: _Placed, field: str, message: str) -> None:
    source = placed.origin.source
    line, _ = source.position("node", placed.origin.index, field) or (1, 1)
    warn_explicit(message, GraphWarning, source.name, line)


def _connect(placed: _Placed, source: GraphSource, problems: list[str]) -> Names:
    """What the subgraph's interface names become outside: {(is side packet, inner): outer or ""}."""
    node = placed.node
    result: Names = {}
    for field in STREAM_FIELDS:
        doing = f"while processing the {field.replace('_', ' ')}s of subgraph node {node.calculator}: "
        where = place(placed.origin, field)
        is_side, is_input = "side" in field, "input" in field
        try:
            outer, inner = TagMap(getattr(node, field)), TagMap(getattr(source.config, field))
        except GraphError as error:
            separator = "" if str(error).startswith("TAG:index:name") else "; "
            problems.append(f"{where}{doing}{separator}{error}")
            continue
        made = {text.rpartition(":")[2] for inside in source.config.node for text in getattr(inside, field)}
        if is_input:
            result |= {(is_side, entry.name): "" for entry in inner}
        for tag in dict.fromkeys(entry.tag for entry in outer):
            given, possible = outer.count(tag), inner.count(tag)
            if not possible:
                have = ", ".join(entry.key_text for entry in inner) or "none"
                problems.append(
                    f'{where}{doing}; Tag "{tag}" does not exist in the subgraph config. (It has: {have}.)'
                )
            elif given > possible:
                problems.append(
                    f'{where}{doing}; Tag "{tag}" has {given} indexes in the subgraph node but has only '
                    f"{possible} indexes in the subgraph config."
                )
        for entry in outer:
            key = (entry.tag, entry.index)
            if key not in inner:
                continue
            position = inner.position(key)
            name = inner.entries[position].name
            result[is_side, name] = entry.name
            if not is_input and name not in made:
                nearest = nearest_name(name, list(made))
                hint = f'Did you mean "{nearest}"?' if nearest else "A PassThroughCalculator can."
                problems.append(
                    f"{source.where(field, position)}No node in {node.calculator} makes its "
                    f'{field.replace("_", " ")} "{name}". {hint}'
                )
    return result


def _rename(node: Node, prefix: str, outside: Names) -> None:
    for field in STREAM_FIELDS:
        kept = []
        for text in getattr(node, field):
            head, colon, name = text.rpartition(":")
            new = outside.get(("side" in field, name), prefix + name)
            if new:
                kept.append(head + colon + new)
        del getattr(node, field)[:]
        getattr(node, field).extend(kept)
