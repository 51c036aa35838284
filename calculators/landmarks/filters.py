"""Filters that calm points over time. They know numbers and times, no packets."""

from collections import deque
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tryon import GraphError

Values = NDArray[np.float64]

USUAL_DURATION_US = 1e6 / 30
"""How long a packet is taken to last when a velocity is measured: older ones do not count."""


class Filter(Protocol):
    """Filters arrays of one shape, one a time."""

    def __call__(self, values: Values, timestamp: int, scale: float) -> Values:
        """The filtered values.

        Args:
            values: any shape, always the same.
            timestamp: in microseconds, >= 0 and larger at every call; other values pass as they are.
            scale: the unit of the velocity: a distance times `scale` is what counts.
        """


class VelocityFilter:
    """Each value goes towards the new one by 1 - 1 / (1 + velocity_scale * velocity).

    Args:
        window_size: how many steps before this one the velocity is measured over, >= 0.
        velocity_scale: 0 keeps the first values for ever, large ones hardly filter.
    """

    def __init__(self, window_size: int = 5, velocity_scale: float = 10.0) -> None:
        self._velocity_scale = velocity_scale
        self._steps: deque[tuple[Values, int]] = deque(maxlen=window_size)
        self._longest = (1 + window_size) * USUAL_DURATION_US
        self._timestamp = -1
        self._raw = self._smooth = np.empty(0)
        self._scale = 1.0

    def __call__(self, values: Values, timestamp: int, scale: float) -> Values:
        if timestamp <= self._timestamp:
            return values
        if self._timestamp < 0:
            self._smooth = values
        else:
            step = values * scale - self._raw * self._scale, timestamp - self._timestamp
            velocity = np.abs(self._velocity(*step))
            self._steps.appendleft(step)
            self._smooth = _mix(self._smooth, values, 1 - 1 / (1 + self._velocity_scale * velocity))
        self._raw, self._scale, self._timestamp = values, scale, timestamp
        return self._smooth

    def _velocity(self, distance: Values, duration: int) -> Values:
        """In scaled units a second, over this step and those before it that are recent enough."""
        for step_distance, step_duration in self._steps:
            if duration + step_duration > self._longest:
                break
            distance = distance + step_distance
            duration += step_duration
        return distance / (duration * 1e-6)


class OneEuroFilter:
    """A low-pass filter whose cutoff is min_cutoff + beta * velocity, in Hz.

    Args:
        frequency: calls a second, until the timestamps tell, > 0.
        min_cutoff: the cutoff of values at rest, > 0.
        beta: 0 lets fast values lag, large ones do not.
        derivate_cutoff: the cutoff of the velocity, > 0.
    """

    def __init__(
        self,
        frequency: float = 30.0,
        min_cutoff: float = 1.0,
        beta: float = 0.0,
        derivate_cutoff: float = 1.0,
    ) -> None:
        self._frequency = frequency
        self._min_cutoff, self._beta, self._derivate_cutoff = min_cutoff, beta, derivate_cutoff
        self._timestamp = -1
        self._raw = self._smooth = self._velocity = np.empty(0)

    def __call__(self, values: Values, timestamp: int, scale: float) -> Values:
        if timestamp <= self._timestamp:
            return values
        if self._timestamp < 0:
            self._smooth, self._velocity = values, np.zeros_like(values)
        else:
            # As in the reference, a step from timestamp 0 does not tell the frequency.
            if self._timestamp:
                self._frequency = 1e6 / (timestamp - self._timestamp)
            velocity = (values - self._raw) * scale * self._frequency
            self._velocity = _mix(self._velocity, velocity, self._weight(self._derivate_cutoff))
            cutoff = self._min_cutoff + self._beta * np.abs(self._velocity)
            self._smooth = _mix(self._smooth, values, self._weight(cutoff))
        self._raw, self._timestamp = values, timestamp
        return self._smooth

    def _weight(self, cutoff: float | Values) -> float | Values:
        """The weight of a new value that lets pass what is slower than `cutoff`."""
        angle = 2 * np.pi * cutoff / self._frequency
        return angle / (angle + 1)


class PointFilter:
    """Filters the points of an object, whose size is the unit of their velocity.

    Args:
        filter_: what filters the coordinates.
        min_scale: objects smaller than this, in pixels, are left as they are.
        scales: False measures velocities in pixels.
    """

    def __init__(self, filter_: Filter, min_scale: float, scales: bool) -> None:
        self._filter = filter_
        self._min_scale = min_scale
        self._scales = scales
        self._count: int | None = None

    def __call__(self, points: Values, timestamp: int, object_scale: float | None) -> Values | None:
        """The filtered points, None where they stay as they are.

        Args:
            points: [n, 3] in pixels.
            timestamp: in microseconds.
            object_scale: the object's size in pixels; None takes the extent of the points.

        Raises:
            GraphError: the number of points changed, or there is no point to measure the object by.
        """
        scale = 1.0
        if self._scales:
            size = points_scale(points) if object_scale is None else object_scale
            if size < self._min_scale:
                return None
            scale = 1 / size
        if self._count not in (None, len(points)):
            raise GraphError(
                f"There are {len(points)} landmarks; before there were {self._count}. A filter follows one "
                "object: send no packet where it was not found, which starts anew."
            )
        self._count = len(points)
        return self._filter(points, timestamp, scale)


def points_scale(points: Values) -> float:
    """How large the object is that the points lie on: the mean of their extent in x and y.

    Raises:
        GraphError: there is no point.
    """
    if not len(points):
        raise GraphError(
            "The list of landmarks is empty, so there is no object to measure; send no packet where nothing "
            "was found."
        )
    return float(np.ptp(points[:, :2], axis=0).mean())


def _mix(old: Values, new: Values, weight: float | Values) -> Values:
    return old + weight * (new - old)
