"""Observers: the application's callbacks for what passes in a stream."""

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from tryon.errors import GraphError
from tryon.executor import Executors
from tryon.packet import Packet, empty_packet
from tryon.run_lock import RunLock
from tryon.stream import DONE, POSTSTREAM, Stream
from tryon.timestamp import Timestamp, previous_allowed_in_stream

ObserverCallback: TypeAlias = Callable[[str, Packet], object]


class Observer:
    """A callback for a stream's packets, called in order, never twice at once.

    Args:
        callback: called with the stream's name and a packet.
        bounds: also called with an empty packet for each timestamp that settled empty.
        end: also called with an empty packet at Done when the stream ends.
    """

    __slots__ = ("bounds", "busy", "callback", "end", "last", "pending")

    def __init__(self, callback: ObserverCallback, bounds: bool, end: bool = False) -> None:
        self.callback = callback
        self.bounds = bounds
        self.end = end
        self.pending: deque[Packet] = deque()
        self.busy = False
        self.last = Timestamp.UNSTARTED

    def note(self, packets: list[Packet], bound: int) -> None:
        """Queues what the callback will be told; under the run's lock."""
        self.pending.extend(packets)
        if self.end and bound == DONE:
            self.pending.append(empty_packet(DONE))
        if not self.bounds:
            return
        if packets:
            self.last = packets[-1].timestamp
        if bound < DONE:
            settled = bound if bound == POSTSTREAM else previous_allowed_in_stream(bound)
            if settled > self.last:
                self.last = settled
                self.pending.append(empty_packet(settled))


class Observers:
    """Tells the observers of a run what they wait for. Guarded by the run's lock.

    Attributes:
        busy: how many are told something, or will be.
        told: how many things they were told.
        is_awaited: True while a caller waits for them to be told something.
    """

    def __init__(self, lock: RunLock, executors: Executors) -> None:
        self.busy = 0
        self.told = 0
        self.is_awaited = False
        self._lock = lock
        self._executors = executors
        self._queue: deque[tuple[Observer, str]] = deque()

    def notice(self, stream: Stream) -> None:
        """A stream changed: its observers may have something to be told."""
        for observer in stream.observers:
            if observer.pending and not observer.busy:
                observer.busy = True
                self.busy += 1
                self._queue.append((observer, stream.name))

    def tell(self, fail: Callable[[GraphError], None]) -> None:
        """Calls the callbacks, in order, without the lock; `fail` is called with what they raise."""
        while self._queue:
            observer, name = self._queue.popleft()
            while observer.pending:
                packets = list(observer.pending)
                observer.pending.clear()
                self._executors.wake()
                self._lock.release()
                error: GraphError | None = None
                try:
                    for packet in packets:
                        observer.callback(name, packet)
                except Exception as raised:  # noqa: BLE001 - a user's callback may raise anything
                    detail = f"{type(raised).__name__}: {raised}"
                    error = GraphError(f'The observer of output stream "{name}" failed: {detail}')
                    error.__cause__ = raised
                finally:
                    self._lock.acquire()
                self.told += len(packets)
                if error is not None:
                    observer.pending.clear()
                    fail(error)
            observer.busy = False
            self.busy -= 1
            if self.is_awaited:
                self._executors.callers.wake_all()
