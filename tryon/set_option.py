"""Changing options of a graph's nodes without editing its file: "node.option=value"."""

from collections.abc import Callable, MutableSequence, Sequence
from typing import Any, Final, TypeAlias

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tryon.contract import Node, node_options
from tryon.errors import GraphError
from tryon.registry import find_calculator, nearest_name

ANY_PREFIX = "type.googleapis.com/"
BOOLS = {"true": True, "1": True, "false": False, "0": False}
Converter: TypeAlias = tuple[str, Callable[[str], Any]]
WHOLE: Final[Converter] = ("a whole number", int)
NATURAL: Final[Converter] = ("a whole number, 0 or more", int)
NUMBER: Final[Converter] = ("a number", float)
CONVERTERS: dict[int, Converter] = {
    FieldDescriptor.CPPTYPE_INT32: WHOLE,
    FieldDescriptor.CPPTYPE_INT64: WHOLE,
    FieldDescriptor.CPPTYPE_UINT32: NATURAL,
    FieldDescriptor.CPPTYPE_UINT64: NATURAL,
    FieldDescriptor.CPPTYPE_FLOAT: NUMBER,
    FieldDescriptor.CPPTYPE_DOUBLE: NUMBER,
    FieldDescriptor.CPPTYPE_BOOL: ("true or false", lambda text: BOOLS[text.lower()]),
    FieldDescriptor.CPPTYPE_STRING: ("text", str),
}


def set_option(nodes: Sequence[Node], names: Sequence[str], setting: str) -> None:
    """Applies one "node.option=value" to the nodes of an expanded graph.

    The node is given by its name, by the end of its name after "__" (the node inside a subgraph) or by
    its calculator where only one node has it; the option by its path in the calculator's options
    message, as in "inference.delegate.xnnpack.num_threads=2". A list takes its values with commas.

    Args:
        nodes: changed in place.
        names: the nodes' names, as `canonical_names` gives them.
        setting: the text.

    Raises:
        GraphError: the text is malformed, no node or option has the name, or the value has another type.
    """
    target, equals, value = setting.partition("=")
    name, dot, path = target.strip().partition(".")
    if not (equals and dot and name and path):
        raise GraphError(f'"{setting}" is not of the form node.option=value.')
    node = nodes[_find_node(nodes, names, name, setting)]
    calculator = find_calculator(node.calculator)
    kind = calculator.Options if calculator else None
    if kind is None:
        raise GraphError(f'"{setting}": {node.calculator} has no options.')
    options = node_options(node, kind)
    _set_field(options, path.split("."), value.strip(), setting)
    kept = [carrier for carrier in node.node_options if carrier.TypeName() != kind.DESCRIPTOR.full_name]
    del node.node_options[:]
    node.node_options.extend(kept)
    extension = getattr(kind, "ext", None)
    if extension is not None:
        node.options.ClearExtension(extension)
    node.node_options.add(type_url=ANY_PREFIX + kind.DESCRIPTOR.full_name, value=options.SerializeToString())


def _find_node(nodes: Sequence[Node], names: Sequence[str], name: str, setting: str) -> int:
    if name in names:
        return names.index(name)
    shorts = [full.rpartition("__")[2] for full in names]
    for candidates in (shorts, [node.calculator for node in nodes]):
        found = [index for index, candidate in enumerate(candidates) if candidate == name]
        if len(found) == 1:
            return found[0]
        if found:
            which = ", ".join(names[index] for index in found)
            raise GraphError(f'"{setting}": "{name}" may be any of {which}; give the whole name.')
    nearest = nearest_name(name, [*names, *shorts])
    hint = f'Did you mean "{nearest}"?' if nearest else f"The nodes are: {', '.join(names)}."
    raise GraphError(f'"{setting}": the graph has no node "{name}". {hint}')


def _set_field(message: Message, path: list[str], value: str, setting: str) -> None:
    name, *rest = path
    kind = message.DESCRIPTOR
    field = kind.fields_by_name.get(name)
    if field is None:
        nearest = nearest_name(name, list(kind.fields_by_name))
        known = ", ".join(kind.fields_by_name) or "none"
        hint = f'Did you mean "{nearest}"?' if nearest else f"Its options: {known}."
        raise GraphError(f'"{setting}": {kind.full_name} has no option "{name}". {hint}')
    current = getattr(message, name)
    if field.message_type is not None:
        if not isinstance(current, Message):
            raise GraphError(f'"{setting}": "{name}" is a list of messages; edit the graph to change it.')
        if not rest:
            known = ", ".join(f"{name}.{inner}" for inner in field.message_type.fields_by_name)
            raise GraphError(f'"{setting}": "{name}" has options of its own: {known or "none"}.')
        current.SetInParent()
        _set_field(current, rest, value, setting)
        return
    if rest:
        raise GraphError(f'"{setting}": "{name}" has no options of its own, such as "{rest[0]}".')
    if field.enum_type is None:
        wanted, convert = CONVERTERS[field.cpp_type]
    else:
        numbers = {entry.name: entry.number for entry in field.enum_type.values}
        wanted, convert = f"one of {', '.join(numbers)}", lambda text: numbers[text.upper()]
    try:
        if isinstance(current, MutableSequence):
            current[:] = [convert(text.strip()) for text in value.split(",") if text.strip()]
        else:
            setattr(message, name, convert(value))
    except (KeyError, ValueError) as error:  # also what protobuf raises for a number out of range
        raise GraphError(f'"{setting}": "{name}" takes {wanted}, not "{value}".') from error
