"""The scheduler: the threads of a run, and what callers wait for.

One lock guards the state of a run. A worker takes it once a call: the dispatcher publishes what the
calculator sent and finds the nodes that became ready, then the worker takes the next call. The
calculators' own code runs without it.
"""

from collections.abc import Callable, Iterable

from tryon.back_pressure import GraphInput
from tryon.dispatcher import Dispatcher
from tryon.errors import GraphError
from tryon.executor import Executor, Executors
from tryon.node import Invocation
from tryon.observers import Observers
from tryon.packet import Packet
from tryon.run_lock import RunLock
from tryon.stream import DONE, InputQueue
from tryon.validated_graph import ValidatedGraph


class Scheduler:
    """Runs the nodes of one graph until all are closed or one fails.

    Attributes:
        lock: guards everything of the run.
        dispatcher: what runs when; under the lock.

    Args:
        graph: what runs.
        find_causes: says, under the lock, why the run does not go on.
    """

    def __init__(self, graph: ValidatedGraph, find_causes: Callable[[], Iterable[str]]) -> None:
        self.lock = RunLock()
        self._executors = Executors(graph, self.lock)
        self._observers = Observers(self.lock, self._executors)
        self.dispatcher = Dispatcher(
            self._executors, self._observers, graph.config.report_deadlock, find_causes
        )
        self._is_broken = False

    @property
    def errors(self) -> list[GraphError]:
        """What went wrong, in the order it happened."""
        return self.dispatcher.errors

    def start(self) -> None:
        """Starts the executors and schedules the nodes that can open."""
        self._executors.start(self._work)
        with self.lock:
            self.dispatcher.open_nodes()
            self._executors.wake()

    def publish(self, graph_input: GraphInput) -> None:
        """Commits what the caller put into a graph input stream.

        Raises:
            GraphError: a packet's timestamp is smaller than what was promised before; ends the run.
        """
        with self.lock:
            self.dispatcher.publish(graph_input)
            self._executors.wake()

    def drop_late(self, graph_input: GraphInput, packet: Packet) -> None:
        """A packet came after the end of a graph input stream: an error if somebody still reads it."""
        stream = graph_input.stream
        with self.lock:
            if stream.queues:
                self.dispatcher.fail(GraphError(stream.mismatch(packet.timestamp, stream.bound)))

    def fail(self, error: GraphError) -> None:
        """Ends the run with an error."""
        with self.lock:
            self.dispatcher.fail(error)

    def close_sources(self) -> None:
        """Asks every source to close; what it already sent is processed."""
        with self.lock:
            self.dispatcher.close_sources()
            self._executors.wake()

    def popped(self) -> None:
        """After a poller took a packet, under the lock: sources may go on."""
        self.dispatcher.go_on()
        self._executors.wake()

    def is_full(self, graph_input: GraphInput) -> bool:
        """True when something downstream is full and the graph is busy with it."""
        with self.lock:
            if self.dispatcher.is_idle:
                self._handle_idle()
            return bool(graph_input.full_queues)

    def wait_while_full(self, graph_input: GraphInput) -> None:
        """Waits until nothing downstream of a graph input stream is full, or the run failed.

        A caller that makes calls itself goes on until the queues are half empty, rather than come back
        for each packet.
        """
        with self.lock:
            waiting = [(queue.packets, queue.max_size // 2) for queue in graph_input.full_queues]
        calls = [executor.ready for executor in self._executors.on_caller]

        def may_add() -> bool:  # asked after every call
            if graph_input.full_queues:
                return bool(self.errors)
            if any(calls):
                for packets, half in waiting:
                    if len(packets) > half:
                        return False
            return True

        self._wait(may_add)

    def wait_until_idle(self) -> None:
        """Waits until no node runs or can run."""
        self._wait(self._is_settled)

    def wait_until_done(self) -> None:
        """Waits until nothing runs and nothing can come any more: all nodes closed, or the run failed.

        Nodes that still wait then (for a stream of a loop that nobody ends) are closed by `finish`.
        """
        self._wait(lambda: self.dispatcher.is_idle and (bool(self.errors) or self.dispatcher.is_used_up))

    def wait_for_observed_output(self, seen: int) -> int:
        """Waits until observers were told more than `seen` things, or nothing can come any more."""
        observers, dispatcher = self._observers, self.dispatcher
        observers.is_awaited = True
        self._wait(
            lambda: (
                observers.told > seen or bool(self.errors) or (dispatcher.is_idle and dispatcher.is_used_up)
            )
        )
        observers.is_awaited = False
        return observers.told

    def wait_for(self, queue: InputQueue) -> None:
        """Waits until a poller's queue has a packet or never gets one."""
        self._wait(lambda: bool(queue.packets or queue.stream.bound == DONE or self.errors))

    def finish(self) -> None:
        """After the run: closes what is still open, ends the threads."""
        with self.lock:
            self._executors.stop()
        self._executors.join()
        failed = bool(self.errors)
        for node in self.dispatcher.nodes:
            error = node.close_after_run(failed)
            if error:
                self.errors.append(error)

    def _wait(self, condition: Callable[[], bool]) -> None:
        """Waits for a condition; makes the calls of application-thread executors meanwhile."""
        with self.lock:
            while not (condition() or self._is_broken):
                for executor in self._executors.on_caller:
                    if executor.ready:
                        self._run(executor.pop())
                        break
                else:
                    if not (self.dispatcher.is_idle and self._handle_idle(pollers=True)):
                        self._executors.wake()
                        self._executors.callers.wait()

    def _is_settled(self) -> bool:
        """True when nothing runs, not even after full queues grew or the next sources started."""
        while self.dispatcher.is_idle:
            if not self._handle_idle():
                return True
        return False

    def _handle_idle(self, pollers: bool = False) -> bool:
        """See the dispatcher's; also tells the observers what came of it."""
        changed = self.dispatcher.handle_idle(pollers)
        if changed:
            self.dispatcher.go_on()
            self._executors.wake()
        return changed

    def _work(self, executor: Executor) -> None:
        with self.lock:
            while True:
                if not executor.ready:
                    self._executors.wake()  # the others, before this thread rests
                    if not executor.wait_for_call():
                        return
                self._run(executor.pop())

    def _run(self, call: Invocation) -> None:
        self._executors.wake()
        self.lock.release()
        try:
            error = call.run()
        except BaseException:
            self.lock.acquire()
            self.dispatcher.after(call, GraphError(f'The run was interrupted in node "{call.node.name}".'))
            raise
        if not self.lock.try_acquire():
            self.lock.acquire()
        try:
            self.dispatcher.after(call, error)
        except Exception as fault:  # noqa: BLE001 - a fault of the runtime must not make callers wait
            self._is_broken = True
            failure = GraphError(f"The runtime failed: {type(fault).__name__}: {fault}")
            failure.__cause__ = fault
            self.dispatcher.fail(failure)
