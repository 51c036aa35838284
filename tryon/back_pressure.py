"""Back-pressure: full queues pause the sources upstream of them."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from tryon.errors import GraphError
from tryon.node import NodeRunner
from tryon.stream import InputQueue, OutputStreamShard, Stream


class GraphInput:
    """A graph input stream, and what holds it back."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.shard = OutputStreamShard(stream)
        self.full_queues: set[InputQueue] = set()


Source: TypeAlias = NodeRunner | GraphInput


class BackPressure:
    """Knows which queues are full. Guarded by the run's lock.

    Attributes:
        full: the queues that pause sources.

    Args:
        resume: called with a source that nothing holds back any more.
    """

    def __init__(self, resume: Callable[[Source], None]) -> None:
        self.full: set[InputQueue] = set()
        self._resume = resume

    def on_queue_change(self, queue: InputQueue, sources: Iterable[Source]) -> None:
        """A queue became full, or is no longer full: pauses or wakes the sources upstream."""
        if queue.was_full:
            self.full.add(queue)
            for source in sources:
                source.full_queues.add(queue)
            return
        self.full.discard(queue)
        for source in sources:
            source.full_queues.discard(queue)
            if not source.full_queues:
                self._resume(source)


def deadlock_error(queues: Iterable[InputQueue], causes: Iterable[str]) -> GraphError:
    """The error for full queues that nothing will ever empty."""
    names = ", ".join(sorted(queue.label for queue in queues))
    likely = "".join(f"\nLikely cause: {cause}" for cause in causes)
    return GraphError(
        f"Detected a deadlock due to input throttling for {names}. All calculators are idle while packet "
        'sources remain active and throttled. Consider adjusting "max_queue_size" or "report_deadlock".'
        f"{likely}"
    )
