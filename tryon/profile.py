"""How long each node's `process` takes."""

from dataclasses import dataclass

CHUNK = 1024
SAMPLES = 8192


class Timer:
    """Durations of one node's calls; memory stays flat.

    Attributes:
        durations: nanoseconds of the latest calls, appended by the threads that make them.
        count, total_ns: the calls that were folded into the statistics.
    """

    __slots__ = ("_samples", "_step", "count", "durations", "total_ns")

    def __init__(self) -> None:
        self.durations: list[int] = []
        self.count = 0
        self.total_ns = 0
        self._samples: list[int] = []
        self._step = 1

    @property
    def calls(self) -> int:
        """How many calls ended."""
        return self.count + len(self.durations)

    def fold(self) -> None:
        """Adds the latest durations to the statistics: all of them to the sums, every n-th as a sample."""
        chunk = self.durations[:]
        del self.durations[: len(chunk)]
        self._samples += chunk[-self.count % self._step :: self._step]
        self.count += len(chunk)
        self.total_ns += sum(chunk)
        if len(self._samples) > SAMPLES:
            self._samples = self._samples[::2]
            self._step *= 2

    def profile(self, name: str, calculator: str, queue: int) -> "NodeProfile":
        """The row of the per-node table."""
        self.fold()
        ordered = sorted(self._samples)

        def quantile_ms(fraction: float) -> float:
            return ordered[min(int(fraction * len(ordered)), len(ordered) - 1)] / 1e6 if ordered else 0.0

        total_ms = self.total_ns / 1e6
        mean_ms = total_ms / max(self.count, 1)
        return NodeProfile(
            name, calculator, self.count, total_ms, mean_ms, quantile_ms(0.5), quantile_ms(0.99), queue
        )


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
