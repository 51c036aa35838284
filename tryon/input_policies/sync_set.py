"""Streams that are synchronised with each other: what the input policies are made of."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from tryon.calculator import InputStream
from tryon.packet import empty_packet
from tryon.stream import InputQueue
from tryon.timestamp import Timestamp, previous_allowed_in_stream


class Readiness(Enum):
    """What a node can do next."""

    NOT_READY = 0
    PROCESS = 1
    CLOSE = 2


NOT_READY: Final = Readiness.NOT_READY
PROCESS_NEXT: Final = Readiness.PROCESS
CLOSE: Final = Readiness.CLOSE


class SingleStream:
    """One input stream: whatever comes is ready."""

    def __init__(self, queue: InputQueue) -> None:
        self._queue = queue
        self._stream = queue.stream
        self._packets = queue.packets

    def readiness(self) -> tuple[Readiness, int]:
        """The readiness, and the smallest timestamp that is not processed yet."""
        if self._packets:
            return PROCESS_NEXT, self._packets[0].timestamp
        bound = self._stream.bound
        return (CLOSE, Timestamp.DONE) if bound >= Timestamp.ONE_OVER_POSTSTREAM else (NOT_READY, bound)

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packet from the queue into `inputs`."""
        stream = inputs[0]
        stream.packet = self._queue.pop()
        stream.is_done = not self._packets and self._stream.bound == Timestamp.DONE


class SyncSet:
    """Input streams that are synchronised with each other: MediaPipe's default rule.

    A timestamp is ready when every stream either has a packet at it or has promised, by its bound,
    that none will come.
    """

    def __init__(self, queues: Sequence[InputQueue], process_timestamp_bounds: bool) -> None:
        self._queues = queues
        self._process_timestamp_bounds = process_timestamp_bounds
        self._last_processed = Timestamp.UNSTARTED

    def readiness(self) -> tuple[Readiness, int]:
        """The readiness, and the smallest timestamp that is not processed yet."""
        min_bound = min_packet = Timestamp.DONE
        for queue in self._queues:
            if queue.packets:
                timestamp = queue.packets[0].timestamp
                if timestamp < min_packet:
                    min_packet = timestamp
            else:
                bound = queue.stream.bound
                if bound < min_bound:
                    min_bound = bound
        smallest = min(min_packet, min_bound)
        if smallest >= Timestamp.ONE_OVER_POSTSTREAM:
            self._last_processed = previous_allowed_in_stream(Timestamp.DONE)
            return CLOSE, Timestamp.DONE
        if not self._process_timestamp_bounds:
            if min_bound > min_packet:
                self._last_processed = smallest
                return PROCESS_NEXT, smallest
            return NOT_READY, smallest
        if min_packet == Timestamp.POSTSTREAM and min_bound > min_packet:
            settled = min_packet
        else:
            settled = previous_allowed_in_stream(min_bound)
        timestamp = min(min_packet, settled)
        if timestamp > self._last_processed:
            self._last_processed = timestamp
            return PROCESS_NEXT, timestamp
        return NOT_READY, smallest

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packets at `timestamp` from the queues into `inputs`."""
        for queue, stream in zip(self._queues, inputs, strict=True):
            packets = queue.packets
            if packets and packets[0].timestamp == timestamp:
                stream.packet = queue.pop()
            else:
                fill_bound(queue, stream)
                continue
            stream.is_done = not packets and queue.stream.bound == Timestamp.DONE


def fill_bound(queue: InputQueue, stream: InputStream) -> None:
    """Shows a stream without a packet: empty, at the timestamp up to which it is settled."""
    bound = queue.packets[0].timestamp if queue.packets else queue.stream.bound
    stream.packet = empty_packet(previous_allowed_in_stream(bound))
    stream.is_done = bound == Timestamp.DONE
