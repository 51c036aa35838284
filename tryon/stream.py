"""Streams while a graph runs: producers' ends, consumers' queues, observers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tryon.errors import GraphError
from tryon.packet import Packet, check_type, empty_packet
from tryon.timestamp import (
    Timestamp,
    is_allowed_in_stream,
    next_allowed_in_stream,
    previous_allowed_in_stream,
    timestamp_text,
)

if TYPE_CHECKING:
    from tryon.node import NodeRunner

ObserverCallback = Callable[[str, Packet], object]


class InputQueue:
    """The packets of one stream that wait before one node (or before a poller, `node` None).

    Guarded by the scheduler's lock.
    """

    __slots__ = (
        "in_order",
        "label",
        "max_size",
        "most",
        "node",
        "on_change",
        "on_push",
        "packets",
        "stream",
        "was_full",
    )

    def __init__(self, stream: Stream, label: str, node: NodeRunner | None, max_size: int) -> None:
        self.stream = stream
        self.label = label
        self.node = node
        self.max_size = max_size
        self.packets: deque[Packet] = deque()
        self.was_full = False
        self.most = 0
        self.in_order = True
        self.on_push: Callable[[], None] | None = None
        self.on_change: Callable[[InputQueue], None] = _ignore
        stream.queues.append(self)

    @property
    def is_full(self) -> bool:
        """True when the sources upstream have to pause."""
        return 0 <= self.max_size <= len(self.packets)

    def push(self, packets: list[Packet]) -> None:
        """Takes packets that the stream accepted."""
        self.packets.extend(packets)
        size = len(self.packets)
        if size > self.most:
            self.most = size
        if not self.was_full and 0 <= self.max_size <= size:
            self.was_full = True
            self.on_change(self)
        if self.on_push:
            self.on_push()

    def drop_before(self, timestamp: int) -> None:
        """Drops the packets older than `timestamp`."""
        while self.packets and self.packets[0].timestamp < timestamp:
            self.pop()

    def pop(self) -> Packet:
        """Gives the oldest packet."""
        packet = self.packets.popleft()
        if self.was_full and not self.is_full:
            self.was_full = False
            self.on_change(self)
        return packet

    def detach(self) -> None:
        """The node is closed: drops what waits and takes no more packets."""
        self.stream.queues.remove(self)
        self.packets.clear()
        if self.was_full:
            self.was_full = False
            self.on_change(self)


def _ignore(queue: InputQueue) -> None:
    """A queue outside a running graph throttles nobody."""


class Observer:
    """A callback for a stream's packets, called in order, never twice at once."""

    __slots__ = ("bounds", "busy", "callback", "last", "pending")

    def __init__(self, callback: ObserverCallback, bounds: bool) -> None:
        self.callback = callback
        self.bounds = bounds
        self.pending: deque[Packet] = deque()
        self.busy = False
        self.last = Timestamp.UNSTARTED

    def note(self, packets: list[Packet], bound: int) -> None:
        """Queues what the callback will be told; under the scheduler's lock."""
        self.pending.extend(packets)
        if packets:
            self.last = packets[-1].timestamp
        if self.bounds and bound < Timestamp.DONE:
            settled = bound if bound == Timestamp.POSTSTREAM else previous_allowed_in_stream(bound)
            if settled > self.last:
                self.last = settled
                self.pending.append(empty_packet(settled))


class Stream:
    """One stream of a running graph: its bound, what its producer sends, and who receives it.

    The producer calls `add`, `set_next_timestamp_bound` and `close` (without a lock: only one call of
    the producer runs at a time); `commit` publishes that under the scheduler's lock.
    """

    __slots__ = (
        "_added",
        "_close",
        "_next_bound",
        "bound",
        "header",
        "name",
        "observers",
        "queues",
        "types",
    )

    def __init__(self, name: str, types: tuple[type, ...]) -> None:
        self.name = name
        self.types = types
        self.bound = Timestamp.PRESTREAM
        self.header: Any = None
        self.queues: list[InputQueue] = []
        self.observers: list[Observer] = []
        self._added: list[Packet] = []
        self._next_bound = Timestamp.UNSET
        self._close = False

    @property
    def is_closed(self) -> bool:
        """True when no packet can come any more."""
        return self._close or self.bound == Timestamp.DONE

    def add(self, value: Any, timestamp: int) -> None:
        """Sends a value; see `add_packet`."""
        self.add_packet(Packet(value, timestamp))

    def add_packet(self, packet: Packet) -> None:
        """Sends a packet; an empty one only advances the bound.

        Raises:
            GraphError: the stream is closed, or the packet's timestamp or type is not allowed.
        """
        if self.is_closed:
            raise GraphError(f'Packet sent to closed stream "{self.name}".')
        timestamp = packet.timestamp
        if packet.is_empty:
            self.set_next_timestamp_bound(next_allowed_in_stream(timestamp))
            return
        if not is_allowed_in_stream(timestamp):
            raise GraphError(
                f'In stream "{self.name}", timestamp not specified or set to illegal value: '
                f"{timestamp_text(timestamp)}"
            )
        if type(packet.value) not in self.types:
            try:
                check_type(packet.value, self.types)
            except GraphError as error:
                raise GraphError(
                    f'Packet type mismatch on calculator outputting to stream "{self.name}": {error}'
                ) from None
        self._added.append(packet)

    def set_next_timestamp_bound(self, bound: int) -> None:
        """Promises that no packet comes before `bound`."""
        if bound > self._next_bound:
            self._next_bound = bound

    def close(self) -> None:
        """No packet comes any more."""
        self._close = True

    def commit(self, bound: int) -> bool:
        """Publishes what was added and the larger of `bound` and what was promised.

        Returns:
            True when something changed for the receivers.

        Raises:
            GraphError: a packet's timestamp is smaller than what was promised before.
        """
        added = self._added
        current = self.bound
        if added:
            for packet in added:
                alone = packet.timestamp == Timestamp.POSTSTREAM and current > Timestamp.PRESTREAM
                if (alone or packet.timestamp < current) and self._in_order():
                    self._added = []
                    raise GraphError(self._mismatch(packet.timestamp, current))
                timestamp = packet.timestamp
                in_range = Timestamp.MIN <= timestamp < Timestamp.MAX
                current = timestamp + 1 if in_range else next_allowed_in_stream(timestamp)
            self._added = []
        if bound > current:
            current = bound
        if self._next_bound > current:
            current = self._next_bound
        if self._close:
            current = Timestamp.DONE
        if not added and current == self.bound:
            return False
        self.bound = current
        if added:
            for queue in self.queues:
                queue.push(added)
        for observer in self.observers:
            observer.note(added, current)
        return True

    def added(self) -> list[int]:
        """The timestamps of what was added but not committed yet."""
        return [packet.timestamp for packet in self._added]

    def discard(self) -> None:
        """Forgets what was added but not committed."""
        self._added = []

    def _in_order(self) -> bool:
        """False when no receiver minds the order of the packets' timestamps."""
        return bool(self.observers) or any(queue.in_order for queue in self.queues)

    def _mismatch(self, timestamp: int, expected: int) -> str:
        if timestamp == Timestamp.POSTSTREAM:
            return (
                f'In stream "{self.name}", a packet at Timestamp::PostStream() must be the only Packet '
                "in an InputStream."
            )
        return (
            f'Packet timestamp mismatch on a calculator receiving from stream "{self.name}". Current '
            f"minimum expected timestamp is {timestamp_text(expected)} but received "
            f"{timestamp_text(timestamp)}. Are you using a custom InputStreamHandler? Note that some "
            "InputStreamHandlers allow timestamps that are not strictly monotonically increasing. See for "
            "example the ImmediateInputStreamHandler class comment."
        )
