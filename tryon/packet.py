"""Packets: one value at one timestamp."""

from typing import Any, Final

from tryon.errors import GraphError
from tryon.timestamp import Timestamp, timestamp_text


class Packet:
    """A value and its timestamp. Neither is changed after creation: nodes share packets without copies.

    Args:
        value: any object; frames are RGB uint8 arrays [height, width, 3] that nobody writes into.
        timestamp: int microseconds, or a special value; Unset for side packets.
    """

    __slots__ = ("timestamp", "value")

    def __init__(self, value: Any, timestamp: int = Timestamp.UNSET) -> None:
        self.value = value
        self.timestamp = timestamp

    @property
    def is_empty(self) -> bool:
        """True for the packet that stands for "nothing at this timestamp"."""
        return self.value is NOTHING

    def at(self, timestamp: int) -> "Packet":
        """The same value at another timestamp."""
        return Packet(self.value, timestamp)

    def __repr__(self) -> str:
        value = "empty" if self.is_empty else type_name(type(self.value))
        return f"Packet({value} at {timestamp_text(self.timestamp)})"


class _Nothing:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = _Nothing()


def empty_packet(timestamp: int = Timestamp.UNSET) -> Packet:
    """A packet without a value: an observer's sign that the stream settled `timestamp` empty."""
    return Packet(NOTHING, timestamp)


def type_name(kind: type) -> str:
    """The name of a packet's type in messages: MediaPipe's where it has one."""
    return "string" if kind is str else kind.__name__


def type_names(kinds: tuple[type, ...]) -> str:
    """The names of several types in a message; an empty tuple is any type."""
    return " or ".join(type_name(kind) for kind in kinds) or "[Any Type]"


def check_type(value: Any, allowed: tuple[type, ...]) -> None:
    """Raises GraphError unless `value` has one of the `allowed` types; a bool is no int.

    An empty tuple allows everything.
    """
    if not allowed or type(value) in allowed:
        return
    if isinstance(value, allowed) and not isinstance(value, bool):
        return
    wanted = ", ".join(f'"{type_name(kind)}"' for kind in allowed)
    if len(allowed) > 1:
        wanted = f"one of {wanted}"
    raise GraphError(f'The Packet stores "{type_name(type(value))}", but {wanted} was requested.')
