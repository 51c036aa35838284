"""The dispatcher: moves packets and bounds between the nodes and finds out which can be called next."""

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heappush

from tryon.back_pressure import BackPressure, GraphInput, Source, deadlock_error
from tryon.errors import GraphError
from tryon.executor import Executors
from tryon.input_policies.sync_set import CLOSE, PROCESS_NEXT, Readiness
from tryon.node import CLOSE_STEP, OPEN, OPEN_STEP, PROCESS, Invocation, NodeRunner, State, Step
from tryon.observers import Observers
from tryon.profile import CHUNK
from tryon.stream import Stream
from tryon.timestamp import Timestamp, is_range_value


class Dispatcher:
    """Turns what calls sent into the next calls, until all nodes are closed or one fails; under the lock.

    Attributes:
        errors: what went wrong, in the order it happened.
        nodes: in topological order.
        back_pressure: which queues are full.

    Args:
        executors: where the calls are made.
        observers: who is told what passes.
        report_deadlock: a deadlock by full queues is an error; else the queues grow.
        find_causes: says why the run does not go on.
    """

    def __init__(
        self,
        executors: Executors,
        observers: Observers,
        report_deadlock: bool,
        find_causes: Callable[[], Iterable[str]],
    ) -> None:
        self.errors: list[GraphError] = []
        self.nodes: list[NodeRunner] = []
        self.back_pressure = BackPressure(self._resume)
        self._executors = executors
        self._observers = observers
        self._report_deadlock = report_deadlock
        self._find_causes = find_causes
        self._inputs: list[GraphInput] = []
        self._sources: list[NodeRunner] = []
        self._layer = 0  # of the sources that may run
        self._consumers: dict[NodeRunner, list[NodeRunner]] = {}
        self._open_nodes = 0
        self._active = 0  # calls that are scheduled or under way
        self._dirty: deque[NodeRunner] = deque()  # nodes for which something changed

    @property
    def is_idle(self) -> bool:
        """True when no call is scheduled or under way, and no observer is told anything."""
        return not self._active and not self._observers.busy

    @property
    def is_used_up(self) -> bool:
        """True when all nodes are closed, or nothing feeds those that are open."""
        return not self._open_nodes or (
            all(graph_input.shard.is_closed for graph_input in self._inputs)
            and all(node.state is State.CLOSED for node in self._sources)
        )

    def add_node(self, node: NodeRunner, executor: str) -> None:
        """Adds a node, in topological order."""
        self.nodes.append(node)
        if node.is_source:
            self._sources.append(node)
        node.ready = self._executors.by_name[executor].ready
        self._open_nodes += 1

    def add_input(self, graph_input: GraphInput) -> None:
        """Adds a graph input stream."""
        self._inputs.append(graph_input)

    def open_after(self, first: NodeRunner, then: NodeRunner) -> None:
        """`then` opens after `first`."""
        self._consumers.setdefault(first, []).append(then)
        then.needs += 1

    def open_nodes(self) -> None:
        """Schedules the nodes that can open."""
        self._layer = min((node.layer for node in self._sources), default=0)
        for node in self.nodes:
            if not node.needs:
                self._push(node, OPEN_STEP)

    def publish(self, graph_input: GraphInput) -> None:
        """Commits what the caller put into a graph input stream.

        Raises:
            GraphError: a packet's timestamp is smaller than what was promised before; ends the run.
        """
        try:
            changed = graph_input.shard.commit(Timestamp.UNSET)
        except GraphError as error:
            self.fail(error)
            raise
        if graph_input.shard.commit_end() or changed:
            self._touch(graph_input.stream)
            self.go_on()

    def close_sources(self) -> None:
        """Asks every source to close; what it already sent is processed.

        A source that has not run yet runs once, so that side packets and headers reach their streams
        however early the call comes.
        """
        for node in self._sources:
            if node.state is not State.CLOSED:
                node.stopping = True
                self._mark(node)
        self._propagate()

    def go_on(self) -> None:
        """Schedules what can be called after something changed from outside, and tells the observers."""
        self._propagate()
        if self._observers.busy:
            self._observers.tell(self.fail)
            if self.is_idle:
                self._executors.callers.wake_all()

    def after(self, call: Invocation, error: GraphError | None) -> None:
        """Publishes what a call sent, in the order of timestamps, and finds out what comes next."""
        node = call.node
        in_flight = node.in_flight
        call.is_finished = True
        if error is not None:
            for shard in call.outputs:
                shard.added = []
            if call.step is CLOSE_STEP:
                node.state = State.CLOSED
            node.failed = True
            self.fail(error)
        while in_flight and in_flight[0].is_finished:
            first = in_flight[0]
            if not node.failed:
                error = self._commit(first)
                if error is not None:
                    self.fail(error)
            in_flight.popleft()
            node.idle.append(first)
            self._active -= 1
        if not self.errors:
            if node.has_more(call):
                self._mark(node)
            if self._dirty:
                self._propagate()
        if self._observers.busy:
            self._observers.tell(self.fail)
        if not self._active:
            self._rest()

    def _rest(self) -> None:
        """No call is left: wakes the callers, unless there is a way to go on."""
        while self.is_idle:
            if not self.handle_idle():
                self._executors.callers.wake_all()
                return
            self._observers.tell(self.fail)

    def handle_idle(self, pollers: bool = False) -> bool:
        """When nothing can run: starts the next layer of sources, else lets full queues grow.

        Args:
            pollers: also queues of pollers, as the application waits for something else.

        Returns:
            True when something changed.
        """
        if self.errors:
            return False
        if self._sources and self._start_next_layer():
            return True
        return bool(self.back_pressure.full) and self._grow_full_queues(pollers)

    def fail(self, error: GraphError) -> None:
        """Ends the run with an error."""
        self.errors.append(error)
        for call in self._executors.clear():
            call.node.in_flight.remove(call)
            call.node.idle.append(call)
            self._active -= 1
        self._dirty.clear()
        self._executors.callers.wake_all()

    def _start_next_layer(self) -> bool:
        later = [node for node in self._sources if node.state is not State.CLOSED]
        layer = min((node.layer for node in later), default=self._layer)
        if layer <= self._layer:
            return False
        self._layer = layer
        for node in later:
            self._mark(node)
        self._propagate()
        return True

    def _grow_full_queues(self, pollers: bool) -> bool:
        sources: list[Source] = [node for node in self._sources if node.state is OPEN]
        sources += [source for source in self._inputs if not source.shard.is_closed]
        full = {queue for source in sources for queue in source.full_queues if pollers or queue.node}
        if not full:
            return False
        if self._report_deadlock:
            self.fail(deadlock_error(full, self._find_causes()))
            return True
        for queue in full:
            queue.grow()
        self._propagate()
        return True

    def _resume(self, source: Source) -> None:
        if isinstance(source, NodeRunner):
            self._mark(source)
        else:
            self._executors.callers.wake_all()

    def _commit(self, call: Invocation) -> GraphError | None:
        """Publishes what a call sent and moves the node on in its life.

        Readers that do not synchronise their inputs act on one stream before the next one changes, and on
        the packets before the end, as in MediaPipe.
        """
        node, step = call.node, call.step
        if step is CLOSE_STEP:
            for shard in call.outputs:
                shard.close()
        bound = call.commit_bound()
        try:
            for shard in call.outputs:
                if shard.commit(bound):
                    self._touch(shard.stream)
                if shard.was_closed or node.one_by_one:
                    self._propagate()
                    if shard.commit_end():
                        self._touch(shard.stream)
        except GraphError as error:
            failure = GraphError(f'{error} (sent by node "{node.name}")')
            failure.__cause__ = error
            return failure
        if node.undelivered:
            undelivered = self._deliver(call)
            if undelivered is not None:
                return undelivered
        if step is PROCESS:
            if len(node.timer.durations) >= CHUNK:
                node.timer.fold()
        elif step is OPEN_STEP:
            node.state = OPEN
            for consumer in self._consumers.get(node, ()):
                self._supply(consumer)
        else:
            node.state = State.CLOSED
            self._open_nodes -= 1
            for queue in node.queues:
                queue.detach()
        return None

    def _supply(self, node: NodeRunner) -> None:
        """One thing less that the node's open waits for."""
        node.needs -= 1
        if not node.needs and not self.errors:
            self._push(node, OPEN_STEP)

    def _deliver(self, call: Invocation) -> GraphError | None:
        """Gives side packets that were just set to the nodes that wait for them."""
        node = call.node
        for side in list(node.undelivered):
            if side.packet.is_empty:
                if call.step is not CLOSE_STEP or not side.consumers:
                    continue
                return GraphError(
                    f'Node "{node.name}" ended without setting output side packet "{side.name}".'
                )
            node.undelivered.remove(side)
            for consumer, position in side.consumers:
                consumer.input_side_packets[position].packet = side.packet
                self._supply(consumer)
        return None

    def _touch(self, stream: Stream) -> None:
        """A stream changed: its readers have to be looked at."""
        for node in stream.consumers:
            if not node.dirty:
                node.dirty = True
                self._dirty.append(node)
        if stream.observers:
            self._observers.notice(stream)
        if stream.is_polled:
            self._executors.callers.wake_all()

    def _mark(self, node: NodeRunner) -> None:
        if not node.dirty:
            node.dirty = True
            self._dirty.append(node)

    def _propagate(self) -> None:
        """Looks at the nodes for which something changed."""
        dirty = self._dirty
        while dirty:
            node = dirty.popleft()
            node.dirty = False
            if node.state is not OPEN or self.errors:
                continue
            if node.is_source or node.stopping:
                self._call_or_close(node)
                continue
            policy = node.policy
            while node.idle:
                readiness, timestamp = policy.readiness()
                if readiness is not PROCESS_NEXT:
                    if not node.in_flight:
                        self._settle(node, readiness, timestamp)
                    break
                call = node.idle[-1]
                policy.fill(timestamp, call.inputs)
                call.context.input_timestamp = timestamp
                self._push(node, PROCESS)

    def _call_or_close(self, node: NodeRunner) -> None:
        """Schedules the next call of a source, or the last one of a node that stops."""
        if node.in_flight:
            return
        if node.stopping and (not node.is_source or node.timer.calls):
            self._push(node, CLOSE_STEP)
        elif not node.full_queues and (node.layer <= self._layer or node.stopping):
            self._push(node, PROCESS)

    def _settle(self, node: NodeRunner, readiness: Readiness, timestamp: int) -> None:
        """Nothing to process: closes the node, or passes on what its inputs promise."""
        if readiness is CLOSE:
            self._push(node, CLOSE_STEP)
        elif node.offset is not None and is_range_value(timestamp):
            bound = node.output_bound(timestamp)
            for shard in node.idle[-1].outputs:
                if shard.stream.commit([], bound):
                    self._touch(shard.stream)

    def _push(self, node: NodeRunner, step: Step) -> None:
        call = node.idle.pop()
        call.step = step
        call.is_finished = False
        node.in_flight.append(call)
        self._active += 1
        heappush(node.ready, (node.priority if node.priority else node.source_priority(), call))
