"""Side packets while a graph runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tryon.errors import GraphError
from tryon.packet import Packet, check_type, empty_packet

if TYPE_CHECKING:
    from tryon.node import NodeRunner


class SidePacketOutput:
    """An output side packet of a node, set once.

    Attributes:
        packet: its value; empty until it is set.
        consumers: the nodes that wait for it, with the place among their input side packets.
    """

    def __init__(self, name: str, types: tuple[type, ...]) -> None:
        self.name = name
        self.types = types
        self.packet = empty_packet()
        self.consumers: list[tuple[NodeRunner, int]] = []

    def set(self, value: Any) -> None:
        """Sets the value; the waiting nodes get it when the calculator's call returns.

        Raises:
            GraphError: it was set before, or the value has another type than the contract says.
        """
        if not self.packet.is_empty:
            raise GraphError(f'Output side packet "{self.name}" was already set.')
        try:
            check_type(value, self.types)
        except GraphError as error:
            raise GraphError(
                f'Packet type mismatch on calculator outputting to side packet "{self.name}": {error}'
            ) from None
        self.packet = Packet(value)


def check_side_packet(name: str, value: Any, types: tuple[type, ...]) -> str | None:
    """What is wrong with a side packet that the caller gives, or None."""
    try:
        check_type(value, types)
    except GraphError as error:
        return f'Side packet "{name}" failed validation: {error}'
    return None
