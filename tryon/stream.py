"""Streams while a graph runs: producers' ends, consumers' queues, observers."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tryon.errors import GraphError
from tryon.packet import NOTHING, Packet, check_type
from tryon.timestamp import (
    Timestamp,
    next_allowed_in_stream,
    timestamp_text,
)

if TYPE_CHECKING:
    from tryon.node import NodeRunner
    from tryon.observers import Observer

PRESTREAM: Final = Timestamp.PRESTREAM
MIN: Final = Timestamp.MIN
MAX: Final = Timestamp.MAX
POSTSTREAM: Final = Timestamp.POSTSTREAM
DONE: Final = Timestamp.DONE
UNSET: Final = Timestamp.UNSET
NO_LIMIT: Final = sys.maxsize


class InputQueue:
    """The packets of one stream that wait before one node (or before a poller, `node` None).

    Guarded by the run's lock.

    Attributes:
        max_size: how many may wait before the sources upstream have to pause; NO_LIMIT for any number.
        most: the most that ever waited.
        was_full: True while the sources pause because of this queue.
        on_change: called when `was_full` changed.
        on_push: called when packets came; None for nothing.
        in_order: False when the node does not mind the order of the timestamps.
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
        self.max_size = max_size if max_size >= 0 else NO_LIMIT
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
        return len(self.packets) >= self.max_size

    def push(self, packets: list[Packet]) -> None:
        """Takes packets that the stream accepted."""
        self.packets.extend(packets)
        size = len(self.packets)
        if size > self.most:
            self.most = size
        if size >= self.max_size and not self.was_full:
            self.was_full = True
            self.on_change(self)
        if self.on_push is not None:
            self.on_push()

    def drop_before(self, timestamp: int) -> None:
        """Drops the packets older than `timestamp`."""
        while self.packets and self.packets[0].timestamp < timestamp:
            self.pop()

    def pop(self) -> Packet:
        """Gives the oldest packet."""
        packet = self.packets.popleft()
        if self.was_full and len(self.packets) < self.max_size:
            self.was_full = False
            self.on_change(self)
        return packet

    def grow(self) -> None:
        """Lets one packet more wait than there are."""
        self.max_size = len(self.packets) + 1
        self.was_full = False
        self.on_change(self)

    def detach(self) -> None:
        """The node is closed: drops what waits and takes no more packets."""
        self.stream.queues.remove(self)
        self.packets.clear()
        if self.was_full:
            self.was_full = False
            self.on_change(self)


def _ignore(queue: InputQueue) -> None:
    """A queue outside a running graph throttles nobody."""


class Stream:
    """One stream of a running graph: its bound and who receives its packets.

    Guarded by the run's lock.

    Attributes:
        bound: no packet comes before this timestamp; Done when none comes any more.
        consumers: the nodes that read it, each once.
        is_polled: True when the application takes packets from it.
        was_used: True once a packet came.
    """

    __slots__ = (
        "bound",
        "consumers",
        "header",
        "is_polled",
        "name",
        "observers",
        "queues",
        "types",
        "was_used",
    )

    def __init__(self, name: str, types: tuple[type, ...]) -> None:
        self.name = name
        self.types = types
        self.bound = PRESTREAM
        self.header: Any = None
        self.queues: list[InputQueue] = []
        self.consumers: list[NodeRunner] = []
        self.observers: list[Observer] = []
        self.is_polled = False
        self.was_used = False

    def commit(self, packets: list[Packet], bound: int) -> bool:
        """Hands packets and a promise (no packet before `bound`) to the receivers.

        Returns:
            True when something changed for them.

        Raises:
            GraphError: a packet's timestamp is smaller than what was promised before.
        """
        current = self.bound
        for packet in packets:
            timestamp = packet.timestamp
            is_early = timestamp < current or (timestamp == POSTSTREAM and self.was_used)
            if is_early and self._in_order():
                raise GraphError(self.mismatch(timestamp, current))
            current = timestamp + 1 if MIN <= timestamp < MAX else next_allowed_in_stream(timestamp)
        if bound > current:
            current = bound
        elif not packets:
            return False
        self.bound = current
        if packets:
            self.was_used = True
            for queue in self.queues:
                queue.push(packets)
        for observer in self.observers:
            observer.note(packets, current)
        return True

    def _in_order(self) -> bool:
        """False when no receiver minds the order of the packets' timestamps."""
        return bool(self.observers) or any(queue.in_order for queue in self.queues)

    def mismatch(self, timestamp: int, expected: int) -> str:
        """The message for a packet at `timestamp` where none may come before `expected`."""
        if timestamp == POSTSTREAM:
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


class OutputStreamShard:
    """What one call of a producer sends to a stream; the scheduler publishes it when the call returns.

    Used without a lock: each call under way has a shard of its own.

    Attributes:
        added: packets to publish.
        next_bound: the timestamp before which no packet will come.
    """

    __slots__ = ("added", "name", "next_bound", "stream", "was_closed")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.name = stream.name
        self.added: list[Packet] = []
        self.next_bound = Timestamp.UNSET
        self.was_closed = False

    @property
    def header(self) -> Any:
        """What the producer announced in `open` for the whole stream, None for nothing."""
        return self.stream.header

    @header.setter
    def header(self, value: Any) -> None:
        self.stream.header = value

    @property
    def is_closed(self) -> bool:
        """True when no packet can be sent any more."""
        return self.was_closed or self.stream.bound == DONE

    def add(self, value: Any, timestamp: int) -> None:
        """Sends a value; see `add_packet`."""
        self.add_packet(Packet(value, timestamp))

    def add_packet(self, packet: Packet) -> None:
        """Sends a packet; an empty one only advances the bound.

        Raises:
            GraphError: the stream is closed, or the packet's timestamp or type is not allowed.
        """
        stream = self.stream
        if self.was_closed or stream.bound == DONE:
            raise GraphError(f'Packet sent to closed stream "{self.name}".')
        value, timestamp = packet.value, packet.timestamp
        if value is NOTHING:
            self.set_next_timestamp_bound(next_allowed_in_stream(timestamp))
            return
        if not PRESTREAM <= timestamp <= POSTSTREAM:
            raise GraphError(
                f'In stream "{self.name}", timestamp not specified or set to illegal value: '
                f"{timestamp_text(timestamp)}"
            )
        if stream.types and type(value) not in stream.types:
            try:
                check_type(value, stream.types)
            except GraphError as error:
                raise GraphError(
                    f'Packet type mismatch on calculator outputting to stream "{self.name}": {error}'
                ) from None
        self.added.append(packet)

    def set_next_timestamp_bound(self, bound: int) -> None:
        """Promises that no packet comes before `bound`."""
        if bound > self.next_bound:
            self.next_bound = bound

    def close(self) -> None:
        """No packet comes any more."""
        self.was_closed = True

    def commit(self, bound: int) -> bool:
        """Publishes what was added and the larger of `bound` and what was promised.

        Returns:
            True when something changed for the receivers.

        Raises:
            GraphError: a packet's timestamp is smaller than what was promised before.
        """
        added = self.added
        if added:
            self.added = []
        if self.next_bound > bound:
            bound = self.next_bound
        return self.stream.commit(added, UNSET if self.was_closed else bound)

    def commit_end(self) -> bool:
        """Publishes, after `commit`, that the stream was closed; True when that is new."""
        return self.was_closed and self.stream.commit([], DONE)
