"""What a run is doing at one moment, and how that reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from tryon.timestamp import Timestamp, is_allowed_in_stream, previous_allowed_in_stream, timestamp_text

IDLE = (
    "all that was added is processed: the run waits for packets on the open graph inputs, or for their end "
    "(close_input_stream, close_all_packet_sources)"
)


class Status(Enum):
    """What a node is doing; the values head the parts of the text, in their order."""

    RUNNING = "running"
    READY = "ready, no thread is free"
    WAITING = "waiting with packets"
    PAUSED = "paused sources"
    NOT_OPEN = "not open yet"
    IDLE = "idle"
    CLOSED = "closed"


@dataclass(frozen=True)
class QueueState:
    """What waits before one input of a node, or before a poller.

    Attributes:
        label: "TAG:stream".
        stream: the stream's name.
        packets: how many wait.
        oldest: the timestamp of the first; None without one.
        bound: the stream's: no packet comes before it any more.
        limit: how many may wait before sources pause; -1 for any number.
        is_full: as many wait as may.
        back_edge: the stream closes a cycle.
        holds_back: the sources and graph inputs that pause because of it.
    """

    label: str
    stream: str
    packets: int
    oldest: int | None
    bound: int
    limit: int
    is_full: bool
    back_edge: bool
    holds_back: tuple[str, ...]


@dataclass(frozen=True)
class NodeState:
    """One node.

    Attributes:
        name: the node's.
        status: what it is doing.
        step: the call that is under way or comes next: "Open", "Process" or "Close".
        timestamp: of that call.
        seconds: how long the call has been running.
        place: the thread and the line of Python where it runs.
        queues: its inputs.
        groups: positions of the inputs, those together that wait for each other.
        is_barrier: its policy wants a packet on every input, whatever their timestamps.
        outputs: the streams that it sends.
        offset: its timestamp offset; None when it promises nothing.
        missing: the input side packets that are not there yet, with the node that makes each.
        is_source: it has no inputs.
    """

    name: str
    status: Status
    step: str
    timestamp: int
    seconds: float
    place: str
    queues: tuple[QueueState, ...]
    groups: tuple[tuple[int, ...], ...]
    is_barrier: bool
    outputs: tuple[str, ...]
    offset: int | None
    missing: tuple[tuple[str, str], ...]
    is_source: bool

    @property
    def call(self) -> str:
        """The call that is under way."""
        has_time = self.step == "Process" and is_allowed_in_stream(self.timestamp)
        at = f" at {timestamp_text(self.timestamp)}" if has_time else ""
        return f"{self.step}{at} for {duration_text(self.seconds)}, {self.place}"

    def lagging(self) -> Iterator[tuple[QueueState, int]]:
        """The inputs that others wait for, each with the timestamp at which packets wait for it."""
        for group in self.groups:
            queues = [self.queues[position] for position in group]
            oldest = min((queue.oldest for queue in queues if queue.oldest is not None), default=None)
            if oldest is not None:
                for queue in queues:
                    if queue.oldest is None and (self.is_barrier or queue.bound <= oldest):
                        yield queue, oldest


@dataclass(frozen=True)
class GraphState:
    """A run at one moment; `str` puts it into words.

    Attributes:
        nodes: in the order of the graph.
        inputs: the graph input streams that are open, with their bounds.
        pollers: what waits for the application.
        errors: what went wrong, a message each.
        causes: why the run does not go on, a sentence each; empty while it goes on.
    """

    nodes: tuple[NodeState, ...]
    inputs: dict[str, int]
    pollers: tuple[QueueState, ...]
    errors: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"failed: {error}" for error in self.errors]
        lines += [f"likely cause: {cause}" for cause in self.causes]
        if self.inputs and all(node.status in (Status.IDLE, Status.CLOSED) for node in self.nodes):
            lines.append(IDLE)
        for status in Status:
            nodes = [node for node in self.nodes if node.status is status]
            if status in (Status.IDLE, Status.CLOSED) and nodes:
                lines.append(f"{status.value}: {', '.join(node.name for node in nodes)}")
            else:
                lines += _part(status.value, ((node.name, _does(node)) for node in nodes))
        queues = [(node.name, queue) for node in self.nodes for queue in node.queues]
        queues += [("poller", queue) for queue in self.pollers]
        full = [(f"{name} {queue.label}", queue) for name, queue in queues if queue.is_full]
        lines += _part("full queues", ((name, _full_text(queue)) for name, queue in full))
        inputs = ((name, settled_text(bound)) for name, bound in self.inputs.items())
        lines += _part("open graph inputs", inputs)
        return "\n".join(lines)


def _part(title: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    rows = list(rows)
    width = max((len(name) for name, _ in rows), default=0)
    return [f"{title}:", *(f"  {name:{width}}  {text}" for name, text in rows)] if rows else []


def _does(node: NodeState) -> str:
    if node.status is Status.RUNNING:
        waiting = sum(queue.packets for queue in node.queues)
        return f"in {node.call}" + (f"; {waiting} packets wait" if waiting else "")
    if node.status is Status.READY:
        return f"to {node.step}"
    if node.status is Status.PAUSED:
        return "until the full queues have room"
    if node.status is Status.NOT_OPEN:
        sides = [f'side packet "{name}" of node "{maker}"' for name, maker in node.missing]
        return f"waits for {', '.join(sides) or 'nodes before it to open'}"
    has = [
        f"{q.packets} at {q.label} from {timestamp_text(q.oldest)}"
        for q in node.queues
        if q.oldest is not None
    ]
    lacks = [f"{queue.label} ({settled_text(queue.bound)})" for queue, _ in node.lagging()]
    return f"has {', '.join(has)}; waits for {', '.join(lacks) or 'its input policy'}"


def _full_text(queue: QueueState) -> str:
    held = f", holds back {', '.join(queue.holds_back)}" if queue.holds_back else ""
    return f"{queue.packets} of {queue.limit}{held}"


def settled_text(bound: int) -> str:
    """How far a stream is, from its bound."""
    if bound == Timestamp.DONE:
        return "ended"
    settled = previous_allowed_in_stream(bound)
    return f"settled to {timestamp_text(settled)}" if is_allowed_in_stream(settled) else "nothing yet"


def duration_text(seconds: float) -> str:
    """A duration, as exact as one wants to read it."""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
