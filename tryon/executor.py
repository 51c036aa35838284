"""Executors: where the calculators' code runs."""

import math
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from heapq import heappop
from typing import Final, Self

from tryon.node import Invocation
from tryon.proto import calculator_pb2, options_pb2

APPLICATION_THREAD: Final = "ApplicationThreadExecutor"

_BACK_OFF_S: Final = 2e-5


class RunLock:
    """The lock of a run: one that threads never queue up for.

    Who holds it never waits for anything but Python's interpreter lock, so a thread that finds it
    taken gives that away for a moment and tries again. With a plain lock, threads that pass packets
    on would hand both locks to each other at every step.
    """

    __slots__ = ("release", "try_acquire")

    def __init__(self) -> None:
        lock = threading.Lock()
        self.try_acquire = partial(lock.acquire, False)
        self.release = lock.release

    def acquire(self, timeout_s: float = math.inf) -> bool:
        """Takes the lock, waiting for it; False when it was not to be had in `timeout_s`."""
        if self.try_acquire():
            return True
        give_up = time.monotonic() + timeout_s
        while not self.try_acquire():
            if time.monotonic() > give_up:
                return False
            time.sleep(_BACK_OFF_S)
        return True

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Parking:
    """Where threads wait until somebody has something for them; used under the run's lock."""

    __slots__ = ("_lock", "parked")

    def __init__(self, lock: RunLock) -> None:
        self._lock = lock
        self.parked: list[threading.Lock] = []

    def wait(self) -> None:
        """Gives the run's lock away until woken."""
        place = threading.Lock()
        place.acquire()
        self.parked.append(place)
        self._lock.release()
        try:
            place.acquire()
        finally:
            self._lock.acquire()
            if place in self.parked:  # Ctrl-C woke it
                self.parked.remove(place)

    def wake_one(self) -> None:
        """Wakes a thread; there must be one."""
        self.parked.pop().release()

    def wake_all(self) -> None:
        """Wakes all threads."""
        while self.parked:
            self.parked.pop().release()


class Worker:
    """A thread of an executor, and what it does right now."""

    __slots__ = ("invocation", "thread")

    def __init__(self) -> None:
        self.invocation: Invocation | None = None
        self.thread: threading.Thread


class Executor:
    """Calls that are ready to be made, and the threads that make them.

    With no threads of its own (`num_threads` 0, the application-thread executor) they are made inside
    the caller's waits. Guarded by the run's lock.

    Attributes:
        ready: a heap of (priority, call).
        idle: its threads that have nothing to do.
        workers: all its threads.
    """

    def __init__(self, lock: RunLock, num_threads: int, thread_name_prefix: str) -> None:
        self.num_threads = num_threads
        self.ready: list[tuple[int, Invocation]] = []
        self.idle = Parking(lock)
        self.workers: list[Worker] = []
        self._prefix = thread_name_prefix
        self._stopping = False

    def start(self, work: Callable[["Executor", Worker], None]) -> None:
        """Starts the threads; each calls `work(self, its worker)` once."""
        for number in range(self.num_threads):
            worker = Worker()
            name = f"{self._prefix}-{number}"
            worker.thread = threading.Thread(target=work, args=(self, worker), name=name, daemon=True)
            self.workers.append(worker)
            worker.thread.start()

    def pop(self) -> Invocation:
        """The call to make first; there must be one."""
        return heappop(self.ready)[1]

    def wait_for_call(self) -> Invocation | None:
        """The call to make first, waiting for one; None when the executor stops."""
        while not self.ready:
            if self._stopping:
                return None
            self.idle.wait()
        return heappop(self.ready)[1]

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
        for worker in self.workers:
            worker.thread.join()


def make_executors(config: calculator_pb2.CalculatorGraphConfig, lock: RunLock) -> dict[str, Executor]:
    """The graph's executors by name; "" is the default one, a thread a processor unless the graph says."""
    processors = max(1, min(os.cpu_count() or 1, len(config.node)))
    executors = {"": Executor(lock, config.num_threads if config.num_threads > 0 else processors, "tryon")}
    for declared in config.executor:
        options = declared.options.Extensions[options_pb2.ThreadPoolExecutorOptions.ext]
        threads = 0 if declared.type == APPLICATION_THREAD else options.num_threads or processors
        prefix = options.thread_name_prefix or declared.name or "tryon"
        executors[declared.name] = Executor(lock, threads, prefix)
    return executors
