"""Comparing what streams carry with what was recorded."""

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from google.protobuf.message import Message

from tryon.packet import Packet, type_name
from tryon.recording.values import parts
from tryon.timestamp import timestamp_text

LONGEST_TEXT = 60


@dataclasses.dataclass(frozen=True)
class Difference:
    """How a value differs from the recorded one.

    Attributes:
        what: in words.
        size: the largest difference between numbers; infinite where the values do not compare.
    """

    what: str
    size: float = math.inf


def compare(value: Any, recorded: Any) -> Difference | None:
    """How a value differs from the recorded one, None where they are equal. NaN equals NaN."""
    if type(value) is not type(recorded):
        return Difference(f"{type_name(type(value))}, recorded {type_name(type(recorded))}")
    value, recorded = parts(value), parts(recorded)
    if isinstance(value, np.ndarray | np.generic):
        return _compare_arrays(np.asarray(value), np.asarray(recorded))
    if isinstance(value, float):
        return _compare_arrays(np.asarray(value), np.asarray(recorded))
    if isinstance(value, list | tuple):
        if len(value) != len(recorded):
            return Difference(f"{len(value)} items, recorded {len(recorded)}")
        return _worst((f"[{index}]", *pair) for index, pair in enumerate(zip(value, recorded, strict=True)))
    if isinstance(value, dict):
        if list(value) != list(recorded):
            return Difference(f"{_text(list(value))}, recorded {_text(list(recorded))}")
        return _worst((f"[{key!r}]", item, recorded[key]) for key, item in value.items())
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return _worst((f".{name}", getattr(value, name), getattr(recorded, name)) for name in names)
    if isinstance(value, Message):
        equal = value.SerializePartialToString(deterministic=True) == recorded.SerializePartialToString(
            deterministic=True
        )
    else:
        equal = value == recorded
    if equal:
        return None
    size = abs(value - recorded) if isinstance(value, int) else math.inf
    return Difference(f"{_text(value)}, recorded {_text(recorded)}", float(size))


def _compare_arrays(value: np.ndarray[Any, Any], recorded: np.ndarray[Any, Any]) -> Difference | None:
    if value.dtype != recorded.dtype:
        return Difference(f"{value.dtype}, recorded {recorded.dtype}")
    if value.shape != recorded.shape:
        return Difference(f"shape {list(value.shape)}, recorded {list(recorded.shape)}")
    numeric = value.dtype.kind in "fc"
    if np.array_equal(value, recorded, equal_nan=numeric):
        return None
    if value.dtype.kind not in "biufc":
        return Difference(f"{np.count_nonzero(value != recorded)} items differ")
    wide = np.complex128 if value.dtype.kind == "c" else np.float64
    with np.errstate(invalid="ignore"):
        gap = np.abs(value.astype(wide) - recorded.astype(wide))
    gap = np.where(value == recorded, 0.0, np.where(np.isnan(gap), math.inf, gap))
    if value.ndim == 0:
        return Difference(f"{value}, recorded {recorded}", float(gap))
    return Difference(f"{np.count_nonzero(gap)} of {gap.size} numbers differ", float(gap.max()))


def _worst(pairs: Iterator[tuple[str, Any, Any]]) -> Difference | None:
    """The first difference in words, the largest in size."""
    first: Difference | None = None
    for place, value, recorded in pairs:
        found = compare(value, recorded)
        if found:
            what = first.what if first else f"{place}: {found.what}"
            first = Difference(what, max(found.size, first.size if first else 0))
    return first


def _text(value: Any) -> str:
    text = str(value) if isinstance(value, Message) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."


class StreamComparison:
    """Compares a stream's packets with the recorded ones, one by one.

    Attributes:
        stream: its name.
        packets: how many were compared.
        different: how many of them differ, or are missing on one side.
        first: the first difference in words, with its timestamp; "" without any.
        largest: the largest difference between numbers.
    """

    def __init__(self, stream: str, recorded: Iterator[Packet]) -> None:
        self.stream = stream
        self.packets = 0
        self.different = 0
        self.first = ""
        self.largest = 0.0
        self._recorded = recorded
        self._next = next(recorded, None)

    def note(self, name: str, packet: Packet) -> None:
        """Takes the next packet of the stream."""
        while self._next is not None and self._next.timestamp < packet.timestamp:
            self._differs(self._next.timestamp, Difference("no packet, recorded one"))
            self._next = next(self._recorded, None)
        if self._next is None or self._next.timestamp > packet.timestamp:
            self._differs(packet.timestamp, Difference("a packet, recorded none"))
            return
        difference = compare(packet.value, self._next.value)
        self._next = next(self._recorded, None)
        if difference:
            self._differs(packet.timestamp, difference)
        else:
            self.packets += 1

    def finish(self) -> None:
        """The stream has ended: what is left in the recording is missing."""
        while self._next is not None:
            self._differs(self._next.timestamp, Difference("no packet, recorded one"))
            self._next = next(self._recorded, None)

    def _differs(self, timestamp: int, difference: Difference) -> None:
        self.packets += 1
        self.different += 1
        self.largest = max(self.largest, difference.size)
        self.first = self.first or f"at {timestamp_text(timestamp)}: {difference.what}"
