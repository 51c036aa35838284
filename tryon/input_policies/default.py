"""The default input policy."""

from collections.abc import Sequence

from tryon.input_policies.sync_set import SingleStream, SyncSet
from tryon.stream import InputQueue


class DefaultInputStreamHandler:
    """All inputs of the node are synchronised."""

    batch_size = 1

    def __init__(self, queues: Sequence[InputQueue], process_timestamp_bounds: bool) -> None:
        streams: SingleStream | SyncSet
        if len(queues) == 1 and not process_timestamp_bounds:
            streams = SingleStream(queues[0])
        else:
            streams = SyncSet(queues, process_timestamp_bounds)
        self.readiness = streams.readiness
        self.fill = streams.fill
