"""Packets: one value at one timestamp."""

from types import GenericAlias
from typing import Any, Final, cast

from google.protobuf.message import Message

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
    if isinstance(kind, GenericAlias):
        element = kind.__args__[0]
        return f"::std::vector<{'std::string' if element is str else type_name(element)}>"
    if issubclass(kind, Message):
        name = kind.DESCRIPTOR.full_name.replace(".", "::")
        return name if name.endswith("Options") else f"::{name}"
    return "string" if kind is str else kind.__name__


def type_names(kinds: tuple[type, ...]) -> str:
    """The names of several types in a message; an empty tuple is any type."""
    return " or ".join(type_name(kind) for kind in kinds) or "[Any Type]"


def is_subtype(kind: type, wanted: type) -> bool:
    """True when packets of type `kind` may go where `wanted` is asked for; a bool is no int.

    A list without an element type goes anywhere a list does, and the other way round.
    """
    if isinstance(kind, GenericAlias) or isinstance(wanted, GenericAlias):
        return kind == wanted or kind is list or wanted in (list, object)
    return kind is wanted or (issubclass(kind, wanted) and kind is not bool)


def check_type(value: Any, allowed: tuple[type, ...]) -> None:
    """Raises GraphError unless `value` has one of the `allowed` types; a bool is no int.

    An empty tuple allows everything; `list[float]` is a list that holds floats only.
    """
    if not allowed or type(value) in allowed or any(_holds(value, kind) for kind in allowed):
        return
    wanted = ", ".join(f'"{type_name(kind)}"' for kind in allowed)
    if len(allowed) > 1:
        wanted = f"one of {wanted}"
    raise GraphError(f'The Packet stores "{type_name(_type_of(value))}", but {wanted} was requested.')


def _holds(value: Any, kind: type) -> bool:
    """True when `value` is a `kind`, or a list of nothing but what `kind` holds."""
    if isinstance(kind, GenericAlias):
        element = kind.__args__[0]
        return isinstance(value, list) and all(
            type(item) is element or _holds(item, element) for item in value
        )
    return isinstance(value, kind) and not isinstance(value, bool)


def _type_of(value: Any) -> type:
    """The value's type; of a list also its elements', where they are all the same."""
    if isinstance(value, list):
        elements = {type(item) for item in value}
        if len(elements) == 1:
            return cast(type, list[elements.pop()])  # type: ignore[misc]  # a type made at run time
    return type(value)
