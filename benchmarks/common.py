"""What benchmarks share: processes of their own, memory, medians, output."""

import json
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any, NamedTuple, ParamSpec, Self, TypeVar

from tryon.cli.memory import keep_freed_memory
from tryon.cli.threads import leave_threads_to_nodes

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Worker:
    """A process that runs functions on a fixed number of cores; leave with `with`.

    What is measured in it is not disturbed by what others imported, and its peak memory is its own. Freed
    memory is kept and OpenCV has no threads of its own, as `tryon run` does it.

    Args:
        cores: how many of the machine's cores it may use; None is all.
    """

    def __init__(self, cores: int | None = None) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, spawn, initializer=_prepare, initargs=(cores,))

    def __call__(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **options: Parameters.kwargs
    ) -> Result:
        """Calls a module-level function in the process and waits for the result."""
        return self._pool.submit(function, *args, **options).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()


def _prepare(cores: int | None) -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    keep_freed_memory()
    leave_threads_to_nodes()


class Timing(NamedTuple):
    """How long some frames took."""

    frames: int
    seconds: float

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self.frames / self.seconds


def memory_mb(field: str = "VmRSS") -> float:
    """Resident memory of this process in MB: VmRSS now, VmHWM at its peak."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1000


def growth_mb(samples: Sequence[float]) -> float:
    """How much the memory of a long run grew: from the median of its second tenth to that of its last."""
    tenth = max(len(samples) // 10, 1)
    return median(samples[-tenth:]) - median(samples[tenth : 2 * tenth] or samples)


class Others:
    """How busy other programs keep the machine meanwhile: figures taken on a busy one are worth little."""

    def __init__(self) -> None:
        self._start = self._sample()

    def cores(self) -> float:
        """How many cores they used on average, from the making of this object to now.

        Of this program's processes only those count as its own that have ended.
        """
        seconds, busy, own = (now - then for now, then in zip(self._sample(), self._start, strict=True))
        return max(busy - own, 0.0) / seconds

    @staticmethod
    def _sample() -> tuple[float, float, float]:
        """Seconds: the clock, all cores' busy time, this program's share of it."""
        ticks = [int(value) for value in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
        idle = ticks[3] + ticks[4]
        busy = (sum(ticks[:8]) - idle) / os.sysconf("SC_CLK_TCK")
        return time.perf_counter(), busy, sum(os.times()[:4])


def say(text: str) -> None:
    """Tells how far the benchmark is, beside the figures on stdout."""
    print(text, file=sys.stderr, flush=True)


def write_json(figures: dict[str, Any], path: str) -> None:
    """Writes the figures as one JSON object; "-" is stdout."""
    text = json.dumps(figures, indent=1) + "\n"
    if path == "-":
        sys.stdout.write(text)
    else:
        Path(path).write_text(text)
