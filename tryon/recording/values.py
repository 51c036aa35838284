"""Packet values as JSON and bytes, and back, exactly.

Nothing that is read can run code: what is no number, text, list or array is an options-like message, a
dataclass or enum of a package that has calculators, or a type that a package made recordable.
"""

import dataclasses
import math
import sys
import zlib
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

import numpy as np
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from tryon.proto.pool import POOL
from tryon.registry import calculator_names, find_calculator

SAMPLE = 32768
WORTHWHILE = 0.9  # of the size that compressing has to save at least a tenth of
LARGEST_INT = 1 << 4096

Kind = TypeVar("Kind")
Put: TypeAlias = Callable[[bytes], list[int]]  # keeps bytes; returns what a Get finds them by
Get: TypeAlias = Callable[[list[int]], bytes]


class Unrecordable(TypeError):
    """A value of a type that recordings cannot hold."""


class Damaged(ValueError):
    """What is read is no value that was written."""


@dataclasses.dataclass(frozen=True)
class _Recordable:
    kind: type
    to_parts: Callable[[Any], Any]
    from_parts: Callable[[Any], Any]


_recordable: dict[str, _Recordable] = {}


def make_recordable(
    kind: type[Kind], to_parts: Callable[[Kind], Any], from_parts: Callable[[Any], Kind]
) -> None:
    """Makes values of a class that is somebody else's recordable.

    Args:
        kind: the class, exactly: not its subclasses.
        to_parts: takes a value apart into what is recordable: numbers, text, lists, arrays ...
        from_parts: puts it together again; must check what it is given.
    """
    _recordable[_class_name(kind)] = _Recordable(kind, to_parts, from_parts)


def parts(value: Any) -> Any:
    """A value of a class that was made recordable, taken apart; any other as it is."""
    known = _recordable.get(_class_name(type(value)))
    return known.to_parts(value) if known and known.kind is type(value) else value


def encode(value: Any, put: Put) -> Any:
    """What JSON is to hold of a value; its bytes are given to `put`.

    Raises:
        Unrecordable: it is, or contains, something that cannot be recorded.
    """
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return value
    if kind is int:
        if abs(value) >= LARGEST_INT:
            raise Unrecordable("int of more than 4096 bits")
        return value
    if kind is list:
        return [encode(item, put) for item in value]
    if kind is np.ndarray:
        return {"array": _encode_array(value, put)}
    if kind is tuple:
        return {"tuple": [encode(item, put) for item in value]}
    if kind is dict:
        return {"dict": [[encode(key, put), encode(item, put)] for key, item in value.items()]}
    if kind is bytes:
        return {"bytes": _pack(value, put)}
    if kind is Fraction:
        return {"fraction": [value.numerator, value.denominator]}
    if isinstance(value, np.generic):
        return {"scalar": _encode_array(np.asarray(value), put)}
    if isinstance(value, Message):
        data = value.SerializePartialToString(deterministic=True)
        return {"message": value.DESCRIPTOR.full_name, "bytes": _pack(data, put)}
    name = _class_name(kind)
    if name in _recordable:
        return {"object": name, "parts": encode(_recordable[name].to_parts(value), put)}
    if _find_class(name) is kind:
        if isinstance(value, Enum):
            return {"enum": name, "name": value.name}
        if dataclasses.is_dataclass(kind):
            fields = {f.name: encode(getattr(value, f.name), put) for f in dataclasses.fields(kind)}
            return {"dataclass": name, "fields": fields}
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return {"namedtuple": name, "items": [encode(item, put) for item in value]}
    raise Unrecordable(name)


def decode(data: Any, get: Get) -> Any:
    """The value that `encode` made `data` of.

    Raises:
        Damaged: it is no such data, or its class is not there any more.
    """
    if isinstance(data, list):
        return [decode(item, get) for item in data]
    if not isinstance(data, dict):
        return data
    try:
        return _decode_tagged(data, get)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, DecodeError) as error:
        if isinstance(error, Damaged):
            raise
        raise Damaged(f"no value: {type(error).__name__}: {error}") from error


def _decode_tagged(data: dict[str, Any], get: Get) -> Any:
    first: tuple[str, Any] = next(iter(data.items()), ("", ""))
    tag, content = first
    if tag == "array":
        return _decode_array(content, get)
    if tag == "tuple":
        return tuple(decode(item, get) for item in content)
    if tag == "dict":
        return {decode(key, get): decode(item, get) for key, item in content}
    if tag == "bytes":
        return _unpack(content, get)
    if tag == "fraction":
        return Fraction(*content)
    if tag == "scalar":
        return _decode_array(content, get)[()]
    if tag == "message":
        message = _message_class(content)()
        message.MergeFromString(_unpack(data["bytes"], get))
        return message
    if tag == "object":
        if content not in _recordable:
            raise Damaged(f"no package here knows how to read a {content}")
        return _recordable[content].from_parts(decode(data["parts"], get))
    kind: Any = _find_class(content)
    if tag == "enum" and issubclass(kind, Enum):
        return kind[data["name"]]
    if tag == "namedtuple" and issubclass(kind, tuple):
        return kind(*[decode(item, get) for item in data["items"]])
    if tag == "dataclass" and dataclasses.is_dataclass(kind):
        fields = {name: decode(item, get) for name, item in data["fields"].items()}
        if set(fields) != {field.name for field in dataclasses.fields(kind)}:
            raise Damaged(f"{content} has other fields now")
        new: Any = object.__new__
        value = new(kind)
        for name, item in fields.items():
            object.__setattr__(value, name, item)
        return value
    raise Damaged(f'"{tag}" is no kind of value')


def _class_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _find_class(name: str) -> type | None:
    """A class of a module that is imported already, in a package that has calculators."""
    calculators = filter(None, map(find_calculator, calculator_names()))
    packages = {calculator.__module__.partition(".")[0] for calculator in calculators}
    module, _, qualified = name.rpartition(".")
    while module and module not in sys.modules:
        module, _, outer = module.rpartition(".")
        qualified = f"{outer}.{qualified}"
    if module.partition(".")[0] not in packages:
        return None
    found: Any = sys.modules[module]
    for part in qualified.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) else None


def _message_class(name: str) -> type[Message]:
    for pool in (POOL, Default()):
        try:
            return GetMessageClass(pool.FindMessageTypeByName(name))
        except KeyError:
            continue
    raise Damaged(f"no package here has the message {name}")


def _encode_array(array: np.ndarray[Any, Any], put: Put) -> list[Any]:
    """[dtype, shape, "rows" or "", where packed]; "rows" of which each is the difference to the last."""
    if array.dtype.kind not in "biufcSUmM":
        raise Unrecordable(f"array of {array.dtype}")
    rows = array.ndim > 1 and array.size > SAMPLE and array.dtype.kind in "iu" and array.dtype.isnative
    differences = array
    if rows:
        differences = array.copy()
        differences[1:] -= array[:-1]
    order = "rows" if rows else ""
    return [array.dtype.str, list(array.shape), order, _pack(differences.tobytes(), put)]


def _decode_array(data: list[Any], get: Get) -> np.ndarray[Any, Any]:
    name, shape, order, packed = data
    dtype = np.dtype(name)
    if dtype.kind not in "biufcSUmM":
        raise Damaged(f"an array of {dtype}")
    size = math.prod(shape) * dtype.itemsize
    flat = _unpack(packed, get)
    if len(flat) != size:
        raise Damaged(f"an array of {len(flat)} bytes that has {size}")
    array: np.ndarray[Any, Any] = np.ndarray(shape, dtype, bytearray(flat))
    return np.add.accumulate(array, axis=0, dtype=dtype, out=array) if order == "rows" else array


def _pack(data: bytes, put: Put) -> list[Any]:
    """[size, "zlib" or "", place]: compressed where that saves something."""
    if len(data) > SAMPLE:
        middle = (len(data) - SAMPLE) // 2
        sample = data[middle : middle + SAMPLE]
        if len(zlib.compress(sample, 1)) < WORTHWHILE * len(sample):
            packed = zlib.compress(data, 1)
            if len(packed) < WORTHWHILE * len(data):
                return [len(data), "zlib", put(packed)]
    return [len(data), "", put(data)]


def _unpack(packed: list[Any], get: Get) -> bytes:
    size, how, place = packed
    data = get(place)
    if how == "zlib":
        try:
            data = zlib.decompressobj().decompress(data, size + 1)
        except zlib.error as error:
            raise Damaged(f"bytes that do not decompress ({error})") from error
    if len(data) != size:
        raise Damaged(f"{len(data)} bytes where {size} were written")
    return data
