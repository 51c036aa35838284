"""The input policy for streams with clocks of their own."""

from collections.abc import Sequence

from tryon.calculator import InputStream
from tryon.contract import CalculatorContract
from tryon.input_policies.input_policies_pb2 import TimestampAlignInputStreamHandlerOptions
from tryon.input_policies.policy import InputPolicy, stream_problem
from tryon.input_policies.sync_set import Readiness
from tryon.packet import empty_packet
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap, parse_tag_index
from tryon.timestamp import Timestamp, is_range_value


class TimestampAlignInputStreamHandler(InputPolicy):
    """All inputs are synchronised after their timestamps are shifted to those of the base stream.

    The shift of a stream is what brings its first waiting packet to that of the base stream. Until
    every stream has sent one, the base stream's packets are processed alone.
    """

    def __init__(
        self,
        queues: Sequence[InputQueue],
        tags: TagMap,
        process_timestamp_bounds: bool,
        options: MediaPipeOptions,
    ) -> None:
        super().__init__(queues, tags, process_timestamp_bounds, options)
        base = options.Extensions[TimestampAlignInputStreamHandlerOptions.ext].timestamp_base_tag_index
        self._base = queues[tags.position(parse_tag_index(base))]
        self._offsets: list[int] = []

    @classmethod
    def check(cls, contract: CalculatorContract, options: MediaPipeOptions) -> list[str]:
        """The base stream is one of the node's."""
        base = options.Extensions[TimestampAlignInputStreamHandlerOptions.ext].timestamp_base_tag_index
        problem = stream_problem(contract.inputs.tags, base)
        return [f"timestamp_base_tag_index: {problem}"] if problem else []

    def readiness(self) -> tuple[Readiness, int]:
        """That of the shifted streams; that of the base stream while a shift is not known."""
        if not self._offsets:
            if not self._base.packets:
                bound = self._base.stream.bound
                return (Readiness.CLOSE if bound == Timestamp.DONE else Readiness.NOT_READY), bound
            first = self._base.packets[0].timestamp
            if all(queue.packets for queue in self._queues):
                self._offsets = [first - queue.packets[0].timestamp for queue in self._queues]
            return Readiness.PROCESS, first
        packet = bound = Timestamp.DONE
        for queue, offset in zip(self._queues, self._offsets, strict=True):
            if queue.packets:
                packet = min(packet, _shifted(queue.packets[0].timestamp, offset))
            else:
                bound = min(bound, _shifted(queue.stream.bound, offset))
        if packet < bound:
            return Readiness.PROCESS, packet
        return (Readiness.CLOSE if bound == Timestamp.DONE else Readiness.NOT_READY), bound

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packets that stand at `timestamp` after the shift, with that timestamp."""
        offsets = self._offsets or [0] * len(self._queues)
        for queue, stream, offset in zip(self._queues, inputs, offsets, strict=True):
            packets = queue.packets
            takes_part = bool(self._offsets) or queue is self._base
            if takes_part and packets and _shifted(packets[0].timestamp, offset) == timestamp:
                stream.packet = queue.pop().at(timestamp)
            else:
                stream.packet = empty_packet(timestamp)
            stream.is_done = not packets and queue.stream.bound == Timestamp.DONE


def _shifted(timestamp: int, offset: int) -> int:
    if not is_range_value(timestamp):
        return timestamp
    return max(Timestamp.MIN, min(timestamp + offset, Timestamp.MAX))
