"""The lock of a run, and where threads wait for something to do."""

import math
import threading
import time
from functools import partial
from typing import Final, Self

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
