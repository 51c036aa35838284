"""Executors: where the calculators' code runs."""

import os
import threading
from collections.abc import Callable
from heapq import heappop
from typing import Final

from tryon.node import Invocation
from tryon.proto import calculator_pb2, options_pb2
from tryon.run_lock import Parking, RunLock
from tryon.validated_graph import NodeInfo, ValidatedGraph

APPLICATION_THREAD: Final = "ApplicationThreadExecutor"
GPU: Final = "gpu"


class Executor:
    """Calls that are ready to be made, and the threads that make them.

    With no threads of its own (`num_threads` 0, the application-thread executor) they are made inside
    the caller's waits. Guarded by the run's lock.

    Attributes:
        ready: a heap of (priority, call).
        idle: its threads that have nothing to do.
    """

    def __init__(self, lock: RunLock, num_threads: int, thread_name_prefix: str) -> None:
        self.num_threads = num_threads
        self.ready: list[tuple[int, Invocation]] = []
        self.idle = Parking(lock)
        self._prefix = thread_name_prefix
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def start(self, work: Callable[["Executor"], None]) -> None:
        """Starts the threads; each calls `work(self)` once."""
        for number in range(self.num_threads):
            thread = threading.Thread(target=work, args=(self,), name=f"{self._prefix}-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def pop(self) -> Invocation:
        """The call to make first; there must be one."""
        return heappop(self.ready)[1]

    def wait_for_call(self) -> bool:
        """Waits until there is a call to make; False when the executor stops."""
        while not self.ready:
            if self._stopping:
                return False
            self.idle.wait()
        return True

    def clear(self) -> list[Invocation]:
        """Takes back all calls that nobody has begun."""
        calls = [call for _, call in self.ready]
        self.ready.clear()
        return calls

    def stop(self) -> None:
        """Tells the threads to end."""
        self._stopping = True
        self.idle.wake_all()

    def join(self) -> None:
        """Waits for the threads; without the lock."""
        for thread in self._threads:
            thread.join()


class Executors:
    """All executors of a run, and the callers that wait for something in it.

    Attributes:
        by_name: "" is the default one.
        on_caller: those without threads of their own.
        callers: the application's threads that wait.
    """

    def __init__(self, graph: ValidatedGraph, lock: RunLock) -> None:
        self.by_name = _make_executors(graph.config, lock)
        if any(info.contract.uses_gpu for info in graph.nodes):
            self.by_name[GPU] = Executor(lock, 1, GPU)
        self.callers = Parking(lock)
        self._all = tuple(self.by_name.values())
        self.on_caller = tuple(executor for executor in self._all if not executor.num_threads)

    def start(self, work: Callable[[Executor], None]) -> None:
        """Starts the threads; each calls `work` with its executor."""
        for executor in self._all:
            executor.start(work)

    def wake(self) -> None:
        """Before the lock is given away: threads for the calls that wait for one.

        One an executor is enough: it wakes the next when there are more.
        """
        for executor in self._all:
            if executor.ready:
                if executor.idle.parked:
                    executor.idle.wake_one()
                elif not executor.num_threads and self.callers.parked:
                    self.callers.wake_all()

    def clear(self) -> list[Invocation]:
        """Takes back all calls that nobody has begun."""
        return [call for executor in self._all for call in executor.clear()]

    def stop(self) -> None:
        """Tells the threads to end."""
        for executor in self._all:
            executor.stop()

    def join(self) -> None:
        """Waits for the threads; without the lock."""
        for executor in self._all:
            executor.join()


def executor_name(info: NodeInfo) -> str:
    """Which executor a node runs on."""
    return GPU if info.contract.uses_gpu else info.node.executor


def _make_executors(config: calculator_pb2.CalculatorGraphConfig, lock: RunLock) -> dict[str, Executor]:
    """The graph's executors by name; the default one has a thread a processor unless the graph says."""
    processors = max(1, min(os.cpu_count() or 1, len(config.node)))
    executors = {"": Executor(lock, config.num_threads if config.num_threads > 0 else processors, "tryon")}
    for declared in config.executor:
        options = declared.options.Extensions[options_pb2.ThreadPoolExecutorOptions.ext]
        threads = 0 if declared.type == APPLICATION_THREAD else options.num_threads or processors
        prefix = options.thread_name_prefix or declared.name or "tryon"
        executors[declared.name] = Executor(lock, threads, prefix)
    return executors
