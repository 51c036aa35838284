"""Input sets that are processed in groups."""

from collections import deque
from collections.abc import Sequence

from tryon.calculator import InputStream
from tryon.input_policies.sync_set import CLOSE, PROCESS_NEXT, Readiness, SingleStream, SyncSet


class Batches:
    """Holds the input sets of synchronised streams back until `size` are there or the streams ended.

    Then they are handed over one after the other. What is held back has left the queues already, and
    promises nothing for its timestamps.
    """

    def __init__(self, streams: SingleStream | SyncSet, names: Sequence[str], size: int) -> None:
        self._streams = streams
        self._names = names
        self._size = size
        self._sets: deque[tuple[int, list[InputStream]]] = deque()
        self._is_complete = False

    def readiness(self) -> tuple[Readiness, int]:
        """Ready at the first timestamp of a complete batch."""
        while not self._is_complete:
            state, timestamp = self._streams.readiness()
            if state is PROCESS_NEXT:
                inputs = [InputStream(name) for name in self._names]
                self._streams.fill(timestamp, inputs)
                self._sets.append((timestamp, inputs))
                self._is_complete = len(self._sets) == self._size
            elif state is CLOSE and self._sets:
                self._is_complete = True
            else:
                return state, self._sets[0][0] if self._sets else timestamp
        return PROCESS_NEXT, self._sets[0][0]

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Hands over the first set of the batch."""
        _, held = self._sets.popleft()
        for stream, given in zip(inputs, held, strict=True):
            stream.packet = given.packet
            stream.is_done = given.is_done
        self._is_complete = bool(self._sets)
