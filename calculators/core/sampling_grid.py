"""Evenly spaced timestamps: where a resampled stream has its packets."""

from dataclasses import dataclass
from math import floor

SECOND = 1_000_000


@dataclass(frozen=True)
class SamplingGrid:
    """Periods of 1 / frame_rate, the first one around `first`; timestamps in microseconds."""

    first: int
    frame_rate: float

    @classmethod
    def through(cls, base: int, near: int, frame_rate: float) -> "SamplingGrid":
        """The grid that `base` lies on and whose first period is the one nearest to `near`."""
        grid = cls(base, frame_rate)
        return cls(grid.timestamp_of(grid.period_of(near)), frame_rate)

    def timestamp_of(self, period: int) -> int:
        """The middle of a period, counted from 0."""
        return self.first + _round(period / self.frame_rate * SECOND)

    def period_of(self, timestamp: int) -> int:
        """The period that a timestamp belongs to."""
        return _round((timestamp - self.first) / SECOND * self.frame_rate)


def _round(value: float) -> int:
    """To the nearest whole number, halves away from zero."""
    return floor(value + 0.5) if value >= 0 else -floor(0.5 - value)
