"""The default input policy."""

from collections.abc import Sequence

from tryon.input_policies.sync_set import SyncSet
from tryon.stream import InputQueue


class DefaultInputStreamHandler:
    """All inputs of the node are synchronised."""

    def __init__(self, queues: Sequence[InputQueue], process_timestamp_bounds: bool) -> None:
        self._set = SyncSet(queues, process_timestamp_bounds)
        self.readiness = self._set.readiness
        self.fill = self._set.fill
