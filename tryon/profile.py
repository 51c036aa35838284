"""How long each node's `process` takes."""

import random
from dataclasses import dataclass

SAMPLES = 2048


class Timer:
    """Durations of one node's calls; memory stays flat (p50 and p99 come from a random sample)."""

    __slots__ = ("_random", "_samples", "count", "total_ns")

    def __init__(self) -> None:
        self.count = 0
        self.total_ns = 0
        self._samples: list[int] = []
        self._random = random.Random(0)

    def add(self, duration_ns: int) -> None:
        """Counts one call."""
        self.count += 1
        self.total_ns += duration_ns
        if len(self._samples) < SAMPLES:
            self._samples.append(duration_ns)
        else:
            place = int(self._random.random() * self.count)
            if place < SAMPLES:
                self._samples[place] = duration_ns

    def quantile_ms(self, fraction: float) -> float:
        """The duration that `fraction` (0 to 1) of the calls did not exceed, in milliseconds."""
        if not self._samples:
            return 0.0
        ordered = sorted(self._samples)
        return ordered[min(int(fraction * len(ordered)), len(ordered) - 1)] / 1e6


@dataclass(frozen=True)
class NodeProfile:
    """One row of the per-node table.

    Attributes:
        name, calculator: the node.
        count: calls of `process`.
        total_ms, mean_ms, p50_ms, p99_ms: their durations in milliseconds.
        queue: the most packets that waited in one of its inputs.
    """

    name: str
    calculator: str
    count: int
    total_ms: float
    mean_ms: float
    p50_ms: float
    p99_ms: float
    queue: int
