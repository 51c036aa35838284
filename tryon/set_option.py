"""Changing options of a graph's nodes without editing its file: "node.option=value"."""

from collections.abc import Callable, MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tryon.contract import Node, node_options
from tryon.errors import GraphError
from tryon.option_value import find_field, put_options
from tryon.registry import find_calculator, nearest_name

EVERY = "*"
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


@dataclass(frozen=True)
class Setting:
    """One "node.option=value".

    The node is given by its name, by the end of its name after "__" (the node inside a subgraph) or by
    its calculator where only one node has it; the option by its path in the options message, as in
    "inference.delegate.xnnpack.num_threads=2". A list takes its values with commas, a message of which one
    part is chosen the name of that part: "inference.delegate=gpu". The node "*" stands for all calculators
    that have the option.

    Attributes:
        text: as it was given.
        node, path, value: its parts.
    """

    text: str
    node: str
    path: tuple[str, ...]
    value: str

    def find(self, names: Sequence[str], calculators: Sequence[str]) -> int | None:
        """Which of the nodes with these names and calculators is meant, None where none is.

        Raises:
            GraphError: it may be any of several.
        """
        if self.node in names:
            return names.index(self.node)
        for candidates in ([name.rpartition("__")[2] for name in names], calculators):
            found = [index for index, candidate in enumerate(candidates) if candidate == self.node]
            if len(found) > 1:
                which = ", ".join(names[index] for index in found)
                raise GraphError(f'"{self.text}": "{self.node}" may be any of {which}; give the whole name.')
            if found:
                return found[0]
        return None

    @property
    def is_for_all(self) -> bool:
        """Means every calculator that has the option."""
        return self.node == EVERY

    def suits(self, options: Message | None) -> bool:
        """True where a node with these options has the one that is to be changed."""
        return options is not None and self.path[0] in options.DESCRIPTOR.fields_by_name

    def apply(self, node: Node, options: Message | None) -> None:
        """Changes a node, whose options are a message like this one, or None when it has none.

        Raises:
            GraphError: there is no such option, or the value has another type.
        """
        if options is None:
            raise GraphError(f'"{self.text}": {node.calculator} has no options.')
        try:
            _set_field(options, self.path, self.value)
        except GraphError as error:
            raise GraphError(f'"{self.text}": {error}') from error
        put_options(node, options)

    def unknown_node(self, names: Sequence[str]) -> str:
        """The message for a node that the graph does not have."""
        shorts = [name.rpartition("__")[2] for name in names]
        nearest = nearest_name(self.node, [*names, *shorts])
        hint = f'Did you mean "{nearest}"?' if nearest else f"The nodes are: {', '.join(names)}."
        return f'"{self.text}": the graph has no node "{self.node}". {hint}'


def parse_setting(text: str) -> Setting:
    """Reads "node.option=value".

    Raises:
        GraphError: the text has another form.
    """
    target, equals, value = text.partition("=")
    name, dot, path = target.strip().partition(".")
    if not (equals and dot and name and path):
        raise GraphError(f'"{text}" is not of the form node.option=value.')
    return Setting(text, name, tuple(path.split(".")), value.strip())


def calculator_options(node: Node) -> Message | None:
    """A copy of the options that a calculator's node carries, or their defaults; None where it has none."""
    calculator = find_calculator(node.calculator)
    return node_options(node, calculator.Options) if calculator and calculator.Options else None


def _set_field(message: Message, path: Sequence[str], value: str) -> None:
    name, *rest = path
    field = find_field(message, name)
    current = getattr(message, name)
    if field.message_type is not None:
        if not isinstance(current, Message):
            raise GraphError(f'"{name}" is a list of messages; edit the graph to change it.')
        choices = [part.name for one in field.message_type.oneofs for part in one.fields if part.message_type]
        if not rest and value in choices:
            getattr(current, value).SetInParent()  # the one that is chosen already keeps what it holds
            return
        if not rest:
            known = ", ".join(f"{name}.{inner}" for inner in field.message_type.fields_by_name)
            raise GraphError(f'"{name}" has options of its own: {known or "none"}.')
        current.SetInParent()
        _set_field(current, rest, value)
        return
    if rest:
        raise GraphError(f'"{name}" has no options of its own, such as "{rest[0]}".')
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
        raise GraphError(f'"{name}" takes {wanted}, not "{value}".') from error
