"""Executors: where the calculators' code runs."""

import os
import threading
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

from tryon.node import NodeRunner
from tryon.proto import calculator_pb2, options_pb2

APPLICATION_THREAD: Final = "ApplicationThreadExecutor"


class Executor:
    """A queue of scheduled nodes and the threads that work it off.

    With no threads of its own (`num_threads` 0, the application-thread executor) the queue is worked
    off inside the caller's waits. Guarded by the scheduler's lock.
    """

    def __init__(self, lock: threading.Lock, num_threads: int, thread_name_prefix: str) -> None:
        self.num_threads = num_threads
        self._prefix = thread_name_prefix
        self._heap: list[tuple[tuple[int, int, int], NodeRunner]] = []
        self._condition = threading.Condition(lock)
        self._waiting = 0
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def start(self, work: Callable[["Executor"], None]) -> None:
        """Starts the threads; each calls `work(self)` once."""
        for number in range(self.num_threads):
            thread = threading.Thread(target=work, args=(self,), name=f"{self._prefix}-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def push(self, node: NodeRunner) -> None:
        """Schedules a node; wakes a thread when one waits."""
        heappush(self._heap, (node.priority, node))
        if self._waiting:
            self._condition.notify()

    def pop(self) -> NodeRunner | None:
        """The scheduled node that goes first, or None when there is none."""
        return heappop(self._heap)[1] if self._heap else None

    def wait_for_node(self) -> NodeRunner | None:
        """The node that goes first, waiting for one; None when the executor stops."""
        while not self._heap:
            if self._stopping:
                return None
            self._waiting += 1
            self._condition.wait()
            self._waiting -= 1
        return heappop(self._heap)[1]

    def clear(self) -> list[NodeRunner]:
        """Takes all scheduled nodes off the queue."""
        nodes = [node for _, node in self._heap]
        self._heap.clear()
        return nodes

    def stop(self) -> None:
        """Tells the threads to end."""
        self._stopping = True
        self._condition.notify_all()

    def join(self) -> None:
        """Waits for the threads; without the lock."""
        for thread in self._threads:
            thread.join()


def make_executors(config: calculator_pb2.CalculatorGraphConfig, lock: threading.Lock) -> dict[str, Executor]:
    """The graph's executors by name; "" is the default one, a thread a processor unless the graph says."""
    processors = max(1, min(os.cpu_count() or 1, len(config.node)))
    executors = {"": Executor(lock, config.num_threads or processors, "tryon")}
    for declared in config.executor:
        options = declared.options.Extensions[options_pb2.ThreadPoolExecutorOptions.ext]
        threads = 0 if declared.type == APPLICATION_THREAD else options.num_threads or processors
        prefix = options.thread_name_prefix or declared.name or "tryon"
        executors[declared.name] = Executor(lock, threads, prefix)
    return executors
