"""The input policy for nodes that read one of several streams, chosen by a control stream."""

from collections.abc import Sequence

from tryon.calculator import InputStream
from tryon.contract import CalculatorContract
from tryon.input_policies.policy import InputPolicy
from tryon.input_policies.sync_set import Readiness, fill_bound
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap
from tryon.timestamp import Timestamp, next_allowed_in_stream


class MuxInputStreamHandler(InputPolicy):
    """The node runs at the packets of the control stream and waits only for the stream each selects.

    The control stream is the last one by tag, then index; its packets hold the number of a data
    stream in the same order. What the other data streams have up to then is dropped. The node ends
    with the control stream. A number that selects no stream waits for none: the calculator sees it.
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
        by_tag = sorted(tags, key=lambda entry: (entry.tag, entry.index))
        *self._data, self._control = [queues[tags.position((entry.tag, entry.index))] for entry in by_tag]

    @classmethod
    def check(cls, contract: CalculatorContract, options: MediaPipeOptions) -> list[str]:
        """There are a data stream and the control stream."""
        if len(contract.inputs) > 1:
            return []
        return ["It needs data streams and a control stream, but there is only one input stream."]

    def readiness(self) -> tuple[Readiness, int]:
        """Ready when the control packet is there and the stream it selects is settled at its time."""
        if not self._control.packets:
            bound = self._control.stream.bound
            self._drop_before(bound)
            return (Readiness.CLOSE if bound == Timestamp.DONE else Readiness.NOT_READY), bound
        timestamp = self._control.packets[0].timestamp
        self._drop_before(timestamp)
        data = self._selected()
        waits = data is not None and not data.packets and data.stream.bound <= timestamp
        return (Readiness.NOT_READY if waits else Readiness.PROCESS), timestamp

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the control packet and that of the selected stream."""
        taken = (self._control, self._selected())
        for queue, stream in zip(self._queues, inputs, strict=True):
            packets = queue.packets
            if queue in taken and packets and packets[0].timestamp == timestamp:
                stream.packet = queue.pop()
                stream.is_done = not packets and queue.stream.bound == Timestamp.DONE
            else:
                fill_bound(queue, stream)
        self._drop_before(next_allowed_in_stream(timestamp))

    def _selected(self) -> InputQueue | None:
        number = self._control.packets[0].value
        return self._data[number] if isinstance(number, int) and 0 <= number < len(self._data) else None

    def _drop_before(self, timestamp: int) -> None:
        for queue in self._data:
            queue.drop_before(timestamp)
