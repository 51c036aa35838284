"""The side packets that a graph wants from its caller, and the values that a command line gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tryon.cli.host import INPUT_PATH, OUTPUT_PATH
from tryon.errors import GraphError
from tryon.packet import type_names
from tryon.registry import nearest_name
from tryon.set_option import BOOLS
from tryon.validated_graph import ValidatedGraph

LOOK_PATH = "look_path"
OPTIONS = {INPUT_PATH: "--input", OUTPUT_PATH: "--output", LOOK_PATH: "--look"}


@dataclass(frozen=True)
class WantedSidePacket:
    """A side packet that no node makes.

    Attributes:
        types: what it may hold; empty for anything.
        is_required: False when the graph runs without it.
    """

    types: tuple[type, ...] = ()
    is_required: bool = False

    def parse(self, name: str, text: str) -> Any:
        """The value that `text` stands for.

        Raises:
            GraphError: the packet holds something else.
        """
        for kind in self.types:
            try:
                if kind is bool:
                    return BOOLS[text.lower()]
                if kind in (int, float):
                    return kind(text)
            except (KeyError, ValueError):
                continue
            if issubclass(kind, str):
                return text
        if self.types:
            raise GraphError(f'The side packet "{name}" holds {type_names(self.types)}, not "{text}".')
        return text


def wanted_side_packets(graph: ValidatedGraph) -> dict[str, WantedSidePacket]:
    """The side packets that the caller gives, by name."""
    wanted: dict[str, WantedSidePacket] = {}
    for name, producer in graph.side_producers.items():
        if producer >= 0:
            continue
        uses = [
            info.contract.input_side_packets[entry.tag, entry.index]
            for info in graph.nodes
            for entry in info.contract.input_side_packets.tags
            if entry.name == name
        ]
        types = next((kind.resolved() for kind in uses if kind.resolved()), ())
        wanted[name] = WantedSidePacket(types, any(not kind.is_optional for kind in uses))
    return wanted


def side_packets(
    graph: ValidatedGraph,
    graph_name: str,
    host_values: Mapping[str, Any],
    look: Path | None,
    given: Sequence[str],
) -> dict[str, Any]:
    """All side packets of a run: what the host needs, the look's file, and each "name=value" given.

    Raises:
        GraphError: the graph does not want one that was given, or wants one that was not.
    """
    wanted = wanted_side_packets(graph)
    values: dict[str, Any] = dict(host_values)
    if look is not None:
        if LOOK_PATH not in wanted:
            raise GraphError(f'{graph_name} has no side packet "{LOOK_PATH}": it takes no --look.')
        values[LOOK_PATH] = str(look.resolve() if look.exists() else look)
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise GraphError(f'--side "{text}" is not of the form name=value.')
        if name not in wanted:
            nearest = nearest_name(name, list(wanted))
            hint = f'Did you mean "{nearest}"?' if nearest else f"It has: {', '.join(wanted) or 'none'}."
            raise GraphError(f'{graph_name} has no side packet "{name}". {hint}')
        values[name] = wanted[name].parse(name, value)
    for name, packet in wanted.items():
        if packet.is_required and name not in values:
            how = OPTIONS.get(name, f"--side {name}=VALUE")
            raise GraphError(f'{graph_name} needs the side packet "{name}": give it with {how}.')
    return values
