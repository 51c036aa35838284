"""Input policies: when a node is ready, and which packets it then sees together."""

from collections.abc import Callable, Sequence
from enum import Enum

from tryon.calculator import InputStream
from tryon.packet import empty_packet
from tryon.stream import InputQueue
from tryon.timestamp import Timestamp, previous_allowed_in_stream


class Readiness(Enum):
    """What a node can do next."""

    NOT_READY = 0
    PROCESS = 1
    CLOSE = 2


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
        if smallest == Timestamp.DONE:
            self._last_processed = previous_allowed_in_stream(Timestamp.DONE)
            return Readiness.CLOSE, smallest
        if not self._process_timestamp_bounds:
            if min_bound > min_packet:
                self._last_processed = smallest
                return Readiness.PROCESS, smallest
            return Readiness.NOT_READY, smallest
        if min_packet == Timestamp.POSTSTREAM and min_bound > min_packet:
            settled = min_packet
        else:
            settled = previous_allowed_in_stream(min_bound)
        timestamp = min(min_packet, settled)
        if self._last_processed == Timestamp.PRESTREAM and timestamp == Timestamp.MAX < min_packet:
            return Readiness.NOT_READY, smallest  # a stream of one PreStream packet has nothing at Max
        if timestamp > self._last_processed:
            self._last_processed = timestamp
            return Readiness.PROCESS, timestamp
        return Readiness.NOT_READY, smallest

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packets at `timestamp` from the queues into `inputs`."""
        for queue, stream in zip(self._queues, inputs, strict=True):
            packets = queue.packets
            if packets and packets[0].timestamp == timestamp:
                stream.packet = queue.pop()
            else:
                stream.packet = empty_packet(timestamp)
            stream.is_done = not packets and queue.stream.bound == Timestamp.DONE


class DefaultInputStreamHandler:
    """All inputs of the node are synchronised."""

    def __init__(self, queues: Sequence[InputQueue], process_timestamp_bounds: bool) -> None:
        self._set = SyncSet(queues, process_timestamp_bounds)
        self.readiness = self._set.readiness
        self.fill = self._set.fill


class ImmediateInputStreamHandler:
    """Every packet is processed as soon as it is there, streams apart from each other.

    `process` is also called, without packets, when a stream ends, so that a node which waits for its
    own output (a back edge) learns that its main input is done.
    """

    def __init__(self, queues: Sequence[InputQueue], process_timestamp_bounds: bool) -> None:
        self._queues = queues
        self._sets = [SyncSet([queue], process_timestamp_bounds) for queue in queues]
        self._ready = [Timestamp.UNSET] * len(queues)
        self._process_timestamp_bounds = process_timestamp_bounds
        self._done = [False] * len(queues)

    def readiness(self) -> tuple[Readiness, int]:
        """Ready at the smallest timestamp that any stream has; closed when all are done."""
        ready = bound = Timestamp.DONE
        became_done = False
        for index, sync_set in enumerate(self._sets):
            if self._ready[index] == Timestamp.UNSET:
                state, timestamp = sync_set.readiness()
                bound = min(bound, timestamp)
                if state is Readiness.PROCESS:
                    self._ready[index] = timestamp
                elif state is Readiness.CLOSE and not self._done[index]:
                    self._done[index] = True
                    became_done = became_done or not self._process_timestamp_bounds
                    if self._process_timestamp_bounds:
                        self._ready[index] = previous_allowed_in_stream(timestamp)
            if self._ready[index] != Timestamp.UNSET:
                bound = min(bound, self._ready[index])
                ready = min(ready, self._ready[index])
        if bound == Timestamp.DONE:
            return Readiness.CLOSE, bound
        if ready < Timestamp.DONE:
            return Readiness.PROCESS, ready
        return (Readiness.PROCESS if became_done else Readiness.NOT_READY), bound

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packets of the streams that are ready at `timestamp`.

        The others are empty, at the timestamp up to which they are settled.
        """
        for index, (queue, stream) in enumerate(zip(self._queues, inputs, strict=True)):
            if self._ready[index] == timestamp:
                self._sets[index].fill(timestamp, inputs[index : index + 1])
                self._ready[index] = Timestamp.UNSET
            else:
                bound = queue.packets[0].timestamp if queue.packets else queue.stream.bound
                stream.packet = empty_packet(previous_allowed_in_stream(bound))
                stream.is_done = bound == Timestamp.DONE


InputPolicy = DefaultInputStreamHandler | ImmediateInputStreamHandler

POLICIES: dict[str, Callable[[Sequence[InputQueue], bool], InputPolicy]] = {
    "DefaultInputStreamHandler": DefaultInputStreamHandler,
    "ImmediateInputStreamHandler": ImmediateInputStreamHandler,
}
