"""The scheduler: decides which node runs when, and moves packets and bounds between them.

One lock guards the state of a run. A worker takes it once a step: it publishes what the calculator
sent, finds the nodes that became ready, and takes the next one. The calculators' own code runs
without it.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable

from tryon.errors import GraphError
from tryon.executor import Executor
from tryon.input_policies.sync_set import Readiness
from tryon.node import NodeRunner, State, Step
from tryon.side_packet import SidePacketOutput
from tryon.stream import InputQueue, Observer, Stream
from tryon.timestamp import Timestamp


class GraphInput:
    """A graph input stream, and what holds it back."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.full_queues: set[InputQueue] = set()


class Scheduler:
    """Runs the nodes of one graph until all are closed or one fails.

    Attributes:
        lock: guards everything of the run.
        errors: what went wrong, in the order it happened.

    Args:
        find_causes: says, under the lock, why the run does not go on.
    """

    def __init__(
        self,
        lock: threading.Lock,
        executors: dict[str, Executor],
        report_deadlock: bool,
        find_causes: Callable[[], Iterable[str]],
    ) -> None:
        self.lock = lock
        self._find_causes = find_causes
        self.errors: list[GraphError] = []
        self._changed = threading.Condition(lock)
        self._executors = executors
        self._on_caller = [executor for executor in executors.values() if not executor.num_threads]
        self._waiting = 0
        self._report_deadlock = report_deadlock
        self._executor_of: dict[NodeRunner, Executor] = {}
        self._nodes: list[NodeRunner] = []
        self._inputs: list[GraphInput] = []
        self._consumers: dict[NodeRunner, list[NodeRunner]] = {}
        self._open_nodes = 0
        self._active = 0
        self._dirty: deque[NodeRunner] = deque()
        self._notify: deque[tuple[Observer, str]] = deque()

    # ---- set-up ------------------------------------------------------------------------------------

    def add_node(self, node: NodeRunner, executor: str) -> None:
        """Adds a node, in topological order."""
        self._nodes.append(node)
        self._executor_of[node] = self._executors[executor]
        self._open_nodes += 1

    def add_input(self, graph_input: GraphInput) -> None:
        """Adds a graph input stream."""
        self._inputs.append(graph_input)

    def open_after(self, first: NodeRunner, then: NodeRunner) -> None:
        """`then` opens after `first`."""
        self._consumers.setdefault(first, []).append(then)
        then.needs += 1

    def start(self) -> None:
        """Starts the executors and schedules the nodes that can open."""
        for executor in self._executors.values():
            executor.start(self._work)
        with self.lock:
            for node in self._nodes:
                if not node.needs:
                    self._push(node, Step.OPEN)

    # ---- calls from outside ------------------------------------------------------------------------

    def publish(self, stream: Stream) -> None:
        """Commits what the caller put into a graph input stream."""
        with self.lock:
            try:
                changed = stream.commit(Timestamp.UNSET)
            except GraphError as error:
                self._fail(error)
                raise
            if changed:
                self._touch(stream)
                self._propagate()
                self._drain()

    def fail(self, error: GraphError) -> None:
        """Ends the run with an error."""
        with self.lock:
            self._fail(error)

    def close_sources(self) -> None:
        """Asks every source to close; what it already sent is processed.

        A source that has not run yet runs once, so that side packets and headers reach their streams
        however early the call comes.
        """
        with self.lock:
            for node in self._nodes:
                if node.is_source and node.state is not State.CLOSED:
                    node.stopping = True
                    self._mark(node)
            self._propagate()

    def wait_while_full(self, graph_input: GraphInput) -> None:
        """Waits until nothing downstream of a graph input stream is full, or the run failed."""
        self._wait(lambda: not graph_input.full_queues or bool(self.errors))

    def is_full(self, graph_input: GraphInput) -> bool:
        """True when something downstream is full and the graph is busy with it."""
        with self.lock:
            if not self._active:
                self._grow_full_queues()
            return bool(graph_input.full_queues)

    def wait_until_idle(self) -> None:
        """Waits until no node runs or can run."""
        self._wait(lambda: not self._active)

    def wait_until_done(self) -> None:
        """Waits until all nodes are closed, or the run failed and nothing runs any more."""
        self._wait(lambda: not self._active and (not self._open_nodes or bool(self.errors)))

    def wait_for(self, queue: InputQueue) -> None:
        """Waits until a poller's queue has a packet or never gets one."""
        self._wait(lambda: bool(queue.packets or queue.stream.bound == Timestamp.DONE or self.errors))

    def on_queue_change(self, queue: InputQueue, sources: Iterable[NodeRunner | GraphInput]) -> None:
        """A queue became full, or is no longer full: pauses or wakes the sources upstream."""
        for source in sources:
            if queue.was_full:
                source.full_queues.add(queue)
                continue
            source.full_queues.discard(queue)
            if source.full_queues:
                continue
            if isinstance(source, NodeRunner):
                self._mark(source)
            else:
                self._changed.notify_all()

    def popped(self) -> None:
        """After a poller took a packet, under the lock: sources may go on."""
        self._propagate()
        self._drain()

    def finish(self) -> None:
        """After the run: closes what is still open, ends the threads."""
        with self.lock:
            for executor in self._executors.values():
                executor.stop()
        for executor in self._executors.values():
            executor.join()
        failed = bool(self.errors)
        for node in self._nodes:
            error = node.close_after_run(failed)
            if error:
                self.errors.append(error)

    # ---- under the lock ----------------------------------------------------------------------------

    def _wait(self, condition: Callable[[], bool]) -> None:
        """Waits for a condition; works off the application-thread executors meanwhile."""
        with self.lock:
            while not condition():
                node = next((node for e in self._on_caller if (node := e.pop())), None)
                if node:
                    self._run(node)
                elif not self._active and self._grow_full_queues(pollers=True):
                    self._drain()
                else:
                    self._waiting += 1
                    try:
                        self._changed.wait()
                    finally:
                        self._waiting -= 1

    def _work(self, executor: Executor) -> None:
        with self.lock:
            while True:
                node = executor.wait_for_node()
                if node is None:
                    return
                self._run(node)

    def _run(self, node: NodeRunner) -> None:
        self.lock.release()
        try:
            error = node.execute()
        except BaseException:
            self.lock.acquire()
            self._after(node, GraphError(f'The run was interrupted in node "{node.name}".'))
            raise
        self.lock.acquire()
        self._after(node, error)

    def _after(self, node: NodeRunner, error: GraphError | None) -> None:
        node.busy = False
        if error is None:
            error = self._commit(node)
        if error is not None:
            for stream in node.outputs:
                stream.discard()
            if node.step is Step.CLOSE:
                node.state = State.CLOSED
            self._fail(error)
        elif not self.errors:
            if node.has_more():
                self._mark(node)
            self._propagate()
        if self._notify:
            self._drain()
        self._active -= 1
        if not self._active:
            if not self.errors and self._grow_full_queues() and self._active:
                return
            self._changed.notify_all()

    def _commit(self, node: NodeRunner) -> GraphError | None:
        """Publishes what a step sent and moves the node on in its life."""
        step = node.step
        if step is Step.CLOSE:
            for stream in node.outputs:
                stream.close()
        bound = node.commit_bound()
        try:
            for stream in node.outputs:
                if stream.commit(bound):
                    self._touch(stream)
        except GraphError as error:
            failure = GraphError(f'{error} (sent by node "{node.name}")')
            failure.__cause__ = error
            return failure
        for side in node.side_outputs:
            undelivered = self._deliver(node, side)
            if undelivered is not None:
                return undelivered
        if step is Step.OPEN:
            node.state = State.OPEN
            for consumer in self._consumers.get(node, ()):
                consumer.needs -= 1
                if not consumer.needs and not self.errors:
                    self._push(consumer, Step.OPEN)
        elif step is Step.CLOSE:
            node.state = State.CLOSED
            self._open_nodes -= 1
            for queue in node.queues:
                queue.detach()
        return None

    def _deliver(self, node: NodeRunner, side: SidePacketOutput) -> GraphError | None:
        """Gives a side packet that was just set to the nodes that wait for it."""
        if not side.consumers or side.delivered:
            return None
        if side.packet.is_empty:
            if node.step is not Step.CLOSE:
                return None
            return GraphError(f'Node "{node.name}" ended without setting output side packet "{side.name}".')
        side.delivered = True
        for consumer, position in side.consumers:
            consumer.context.input_side_packets.items[position].packet = side.packet
            consumer.needs -= 1
            if not consumer.needs and not self.errors:
                self._push(consumer, Step.OPEN)
        return None

    def _touch(self, stream: Stream) -> None:
        for queue in stream.queues:
            node = queue.node
            if node is None:
                self._changed.notify_all()
            elif not node.dirty:
                node.dirty = True
                self._dirty.append(node)
        for observer in stream.observers:
            if observer.pending and not observer.busy:
                observer.busy = True
                self._active += 1
                self._notify.append((observer, stream.name))

    def _mark(self, node: NodeRunner) -> None:
        if not node.dirty:
            node.dirty = True
            self._dirty.append(node)

    def _propagate(self) -> None:
        dirty = self._dirty
        while dirty:
            node = dirty.popleft()
            node.dirty = False
            if node.state is State.OPEN and not node.busy and not self.errors:
                self._check(node)

    def _check(self, node: NodeRunner) -> None:
        if node.stopping and (node.timer.count or not node.is_source):
            self._push(node, Step.CLOSE)
        elif node.is_source:
            if not node.full_queues:
                node.priority = (1, node.timer.count, node.index)  # sources take turns
                self._push(node, Step.PROCESS)
        else:
            readiness, timestamp = node.policy.readiness()
            if readiness is Readiness.PROCESS:
                node.policy.fill(timestamp, node.inputs)
                node.context.input_timestamp = timestamp
                self._push(node, Step.PROCESS)
            elif readiness is Readiness.CLOSE:
                self._push(node, Step.CLOSE)
            elif node.offset is not None:
                bound = node.output_bound(timestamp)
                for stream in node.outputs:
                    if stream.commit(bound):
                        self._touch(stream)

    def _push(self, node: NodeRunner, step: Step) -> None:
        node.step = step
        node.busy = True
        self._active += 1
        executor = self._executor_of[node]
        executor.push(node)
        if self._waiting and not executor.num_threads:
            self._changed.notify_all()

    def _drain(self) -> None:
        """Calls the observers, in order, without the lock."""
        while self._notify:
            observer, name = self._notify.popleft()
            while observer.pending:
                packets = list(observer.pending)
                observer.pending.clear()
                self.lock.release()
                error: GraphError | None = None
                try:
                    for packet in packets:
                        observer.callback(name, packet)
                except Exception as raised:  # noqa: BLE001 - a user's callback may raise anything
                    detail = f"{type(raised).__name__}: {raised}"
                    error = GraphError(f'The observer of output stream "{name}" failed: {detail}')
                    error.__cause__ = raised
                finally:
                    self.lock.acquire()
                if error is not None:
                    observer.pending.clear()
                    self._fail(error)
            observer.busy = False
            self._active -= 1
            if not self._active:
                self._changed.notify_all()

    def _grow_full_queues(self, pollers: bool = False) -> bool:
        """When nothing can run because queues are full: lets them grow, or reports the deadlock.

        Args:
            pollers: also those of pollers, as the application waits for something else.

        Returns:
            True when something changed.
        """
        sources: list[NodeRunner | GraphInput] = [
            node for node in self._nodes if node.is_source and node.state is State.OPEN
        ]
        sources += [source for source in self._inputs if not source.stream.is_closed]
        full = {queue for source in sources for queue in source.full_queues if pollers or queue.node}
        if not full or self.errors:
            return False
        if self._report_deadlock:
            names = ", ".join(sorted(f'"{queue.label}"' for queue in full))
            causes = "".join(f"\nLikely cause: {cause}" for cause in self._find_causes())
            self._fail(
                GraphError(
                    f"Detected a deadlock due to input throttling for: {names}. All calculators are idle "
                    "while packet sources remain active and throttled. Consider adjusting "
                    f'"max_queue_size" or "report_deadlock".{causes}'
                )
            )
            return True
        for queue in full:
            queue.max_size = len(queue.packets) + 1
            queue.was_full = False
            queue.on_change(queue)
        self._propagate()
        return True

    def _fail(self, error: GraphError) -> None:
        self.errors.append(error)
        for executor in self._executors.values():
            for node in executor.clear():
                node.busy = False
                self._active -= 1
        self._dirty.clear()
        self._changed.notify_all()
