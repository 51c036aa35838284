"""What the input policies have in common."""

from collections.abc import Callable, Sequence

from tryon.calculator import InputStream
from tryon.contract import CalculatorContract
from tryon.errors import GraphError
from tryon.input_policies.sync_set import Readiness
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap, parse_tag_index


class InputPolicy:
    """Says when a node is ready and which packets it then sees together.

    One object a node and run, called under the run's lock.

    Attributes:
        readiness: what the node can do next, and at which timestamp; where it is not ready, the
            timestamp before which nothing can come any more.
        fill: right after `readiness` said PROCESS: moves the packets of that timestamp from the
            queues into the node's inputs.
        is_synchronised: True when the node never runs on one stream before the others settled; False
            where it matters in which order the streams of one timestamp change.

    Args:
        queues: the node's input queues, in the order of `tags`.
        tags: the node's input streams.
        process_timestamp_bounds: the node also runs where its inputs settled without a packet.
        options: of the node's (or the graph's) input_stream_handler.
    """

    readiness: Callable[[], tuple[Readiness, int]]
    fill: Callable[[int, Sequence[InputStream]], None]
    is_synchronised = True

    def __init__(
        self,
        queues: Sequence[InputQueue],
        tags: TagMap,
        process_timestamp_bounds: bool,
        options: MediaPipeOptions,
    ) -> None:
        self._queues = queues

    @classmethod
    def check(cls, contract: CalculatorContract, options: MediaPipeOptions) -> list[str]:
        """What is wrong with the options for a node with this contract, a sentence each."""
        return []


def stream_problem(tags: TagMap, tag_index: str) -> str:
    """What is wrong with a stream that an option names by "TAG:index", "" where it is there."""
    try:
        tags.position(parse_tag_index(tag_index))
    except GraphError as error:
        return f'Input stream with tag_index "{tag_index}" is not found: {error}.'
    return ""
