"""Whether a computation leaves Python's lock to other threads."""

import sys
import threading
from collections.abc import Callable


def assert_others_run(compute: Callable[[], object], most: int) -> None:
    """Another thread gets to run during at most `most` calls.

    With a switch interval this long, a thread gets Python's lock only from one that gives it up.
    """
    waiting, computing, ran = threading.Event(), threading.Event(), []

    def other() -> None:
        waiting.set()
        computing.wait()
        ran.append(True)

    thread = threading.Thread(target=other)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    try:
        thread.start()
        waiting.wait()
        computing.set()
        calls = 0
        while not ran and calls < most:
            compute()
            calls += 1
        assert ran, f"no other thread got to run during {most} calls"
    finally:
        sys.setswitchinterval(interval)
        thread.join()
