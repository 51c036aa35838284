"""Measurements that are steady in time."""

import math

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


class Steady:
    """Numbers that follow what is measured within a time constant, whatever the frame rate.

    Args:
        time_constant: seconds to cover 63 % of the way to a new value; 0 follows at once.
    """

    def __init__(self, time_constant: float) -> None:
        self._time_constant = time_constant
        self._seen_at = 0
        self.values: Numbers | None = None

    def follow(self, measured: Numbers, timestamp: int) -> Numbers:
        """The steady values at a time in microseconds; the first are what is measured."""
        if self.values is None or self._time_constant == 0:
            self.values = measured
        else:
            seconds = (timestamp - self._seen_at) / 1e6
            self.values = self.values + (measured - self.values) * -math.expm1(-seconds / self._time_constant)
        self._seen_at = timestamp
        return self.values
