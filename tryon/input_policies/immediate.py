"""The input policy for nodes that take packets as they come."""

from collections.abc import Sequence

from tryon.calculator import InputStream
from tryon.input_policies.policy import InputPolicy
from tryon.input_policies.sync_set import Readiness, SyncSet, fill_bound
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap
from tryon.timestamp import Timestamp


class ImmediateInputStreamHandler(InputPolicy):
    """Every packet is processed as soon as it is there, streams apart from each other.

    `process` is also called, without packets, when a stream ends, so that a node which waits for its
    own output (a back edge) learns that its main input is done.
    """

    is_synchronised = False

    def __init__(
        self,
        queues: Sequence[InputQueue],
        tags: TagMap,
        process_timestamp_bounds: bool,
        options: MediaPipeOptions,
    ) -> None:
        super().__init__(queues, tags, process_timestamp_bounds, options)
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
                    if self._process_timestamp_bounds:
                        self._ready[index] = Timestamp.MAX
                    else:
                        became_done = True
            if self._ready[index] != Timestamp.UNSET:
                bound = min(bound, self._ready[index])
                ready = min(ready, self._ready[index])
        if bound == Timestamp.DONE:
            return Readiness.CLOSE, bound
        if ready < Timestamp.DONE:
            return Readiness.PROCESS, ready
        return (Readiness.PROCESS if became_done else Readiness.NOT_READY), bound

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packets of the streams that are ready at `timestamp`."""
        for index, (queue, stream) in enumerate(zip(self._queues, inputs, strict=True)):
            if self._ready[index] == timestamp:
                self._sets[index].fill(timestamp, inputs[index : index + 1])
                self._ready[index] = Timestamp.UNSET
                self._done[index] = self._process_timestamp_bounds and timestamp >= Timestamp.MAX
            else:
                fill_bound(queue, stream)
