"""One nail over time."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calculators.landmarks.filters import OneEuroFilter
from calculators.nails.association import nail_size
from calculators.nails.nail import Nail
from calculators.nails.orientation import wrapped
from calculators.nails.pose import Size, leaves_frame, moved_box, moved_mask, shift, with_steady_mask
from calculators.nails.votes import FingerVotes

FREQUENCY: Final = 30.0
DERIVATE_CUTOFF: Final = 2.0
"""In Hz: lower hardly sees movement begin, higher takes noise for movement."""

AGILITY: Final = 0.4
"""How far a nail's velocity goes over to the latest one."""

TREMBLE: Final = 0.015
"""Way in one frame that may be mere noise, in sizes of a nail."""

BLUR: Final = 0.1
"""Way in one frame, in sizes of a nail, from which on trembling is hardly seen any more, but lag is."""

ARC: Final = 0.5
"""Way of a nail's end when it turns by one radian, in sizes of a nail."""

FLIP: Final = 2.0
"""Radians by which a nail does not turn from one frame to the next: base and tip are confused."""

FLIP_FRAMES: Final = 4
"""For how many frames in a row base and tip must have changed places to be believed."""

STEADY_FRAMES: Final = 5
"""In how many frames a nail must have been seen to be shown where it is missing."""


@dataclass(frozen=True)
class Calmness:
    """How nails are calmed; as the fields of NailTrackingCalculatorOptions."""

    min_cutoff: float
    beta: float
    mask_smoothing: float


class Track:
    """A nail that is followed from frame to frame.

    Args:
        nail: as first seen, with its id.
        shown: whether it is shown at once.
        timestamp: of that, in microseconds.
        calmness: how it is calmed.

    Attributes:
        nail: calmed, as of the last frame.
        seen: in how many frames it was.
        missed: in how many frames in a row it was not.
        shown: whether it is certain enough to be shown.
    """

    def __init__(self, nail: Nail, shown: bool, timestamp: int, calmness: Calmness) -> None:
        self.nail = nail
        self.shown = shown
        self.seen, self.missed = 1, 0
        self._calmness = calmness
        self._timestamp = timestamp
        # Points and ways in the frame are complex numbers: x + iy.
        self._raw_center, self._raw_angle = complex(*nail.center), nail.angle
        self._velocity = self._way = 0j
        # How far the nail is calmed: 1 where it does not move, near 0 where it moves fast.
        self._calm = 1.0
        self._flips = 0
        self._votes = FingerVotes()
        self._votes.add(nail.finger, nail.score)
        self._restart()
        self._filter(nail, nail.angle, timestamp)

    def expected(self, timestamp: int) -> Nail:
        """The nail moved on with its velocity, without its mask."""
        center = complex(*self.nail.center) + self._velocity * (timestamp - self._timestamp)
        return replace(self.nail, center=(center.real, center.imag))

    def update(self, nail: Nail, timestamp: int, frame_size: Size) -> None:
        """Takes in what is seen of the nail in the frame (width, height) at a timestamp."""
        self._follow(nail, timestamp)
        self._votes.add(nail.finger, nail.score)
        angle = self._unwrapped(nail.angle)
        was_cut, is_cut = leaves_frame(self.nail, frame_size), leaves_frame(nail, frame_size)
        if was_cut or is_cut:  # Its middle and length depend on how much of it is to be seen.
            self._restart()
        calm = self._filter(nail, angle, timestamp)
        before, self.nail = self.nail, replace(calm, finger=self._votes.finger, id=self.nail.id)
        if not is_cut:
            weight = 0 if was_cut else self._calm * self._calmness.mask_smoothing
            self.nail = with_steady_mask(self.nail, nail, before, weight, frame_size)
        self.seen, self.missed, self._timestamp = self.seen + 1, 0, timestamp

    def coast(self, timestamp: int, frame_size: Size) -> bool:
        """Moves the nail on with its velocity; False where it is not to be shown without being seen."""
        way = self._velocity * (timestamp - self._timestamp)
        moves = shift(way.real, way.imag)
        box = moved_box(self.nail, moves, frame_size)
        if self.seen < STEADY_FRAMES or box is None or leaves_frame(self.nail, frame_size):
            return False
        mask = moved_mask(self.nail, moves, box)
        self.nail = replace(self.expected(timestamp), mask=mask, left=box[0], top=box[1])
        self._raw_center += way
        self._way += way
        self.missed, self._timestamp = self.missed + 1, timestamp
        return not leaves_frame(self.nail, frame_size)

    def _follow(self, nail: Nail, timestamp: int) -> None:
        """Measures the velocity: the way that the nail goes anyway is not filtered."""
        duration, center = timestamp - self._timestamp, complex(*nail.center)
        velocity = (center - self._raw_center) / duration
        self._velocity += (1 if self.seen == 1 else AGILITY) * (velocity - self._velocity)
        self._raw_center = center
        way = self._velocity * duration
        speed = (abs(way) / nail_size(nail)) ** 2
        self._way += way * (speed / (speed + TREMBLE**2))
        self._calm = BLUR**2 / (speed + BLUR**2)

    def _restart(self) -> None:
        options = self._calmness
        self._place = OneEuroFilter(FREQUENCY, options.min_cutoff, options.beta, DERIVATE_CUTOFF)
        self._turn = OneEuroFilter(FREQUENCY, options.min_cutoff, options.beta, DERIVATE_CUTOFF)

    def _filter(self, nail: Nail, angle: float, timestamp: int) -> Nail:
        rest = complex(*nail.center) - self._way
        values = np.array([rest.real, rest.imag, nail.length, nail.width])
        x, y, length, width = self._place(values, timestamp, 1 / nail_size(nail)).tolist()
        turned = float(self._turn(np.array([angle]), timestamp, ARC)[0])
        center = self._way + rest + self._calm * (complex(x, y) - rest)
        return replace(
            nail, center=(center.real, center.imag), angle=wrapped(turned), length=length, width=width
        )

    def _unwrapped(self, angle: float) -> float:
        """The angle as a continuation of those before, base and tip not confused."""
        turn = wrapped(angle - self._raw_angle)
        self._flips = self._flips + 1 if abs(turn) > FLIP else 0
        if 0 < self._flips < FLIP_FRAMES:
            turn = wrapped(turn + math.pi)
        elif self._flips:
            self._restart()
        self._raw_angle += turn
        return self._raw_angle
