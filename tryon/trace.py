"""What a run did, call by call, for a look at it in Perfetto (ui.perfetto.dev) or chrome://tracing."""

from collections import deque
from typing import Final, NamedTuple

from tryon.timestamp import timestamp_text

CAPACITY: Final = 200_000  # calls: some 100 MB in memory, and as large a file as Perfetto opens with ease

StreamTimestamps = tuple[tuple[str, int], ...]


class Call(NamedTuple):
    """One call of a calculator.

    Attributes:
        node: the node's name.
        step: "Open", "Process" or "Close".
        timestamp: the input timestamp; Unstarted for a source and in `open`, Done in `close`.
        start_ns, end_ns: from `time.perf_counter_ns`.
        thread: the thread's name.
        inputs, outputs: (stream, timestamp) of each packet that the call received and sent.
    """

    node: str
    step: str
    timestamp: int
    start_ns: int
    end_ns: int
    thread: str
    inputs: StreamTimestamps
    outputs: StreamTimestamps

    @property
    def title(self) -> str:
        """What tells the call from the node's others: its timestamp, or its step."""
        if self.step != "Process":
            return self.step
        if self.inputs or not self.outputs:
            return timestamp_text(self.timestamp)
        return timestamp_text(self.outputs[0][1])  # a source's input timestamp says nothing


class AddedPacket(NamedTuple):
    """A packet that the application added to a graph input stream, and when."""

    stream: str
    timestamp: int
    time_ns: int


class Trace:
    """The last calls of one run: given to `CalculatorGraph.start_run`, written by `write_trace`.

    Any thread may record at any time, as appending to a deque needs no lock.

    Args:
        capacity: how many calls are kept, and how many packets that the application added.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._calls: deque[Call] = deque(maxlen=capacity)
        self._added: deque[AddedPacket] = deque(maxlen=capacity)
        self.record = self._calls.append

    @property
    def calls(self) -> list[Call]:
        """The calls that are kept, in the order in which they ended."""
        return list(self._calls)

    @property
    def added_packets(self) -> list[AddedPacket]:
        """The packets that the application added and that are kept, in order."""
        return list(self._added)

    def added(self, stream: str, timestamp: int, time_ns: int) -> None:
        """Notes a packet that the application added to a graph input stream."""
        self._added.append(AddedPacket(stream, timestamp, time_ns))
