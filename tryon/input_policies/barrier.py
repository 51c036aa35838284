"""The input policy for streams whose timestamps mean nothing to each other."""

from collections.abc import Sequence

from tryon.calculator import InputStream
from tryon.input_policies.policy import InputPolicy
from tryon.input_policies.sync_set import Readiness
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap
from tryon.timestamp import Timestamp


class BarrierInputStreamHandler(InputPolicy):
    """The node runs when every stream has a packet, whatever the timestamps; they need not increase.

    It runs at the smallest timestamp of the packets and ends when one of the streams is used up.
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
        for queue in queues:
            queue.in_order = False

    def readiness(self) -> tuple[Readiness, int]:
        """Ready when every queue has a packet."""
        smallest = Timestamp.DONE
        waits = False
        for queue in self._queues:
            if queue.packets:
                smallest = min(smallest, queue.packets[0].timestamp)
            elif queue.stream.bound == Timestamp.DONE:
                return Readiness.CLOSE, Timestamp.DONE
            else:
                smallest = min(smallest, queue.stream.bound)
                waits = True
        return (Readiness.NOT_READY if waits else Readiness.PROCESS), smallest

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the oldest packet of every queue, with its own timestamp."""
        for queue, stream in zip(self._queues, inputs, strict=True):
            stream.packet = queue.pop()
            stream.is_done = not queue.packets and queue.stream.bound == Timestamp.DONE
