"""The default input policy."""

from collections.abc import Sequence

from tryon.contract import CalculatorContract
from tryon.input_policies.batches import Batches
from tryon.input_policies.input_policies_pb2 import DefaultInputStreamHandlerOptions
from tryon.input_policies.policy import InputPolicy
from tryon.input_policies.sync_set import SingleStream, SyncSet
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap


class DefaultInputStreamHandler(InputPolicy):
    """All inputs of the node are synchronised.

    With the option `batch_size` the node runs once that many input sets are there, or the streams ended.
    """

    def __init__(
        self,
        queues: Sequence[InputQueue],
        tags: TagMap,
        process_timestamp_bounds: bool,
        options: MediaPipeOptions,
    ) -> None:
        super().__init__(queues, tags, process_timestamp_bounds, options)
        streams: SingleStream | SyncSet
        if len(queues) == 1 and not process_timestamp_bounds:
            streams = SingleStream(queues[0])
        else:
            streams = SyncSet(queues, process_timestamp_bounds)
        batch_size = options.Extensions[DefaultInputStreamHandlerOptions.ext].batch_size
        source = Batches(streams, [entry.name for entry in tags], batch_size) if batch_size > 1 else streams
        self.readiness = source.readiness
        self.fill = source.fill

    @classmethod
    def check(cls, contract: CalculatorContract, options: MediaPipeOptions) -> list[str]:
        """A batch holds at least one input set, and batches run one after the other."""
        batch_size = options.Extensions[DefaultInputStreamHandlerOptions.ext].batch_size
        if batch_size < 1:
            return [f"Batch size has to be greater than or equal to 1, batch_size is {batch_size}."]
        if batch_size > 1 and contract.node.max_in_flight > 1:
            return [
                "Batching cannot be combined with parallel execution: batch_size is "
                f"{batch_size} and max_in_flight {contract.node.max_in_flight}."
            ]
        return []
