"""The scheduler: decides which node runs when, and moves packets and bounds between them.

One lock guards the state of a run. A worker takes it once a call: it publishes what the calculator
sent, finds the nodes that became ready, and takes the next call. The calculators' own code runs
without it.
"""

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heappush

from tryon.errors import GraphError
from tryon.executor import Executor, Parking, RunLock, Worker
from tryon.input_policies.sync_set import CLOSE, PROCESS_NEXT, Readiness
from tryon.node import CLOSE_STEP, OPEN, OPEN_STEP, PROCESS, Invocation, NodeRunner, State, Step
from tryon.packet import Packet
from tryon.profile import CHUNK
from tryon.stream import DONE, InputQueue, Observer, OutputStreamShard, Stream
from tryon.timestamp import Timestamp, is_range_value


class GraphInput:
    """A graph input stream, and what holds it back."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.shard = OutputStreamShard(stream)
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
        lock: RunLock,
        executors: dict[str, Executor],
        report_deadlock: bool,
        find_causes: Callable[[], Iterable[str]],
    ) -> None:
        self.lock = lock
        self._find_causes = find_causes
        self.errors: list[GraphError] = []
        self.executors = executors
        self._all_executors = tuple(executors.values())
        self._on_caller = tuple(executor for executor in self._all_executors if not executor.num_threads)
        self._callers = Parking(lock)
        self._report_deadlock = report_deadlock
        self._nodes: list[NodeRunner] = []
        self._sources: list[NodeRunner] = []
        self._inputs: list[GraphInput] = []
        self._consumers: dict[NodeRunner, list[NodeRunner]] = {}
        self._open_nodes = 0
        self._active = 0  # calls that are scheduled or under way, and observers that are told something
        self._layer = 0  # of the sources that may run
        self._full: set[InputQueue] = set()
        self._dirty: deque[NodeRunner] = deque()  # nodes for which something changed
        self._notify: deque[tuple[Observer, str]] = deque()  # observers with something to be told
        self._observed = 0  # how much they were told
        self._awaits_output = False
        self._is_broken = False

    # ---- set-up ------------------------------------------------------------------------------------

    def add_node(self, node: NodeRunner, executor: str) -> None:
        """Adds a node, in topological order."""
        self._nodes.append(node)
        if node.is_source:
            self._sources.append(node)
        node.ready = self.executors[executor].ready
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
        self._layer = min((node.layer for node in self._sources), default=0)
        for executor in self._all_executors:
            executor.start(self._work)
        with self.lock:
            for node in self._nodes:
                if not node.needs:
                    self._push(node, OPEN_STEP)
            self._wake()

    # ---- calls from outside ------------------------------------------------------------------------

    def publish(self, graph_input: GraphInput) -> None:
        """Commits what the caller put into a graph input stream."""
        with self.lock:
            try:
                changed = graph_input.shard.commit(Timestamp.UNSET)
            except GraphError as error:
                self._fail(error)
                raise
            if graph_input.shard.commit_end() or changed:
                self._touch(graph_input.stream)
                self._propagate()
                if self._notify:
                    self._drain()
                self._wake()

    def drop_late(self, graph_input: GraphInput, packet: Packet) -> None:
        """A packet came after the end of a graph input stream: an error if somebody still reads it."""
        stream = graph_input.stream
        with self.lock:
            if stream.queues:
                self._fail(GraphError(stream.mismatch(packet.timestamp, stream.bound)))

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
            for node in self._sources:
                if node.state is not State.CLOSED:
                    node.stopping = True
                    self._mark(node)
            self._propagate()
            self._wake()

    def wait_while_full(self, graph_input: GraphInput) -> None:
        """Waits until nothing downstream of a graph input stream is full, or the run failed."""
        self._wait(lambda: not graph_input.full_queues or bool(self.errors))

    def is_full(self, graph_input: GraphInput) -> bool:
        """True when something downstream is full and the graph is busy with it."""
        with self.lock:
            if not self._active:
                self._handle_idle()
                self._drain()
                self._wake()
            return bool(graph_input.full_queues)

    def wait_until_idle(self) -> None:
        """Waits until no node runs or can run."""
        self._wait(self._is_idle)

    def wait_until_done(self) -> None:
        """Waits until nothing runs and nothing can come any more: all nodes closed, or the run failed.

        Nodes that still wait then (for a stream of a loop that nobody ends) are closed by `finish`.
        """
        self._wait(lambda: not self._active and (bool(self.errors) or self._is_used_up()))

    def wait_for_observed_output(self, seen: int) -> int:
        """Waits until observers were told more than `seen` things, or nothing can come any more."""
        self._awaits_output = True
        self._wait(
            lambda: (
                self._observed > seen
                or bool(self.errors)
                or (not self._active and not self._notify and self._is_used_up())
            )
        )
        self._awaits_output = False
        return self._observed

    def wait_for(self, queue: InputQueue) -> None:
        """Waits until a poller's queue has a packet or never gets one."""
        self._wait(lambda: bool(queue.packets or queue.stream.bound == DONE or self.errors))

    def on_queue_change(self, queue: InputQueue, sources: Iterable[NodeRunner | GraphInput]) -> None:
        """A queue became full, or is no longer full: pauses or wakes the sources upstream."""
        if queue.was_full:
            self._full.add(queue)
            for source in sources:
                source.full_queues.add(queue)
            return
        self._full.discard(queue)
        for source in sources:
            source.full_queues.discard(queue)
            if source.full_queues:
                continue
            if isinstance(source, NodeRunner):
                self._mark(source)
            else:
                self._callers.wake_all()

    def popped(self) -> None:
        """After a poller took a packet, under the lock: sources may go on."""
        self._propagate()
        self._drain()
        self._wake()

    def finish(self) -> None:
        """After the run: closes what is still open, ends the threads."""
        with self.lock:
            for executor in self._all_executors:
                executor.stop()
        for executor in self._all_executors:
            executor.join()
        failed = bool(self.errors)
        for node in self._nodes:
            error = node.close_after_run(failed)
            if error:
                self.errors.append(error)

    # ---- under the lock ----------------------------------------------------------------------------

    def _wait(self, condition: Callable[[], bool]) -> None:
        """Waits for a condition; makes the calls of application-thread executors meanwhile."""
        with self.lock:
            while not (condition() or self._is_broken):
                for executor in self._on_caller:
                    if executor.ready:
                        self._run(executor.pop())
                        break
                else:
                    if not self._active and self._handle_idle(pollers=True):
                        self._drain()
                        self._wake()
                    else:
                        self._wake()
                        self._callers.wait()

    def _is_idle(self) -> bool:
        while not self._active:
            if not self._handle_idle():
                return True
            self._drain()
            self._wake()
        return False

    def _is_used_up(self) -> bool:
        """True when all nodes are closed, or nothing feeds those that are open."""
        return not self._open_nodes or (
            all(graph_input.shard.is_closed for graph_input in self._inputs)
            and all(node.state is State.CLOSED for node in self._sources)
        )

    def _work(self, executor: Executor, worker: Worker) -> None:
        with self.lock:
            while True:
                if not executor.ready:
                    self._wake()  # of other executors, before this thread rests
                call = executor.wait_for_call()
                if call is None:
                    return
                worker.invocation = call
                self._run(call)
                worker.invocation = None

    def _wake(self) -> None:
        """Before the lock is given away: threads for the calls that wait for one.

        One an executor is enough: it wakes the next when there are more.
        """
        for executor in self._all_executors:
            if executor.ready:
                if executor.idle.parked:
                    executor.idle.wake_one()
                elif not executor.num_threads and self._callers.parked:
                    self._callers.wake_all()

    def _run(self, call: Invocation) -> None:
        self._wake()
        self.lock.release()
        try:
            error = call.run()
        except BaseException:
            self.lock.acquire()
            self._after(call, GraphError(f'The run was interrupted in node "{call.node.name}".'))
            raise
        if not self.lock.try_acquire():
            self.lock.acquire()
        try:
            self._after(call, error)
        except Exception as fault:  # noqa: BLE001 - a fault of the runtime must not make callers wait
            self._is_broken = True
            failure = GraphError(f"The runtime failed: {type(fault).__name__}: {fault}")
            failure.__cause__ = fault
            self._fail(failure)

    def _after(self, call: Invocation, error: GraphError | None) -> None:
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
            self._fail(error)
        while in_flight and in_flight[0].is_finished:
            first = in_flight[0]
            if not node.failed:
                error = self._commit(first)
                if error is not None:
                    self._fail(error)
            in_flight.popleft()
            node.idle.append(first)
            self._active -= 1
        if not self.errors:
            if node.has_more(call):
                self._mark(node)
            if self._dirty:
                self._propagate()
        if self._notify:
            self._drain()
        while not self._active:
            if not self._handle_idle():
                self._callers.wake_all()
                break
            self._drain()

    def _handle_idle(self, pollers: bool = False) -> bool:
        """When nothing can run: starts the next layer of sources, else lets full queues grow.

        Returns:
            True when something changed.
        """
        if self.errors:
            return False
        if self._sources and self._start_next_layer():
            return True
        return bool(self._full) and self._grow_full_queues(pollers)

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
        for observer in stream.observers:
            if observer.pending and not observer.busy:
                observer.busy = True
                self._active += 1
                self._notify.append((observer, stream.name))
        if stream.is_polled:
            self._callers.wake_all()

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
                self._go_on(node)
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

    def _go_on(self, node: NodeRunner) -> None:
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

    def _drain(self) -> None:
        """Calls the observers, in order, without the lock."""
        while self._notify:
            observer, name = self._notify.popleft()
            while observer.pending:
                packets = list(observer.pending)
                observer.pending.clear()
                self._wake()
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
                self._observed += len(packets)
                if error is not None:
                    observer.pending.clear()
                    self._fail(error)
            observer.busy = False
            self._active -= 1
            if self._awaits_output or not self._active:
                self._callers.wake_all()

    def _grow_full_queues(self, pollers: bool) -> bool:
        """When nothing can run because queues are full: lets them grow, or reports the deadlock.

        Args:
            pollers: also those of pollers, as the application waits for something else.

        Returns:
            True when something changed.
        """
        sources: list[NodeRunner | GraphInput] = [node for node in self._sources if node.state is OPEN]
        sources += [source for source in self._inputs if not source.shard.is_closed]
        full = {queue for source in sources for queue in source.full_queues if pollers or queue.node}
        if not full:
            return False
        if self._report_deadlock:
            names = ", ".join(sorted(queue.label for queue in full))
            causes = "".join(f"\nLikely cause: {cause}" for cause in self._find_causes())
            self._fail(
                GraphError(
                    f"Detected a deadlock due to input throttling for {names}. All calculators are idle "
                    "while packet sources remain active and throttled. Consider adjusting "
                    f'"max_queue_size" or "report_deadlock".{causes}'
                )
            )
            return True
        for queue in full:
            queue.grow()
        self._propagate()
        return True

    def _fail(self, error: GraphError) -> None:
        self.errors.append(error)
        for executor in self._all_executors:
            for call in executor.clear():
                call.node.in_flight.remove(call)
                call.node.idle.append(call)
                self._active -= 1
        self._dirty.clear()
        self._callers.wake_all()
