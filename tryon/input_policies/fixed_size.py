"""The input policy that drops packets when a node cannot keep up."""

from collections.abc import Sequence

from tryon.calculator import InputStream
from tryon.input_policies.input_policies_pb2 import FixedSizeInputStreamHandlerOptions
from tryon.input_policies.policy import InputPolicy
from tryon.input_policies.sync_set import Readiness, SyncSet
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap
from tryon.timestamp import Timestamp, is_range_value, next_allowed_in_stream


class FixedSizeInputStreamHandler(InputPolicy):
    """All inputs are synchronised; old packets are dropped when they wait in too large a number.

    When a queue has `trigger_queue_size` packets it is cut to the `target_queue_size` newest, and the
    other queues to the same timestamp. What the streams promised by their bounds stays promised.
    """

    def __init__(
        self,
        queues: Sequence[InputQueue],
        tags: TagMap,
        process_timestamp_bounds: bool,
        options: MediaPipeOptions,
    ) -> None:
        super().__init__(queues, tags, process_timestamp_bounds, options)
        self._set = SyncSet(queues, process_timestamp_bounds)
        given = options.Extensions[FixedSizeInputStreamHandlerOptions.ext]
        self._trigger = max(given.trigger_queue_size, 1)
        self._target = max(given.target_queue_size, 0)
        self._drop = self._drop_from_all if given.fixed_min_size else self._drop_from_any
        self._kept = Timestamp.UNSET
        for queue in queues:
            queue.on_push = self._drop

    def readiness(self) -> tuple[Readiness, int]:
        """That of the synchronised streams, timestamps at which something was dropped left out."""
        self._drop()
        state, timestamp = self._set.readiness()
        while state is Readiness.PROCESS and timestamp < self._kept:
            state, timestamp = self._set.readiness()
        return state, timestamp

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packets at `timestamp`."""
        self._kept = min(self._kept, self._newest_common_timestamp())
        self._set.fill(timestamp, inputs)

    def _drop_from_any(self) -> None:
        for queue in self._queues:
            size = len(queue.packets)
            keep = self._target if size >= self._trigger else self._trigger - 1
            if size > keep:
                last_dropped = queue.packets[size - keep - 1].timestamp
                self._kept = max(self._kept, next_allowed_in_stream(last_dropped))
        for queue in self._queues:
            queue.drop_before(self._kept)

    def _drop_from_all(self) -> None:
        sizes = [len(queue.packets) for queue in self._queues]
        if min(sizes) < self._trigger:
            return
        kept = [
            queue.packets[-min(self._target, size)] for queue, size in zip(self._queues, sizes, strict=True)
        ]
        first = min(packet.timestamp for packet in kept)
        for queue in self._queues:
            queue.drop_before(first)

    def _newest_common_timestamp(self) -> int:
        """The newest timestamp that every stream has reached: nothing is dropped beyond it."""
        bound = min(
            next_allowed_in_stream(queue.packets[-1].timestamp) if queue.packets else queue.stream.bound
            for queue in self._queues
        )
        return bound - 1 if is_range_value(bound) else bound
