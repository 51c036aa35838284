"""Options that a subgraph's nodes take from the subgraph: `option_value: "node option:graph option"`."""

import re
from collections.abc import Iterable, MutableSequence, Sequence
from typing import Any, Final, TypeAlias, cast

from google.protobuf import message_factory
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from tryon.config import Config
from tryon.contract import Node
from tryon.errors import GraphError
from tryon.proto.pool import POOL
from tryon.registry import nearest_name

ANY_PREFIX = "type.googleapis.com/"
ROOTS = ("OPTIONS", "options")
TYPE_PREFIX = "Ext::"
WHOLE: Final = "a whole number"
NUMBER: Final = "a number"
KINDS = {
    FieldDescriptor.CPPTYPE_INT32: WHOLE,
    FieldDescriptor.CPPTYPE_INT64: WHOLE,
    FieldDescriptor.CPPTYPE_UINT32: WHOLE,
    FieldDescriptor.CPPTYPE_UINT64: WHOLE,
    FieldDescriptor.CPPTYPE_FLOAT: NUMBER,
    FieldDescriptor.CPPTYPE_DOUBLE: NUMBER,
    FieldDescriptor.CPPTYPE_BOOL: "true or false",
    FieldDescriptor.CPPTYPE_STRING: "text",
}

Path: TypeAlias = list[tuple[str, int | None]]


def node_messages(node: Node) -> list[Message]:
    """Copies of the options messages that a node carries: extensions of `options`, then `node_options`."""
    return _messages(node.options, node.node_options)


def graph_messages(graph: Config) -> list[Message]:
    """Copies of a graph's own options messages: what option_values refer to, with their defaults."""
    return _messages(graph.options, graph.graph_options)


def _messages(extensions: Message, packed: Iterable[AnyMessage]) -> list[Message]:
    found = []
    for _, value in extensions.ListFields():
        if isinstance(value, Message):
            found.append(type(value)())
            found[-1].CopyFrom(value)
    for carrier in packed:
        try:
            kind = message_factory.GetMessageClass(POOL.FindMessageTypeByName(carrier.TypeName()))
            found.append(kind.FromString(carrier.value))
        except (KeyError, DecodeError):
            raise GraphError(f"Options of type {carrier.TypeName()} cannot be read.") from None
    return found


def put_options(node: Node, options: Message) -> None:
    """Makes a message the node's only options of its type, in `node_options`."""
    name = options.DESCRIPTOR.full_name
    kept = [carrier for carrier in node.node_options if carrier.TypeName() != name]
    del node.node_options[:]
    node.node_options.extend(kept)
    node.node_options.add(type_url=ANY_PREFIX + name, value=options.SerializeToString(deterministic=True))
    extension = getattr(type(options), "ext", None)
    if extension is not None:
        node.options.ClearExtension(extension)
    if not node.options.ListFields():
        node.ClearField("options")


def apply_option_value(text: str, node: Node, graph: Config, user: Node) -> None:
    """Copies one option of a graph to an option of a node in it.

    The text is "node path:graph path". A path names fields with "/" between, list items by number, and
    may begin with OPTIONS: "OPTIONS/packet/0/int_value". Without fields it is the whole message. Where
    there are several messages, "Ext::package.Type/" in front of the fields says which; else it is the
    first. Messages are merged, other values replaced; a value that is not set is taken away.

    Args:
        text: the option_value.
        node: changed in place; it must carry options, if only empty ones.
        graph: its options are the defaults; where it has none, nothing happens.
        user: the node that stands for the graph, whose options come before the defaults.

    Raises:
        GraphError: the text is malformed, an option is unknown or has another type.
    """
    parts = re.split("(?<!:):(?!:)", text)
    if len(parts) != 2 or not all(parts):
        raise GraphError('option_value has the form "node option:graph option", as in "width:options/size".')
    (node_type, node_path), (graph_type, graph_path) = map(_parse_path, parts)
    target = _choose(node_messages(node), node_type)
    if target is None:
        raise GraphError(
            f"Option extension not found: {node_type or '*'}. Give the node options for option_value to fill "
            "in, if only empty ones."
        )
    defaults = _choose(graph_messages(graph), graph_type)
    given = _choose(node_messages(user), defaults.DESCRIPTOR.full_name if defaults else graph_type)
    if defaults and given:
        defaults.MergeFrom(given)
    options = defaults or given
    if options is not None:
        kind, value = _read(options, graph_path)
        _write(target, node_path, kind, value)
        put_options(node, target)


def _parse_path(text: str) -> tuple[str, Path]:
    """The message type asked for ("" for any) and the fields, each with its index where one is given."""
    names = text.split("/")
    if names[0] in ROOTS:
        names = names[1:]
    kind, path = "", Path()
    for name in filter(None, names):
        if path and name.isdecimal():
            path[-1] = (path[-1][0], int(name))
        elif not path and name.startswith(TYPE_PREFIX):
            kind = name.removeprefix(TYPE_PREFIX)
        else:
            path.append((name, None))
    return kind, path


def _choose(messages: Sequence[Message], kind: str) -> Message | None:
    return next((message for message in messages if kind in ("", message.DESCRIPTOR.full_name)), None)


def find_field(message: Message, name: str) -> FieldDescriptor:
    """A field of a message's type.

    Raises:
        GraphError: it has no such field; with the nearest name.
    """
    kind = message.DESCRIPTOR
    field = kind.fields_by_name.get(name)
    if field is None:
        nearest = nearest_name(name, list(kind.fields_by_name))
        known = ", ".join(kind.fields_by_name) or "none"
        hint = f'Did you mean "{nearest}"?' if nearest else f"Its options: {known}."
        raise GraphError(f'{kind.full_name} has no option "{name}". {hint}')
    return cast(FieldDescriptor, field)


def _kind(field: FieldDescriptor) -> str:
    kind = field.message_type or field.enum_type
    return kind.full_name if kind else KINDS[field.cpp_type]


def _read(message: Message, path: Path) -> tuple[str, Any]:
    """What kind of value a path leads to, and the value: None where it is not set."""
    if not path:
        return message.DESCRIPTOR.full_name, message
    (name, index), *rest = path
    field = find_field(message, name)
    value = getattr(message, name)
    if isinstance(value, MutableSequence):
        if index is None and not rest:
            return _kind(field), list(value)
        if (index or 0) >= len(value):
            raise _out_of_range(name, index or 0, len(value))
        value = value[index or 0]
    elif index:
        raise _out_of_range(name, index, 1)
    elif not rest and not (message.HasField(name) if field.has_presence else value):
        value = None
    if not rest:
        return _kind(field), value
    return _read(_sub_message(name, value, rest), rest)


def _write(message: Message, path: Path, kind: str, value: Any) -> None:
    if not path:
        _check("the node", message.DESCRIPTOR.full_name, kind)
        message.MergeFrom(value)
        return
    (name, index), *rest = path
    field = find_field(message, name)
    current = getattr(message, name)
    many = isinstance(current, MutableSequence) and index is None
    if not rest:
        _check(f'"{name}"', _kind(field), kind)
        if isinstance(value, list) and not many:
            raise GraphError(f'"{name}" takes one value, not a list of {len(value)}.')
    if isinstance(current, MutableSequence):
        if many and not rest:
            del current[:]
            current.extend(value if isinstance(value, list) else [] if value is None else [value])
            return
        place = index or 0
        if place > len(current):
            raise _out_of_range(name, place, len(current))
        if field.message_type is None:
            current[place : place + 1] = [value]
            return
        if place == len(current):
            current.append(message_factory.GetMessageClass(field.message_type)())
        current = current[place]
    elif index:
        raise _out_of_range(name, index, 1)
    if rest:
        _write(_sub_message(name, current, rest), rest, kind, value)
    elif value is None:
        message.ClearField(name)
    elif isinstance(current, Message):
        current.MergeFrom(value)
    else:
        _set(message, name, value)


def _sub_message(name: str, value: Any, rest: Path) -> Message:
    if not isinstance(value, Message):
        raise GraphError(f'"{name}" has no options of its own, such as "{rest[0][0]}".')
    return value


def _check(what: str, wanted: str, given: str) -> None:
    if given != wanted and (wanted, given) != (NUMBER, WHOLE):
        raise GraphError(f"{what} takes {wanted}, not {given}.")


def _set(message: Message, name: str, value: Any) -> None:
    try:
        setattr(message, name, value)
    except ValueError as error:
        raise GraphError(f'"{name}" cannot be {value}: {error}.') from error


def _out_of_range(name: str, index: int, count: int) -> GraphError:
    return GraphError(f'Option field index out of range: {index}. "{name}" has {count} values.')
