"""The input policy for nodes that end with the first of their streams."""

from collections.abc import Sequence

from tryon.input_policies.policy import InputPolicy
from tryon.input_policies.sync_set import Readiness, SyncSet
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap
from tryon.timestamp import Timestamp


class EarlyCloseInputStreamHandler(InputPolicy):
    """All inputs are synchronised; the node ends as soon as one stream is done and used up."""

    def __init__(
        self,
        queues: Sequence[InputQueue],
        tags: TagMap,
        process_timestamp_bounds: bool,
        options: MediaPipeOptions,
    ) -> None:
        super().__init__(queues, tags, process_timestamp_bounds, options)
        self._set = SyncSet(queues, process_timestamp_bounds)
        self.fill = self._set.fill

    def readiness(self) -> tuple[Readiness, int]:
        """That of the synchronised streams, unless one of them is done."""
        if any(not queue.packets and queue.stream.bound == Timestamp.DONE for queue in self._queues):
            return Readiness.CLOSE, Timestamp.DONE
        return self._set.readiness()
