"""The input policy for streams that are synchronised in groups."""

from collections.abc import Sequence

from tryon.calculator import InputStream
from tryon.contract import CalculatorContract
from tryon.input_policies.input_policies_pb2 import SyncSetInputStreamHandlerOptions
from tryon.input_policies.policy import InputPolicy, stream_problem
from tryon.input_policies.sync_set import Readiness, SyncSet, fill_bound
from tryon.proto.options_pb2 import MediaPipeOptions
from tryon.stream import InputQueue
from tryon.tag_map import TagMap, parse_tag_index
from tryon.timestamp import Timestamp


class SyncSetInputStreamHandler(InputPolicy):
    """The streams of one set are synchronised with each other, the sets run apart.

    `process` is called for one set at a time, the one with the smallest timestamp first; the other
    sets' streams are then empty. Streams that no set names form one more set.
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
        named = [
            [tags.position(parse_tag_index(text)) for text in sync_set.tag_index]
            for sync_set in options.Extensions[SyncSetInputStreamHandlerOptions.ext].sync_set
        ]
        rest = [index for index in range(len(queues)) if not any(index in positions for positions in named)]
        self._positions = [*named, rest] if rest else named
        self._sets = [
            SyncSet([queues[index] for index in positions], process_timestamp_bounds)
            for positions in self._positions
        ]
        self._ready = [Timestamp.UNSET] * len(self._sets)

    @classmethod
    def check(cls, contract: CalculatorContract, options: MediaPipeOptions) -> list[str]:
        """A set names streams of the node, and no stream is in two sets."""
        problems = []
        seen: set[tuple[str, int]] = set()
        for sync_set in options.Extensions[SyncSetInputStreamHandlerOptions.ext].sync_set:
            if not sync_set.tag_index:
                problems.append("A sync_set names no input stream; give it at least one tag_index.")
            for text in sync_set.tag_index:
                key = parse_tag_index(text)
                if problem := stream_problem(contract.inputs.tags, text):
                    problems.append(problem)
                elif key in seen:
                    problems.append(f'Input stream with tag_index "{text}" is in more than one sync set.')
                seen.add(key)
        return problems

    def readiness(self) -> tuple[Readiness, int]:
        """Ready at the smallest timestamp at which any set is; closed when all are done."""
        ready = bound = Timestamp.DONE
        for index, sync_set in enumerate(self._sets):
            if self._ready[index] == Timestamp.UNSET:
                state, timestamp = sync_set.readiness()
                bound = min(bound, timestamp)
                if state is not Readiness.PROCESS:
                    continue
                self._ready[index] = timestamp
            ready = min(ready, self._ready[index])
        if ready < Timestamp.DONE:
            return Readiness.PROCESS, ready
        return (Readiness.CLOSE if bound == Timestamp.DONE else Readiness.NOT_READY), bound

    def fill(self, timestamp: int, inputs: Sequence[InputStream]) -> None:
        """Moves the packets of the first set that is ready at `timestamp`."""
        chosen = self._ready.index(timestamp)
        self._ready[chosen] = Timestamp.UNSET
        for index, positions in enumerate(self._positions):
            if index == chosen:
                self._sets[index].fill(timestamp, [inputs[position] for position in positions])
            else:
                for position in positions:
                    fill_bound(self._queues[position], inputs[position])
