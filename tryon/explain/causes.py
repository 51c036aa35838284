"""Why a run does not go on: follows what waits upstream, to what nobody else holds up."""

from collections.abc import Iterator

from tryon.explain.state import GraphState, NodeState, QueueState, Status
from tryon.timestamp import is_allowed_in_stream, previous_allowed_in_stream, timestamp_text

LONG_S = 1.0  # a call that runs this long is shown as a cause
MOST = 3  # further causes mostly repeat the first ones


def find_causes(state: GraphState) -> tuple[str, ...]:
    """The likely causes, a sentence each; none while nodes run that may yet go on."""
    running = [node for node in state.nodes if node.status is Status.RUNNING]
    stuck = [node for node in running if node.seconds >= LONG_S]
    if stuck:
        return tuple(_is_running(node) for node in stuck)[:MOST]
    if running or any(node.status is Status.READY for node in state.nodes):
        return ()
    search = _Search(state)
    return tuple(dict.fromkeys(search.causes()))[:MOST]


class _Search:
    """The way from a node that waits to what it waits for in the end."""

    def __init__(self, state: GraphState) -> None:
        self._state = state
        self._makers = {stream: node for node in state.nodes for stream in node.outputs}
        self._nodes = {node.name: node for node in state.nodes}

    def causes(self) -> Iterator[str]:
        """What each waiting node waits for in the end."""
        for node in self._state.nodes:
            for queue, timestamp in node.lagging():
                yield self._of_lag(queue, timestamp, (node,))
        for node in self._state.nodes:
            if node.status is Status.NOT_OPEN:
                yield self._of_closed(node, ())
        for queue in self._state.pollers:
            if queue.is_full:
                yield f'the poller of "{queue.stream}" is full ({queue.packets} packets): take some.'

    def _of_lag(self, queue: QueueState, timestamp: int, way: tuple[NodeState, ...]) -> str:
        """Why the stream of `queue` has not got to `timestamp`, at which packets wait for it."""
        maker = self._makers.get(queue.stream)
        waiting = f'node "{way[0].name}" has packets at {timestamp_text(timestamp)} and waits for it'
        if maker is None:
            return (
                f"{_stopped(queue)}, a graph input, and {waiting}: add packets, promise that none come with "
                "set_input_stream_timestamp_bound, or close it."
            )
        if maker in way:
            names = " -> ".join(f'"{node.name}"' for node in reversed((*way, maker)))
            return (
                f"the nodes {names} wait for each other around a cycle: one of them has to send before it "
                "receives, or to take packets as they come (ImmediateInputStreamHandler)."
            )
        if maker.status is Status.NOT_OPEN:
            return self._of_closed(maker, way)
        if maker.status is Status.PAUSED:
            return self._of_pause(maker, queue, timestamp, way)
        if maker.status is Status.CLOSED:
            return f'{_stopped(queue)}: its node "{maker.name}" is closed.'
        wanted = timestamp - (maker.offset or 0)
        for lag, at in maker.lagging():
            if at <= wanted:
                return self._of_lag(lag, at, (*way, maker))
        behind = min((q for q in maker.queues if q.oldest is None), key=lambda q: q.bound, default=None)
        if behind is not None and behind.bound <= wanted:
            return self._of_lag(behind, behind.bound if behind.back_edge else wanted, (*way, maker))
        promise = "declares no timestamp_offset" if maker.offset is None else f"has offset {maker.offset}"
        return (
            f'{_stopped(queue)}: node "{maker.name}" sent nothing at {timestamp_text(timestamp)} and '
            f'{promise}, so node "{way[-1].name}" cannot know that nothing comes. Set '
            f'contract.timestamp_offset = 0 or call set_next_timestamp_bound in "{maker.name}".'
        )

    def _of_pause(
        self, source: NodeState, queue: QueueState, timestamp: int, way: tuple[NodeState, ...]
    ) -> str:
        """A source that others wait for is held back itself."""
        full = [
            f'"{node.name}" {other.label} ({other.packets} of {other.limit})'
            for node in self._state.nodes
            for other in node.queues
            if source.name in other.holds_back
        ]
        return (
            f'source "{source.name}" is paused because {", ".join(full)} is full, while node '
            f'"{way[0].name}" needs more of "{queue.stream}" to go on: raise max_queue_size, or drop '
            "packets before the full queue."
        )

    def _of_closed(self, node: NodeState, way: tuple[NodeState, ...]) -> str:
        """Why a node is not open."""
        for side, name in node.missing:
            maker = self._nodes.get(name)
            if maker is not None and maker.status is not Status.NOT_OPEN:
                return f'node "{node.name}" is not open: node "{name}" has not set side packet "{side}" yet.'
            if maker is not None and maker not in way:
                return self._of_closed(maker, (*way, node))
        return f'node "{node.name}" is not open: nodes before it are not.'


def _is_running(node: NodeState) -> str:
    return f'node "{node.name}" has been in {node.call}.'


def _stopped(queue: QueueState) -> str:
    settled = previous_allowed_in_stream(queue.bound)
    if not is_allowed_in_stream(settled):
        return f'nothing came yet on "{queue.stream}"'
    return f'"{queue.stream}" never advanced beyond {timestamp_text(settled)}'
