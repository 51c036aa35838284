"""Smoothing of landmark lists, for the calculators of one object and of several."""

from collections.abc import Callable

from calculators.formats import rect_pb2
from calculators.landmarks import landmarks_pb2
from calculators.landmarks.filters import OneEuroFilter, PointFilter, VelocityFilter
from calculators.landmarks.points import LandmarkList, Size, points_of, rect_scale, with_points
from tryon import GraphError

Options = landmarks_pb2.LandmarksSmoothingCalculatorOptions


class Smoother:
    """Smooths the landmarks of one object, call by call.

    Args:
        options: which filter, with which values.

    Raises:
        GraphError: the options name no filter, or a value is out of range.
    """

    def __init__(self, options: Options) -> None:
        self._make = _maker(options)
        self.reset()

    def reset(self) -> None:
        """Forgets all points: the next ones are of another object."""
        self._filter = self._make()

    def __call__(
        self,
        landmarks: LandmarkList,
        timestamp: int,
        size: Size,
        roi: rect_pb2.Rect | rect_pb2.NormalizedRect | None = None,
    ) -> LandmarkList:
        """The smoothed landmarks; the same object where they stay as they are.

        Args:
            landmarks: in fractions of `size`.
            timestamp: in microseconds.
            size: (width, height) of the picture, (1, 1) for landmarks that are not normalised.
            roi: the object's rectangle; None measures the extent of the points.
        """
        if self._filter is None:
            return landmarks
        scale = None if roi is None else rect_scale(roi, size)
        points = self._filter(points_of(landmarks, size), timestamp, scale)
        return landmarks if points is None else with_points(landmarks, points, size)


def _maker(options: Options) -> Callable[[], PointFilter | None]:
    """Makes the filter that the options name; None stands for no filter."""
    kind = options.WhichOneof("filter_options")
    if kind is None:
        raise GraphError(
            "Landmarks filter is either not specified or not supported; give the option no_filter {}, "
            "velocity_filter {} or one_euro_filter {}."
        )
    if kind == "velocity_filter":
        velocity = options.velocity_filter
        if velocity.window_size < 0:
            raise GraphError(f"The option window_size must be at least 0, not {velocity.window_size}.")
        return lambda: PointFilter(
            VelocityFilter(velocity.window_size, velocity.velocity_scale),
            velocity.min_allowed_object_scale,
            scales=not velocity.disable_value_scaling,
        )
    if kind == "one_euro_filter":
        euro = options.one_euro_filter
        for name in ("frequency", "min_cutoff", "derivate_cutoff"):
            if getattr(euro, name) <= 0:
                raise GraphError(f"The option {name} must be larger than 0, not {getattr(euro, name):g}.")
        return lambda: PointFilter(
            OneEuroFilter(euro.frequency, euro.min_cutoff, euro.beta, euro.derivate_cutoff),
            euro.min_allowed_object_scale,
            scales=not euro.disable_value_scaling,
        )
    return lambda: None
