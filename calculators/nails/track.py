"""One nail over time."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calculators.landmarks.filters import OneEuroFilter
from calculators.nails.association import nail_size
from calculators.nails.nail import CLASSES, Nail
from calculators.nails.orientation import wrapped
from calculators.nails.pose import Size, leaves_frame, moved_box, moved_mask, pose_change, shift

FREQUENCY: Final = 30.0
DERIVATE_CUTOFF: Final = 2.0
"""In Hz: lower hardly sees movement begin, higher takes noise for movement."""

ARC: Final = 0.5
"""Way of a nail's end when it turns by one radian, in sizes of a nail."""

FLIP: Final = 2.0
"""Radians by which a nail does not turn from one frame to the next: base and tip are confused."""

FLIP_FRAMES: Final = 4
"""For how many frames in a row base and tip must have changed places to be believed."""

MEMORY: Final = 0.9
"""What a vote for a finger counts a frame later."""

LEAD: Final = 1.5
"""How many times the votes of the nail's finger another must have to take its place."""

STEADY_FRAMES: Final = 5
"""In how many frames a nail must have been seen to be shown where it is missing."""


@dataclass(frozen=True)
class Calmness:
    """How nails are calmed; as the fields of NailTrackingCalculatorOptions."""

    min_cutoff: float = 0.5
    beta: float = 10.0
    mask_smoothing: float = 0.6


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
        self._raw_center = np.array(nail.center)
        self._velocity = np.zeros(2)
        self._raw_angle = nail.angle
        self._flips = 0
        self._votes = np.zeros(len(CLASSES))
        self._vote(nail)
        self._restart()
        self._filter(nail, nail.angle, timestamp)

    def expected(self, timestamp: int) -> Nail:
        """The nail moved on with its velocity, without its mask."""
        x, y = np.array(self.nail.center) + self._velocity * (timestamp - self._timestamp)
        return replace(self.nail, center=(float(x), float(y)))

    def update(self, nail: Nail, timestamp: int, frame_size: Size) -> None:
        """Takes in what is seen of the nail in the frame (width, height) at a timestamp."""
        moved = (np.array(nail.center) - self._raw_center) / (timestamp - self._timestamp)
        self._velocity = moved if self.seen == 1 else (self._velocity + moved) / 2
        self._vote(nail)
        angle = self._unwrapped(nail.angle)
        was_cut, is_cut = leaves_frame(self.nail, frame_size), leaves_frame(nail, frame_size)
        if is_cut:  # What its middle and length are depends on how much of it is to be seen.
            self._restart()
        calm = self._filter(nail, angle, timestamp)
        before, self.nail = self.nail, replace(calm, finger=self._finger, id=self.nail.id)
        if not is_cut:
            self._place_mask(nail, None if was_cut else before, frame_size)
        self.seen, self.missed = self.seen + 1, 0
        self._timestamp, self._raw_center = timestamp, np.array(nail.center)

    def coast(self, timestamp: int, frame_size: Size) -> bool:
        """Moves the nail on with its velocity; False where it is not to be shown without being seen."""
        expected = self.expected(timestamp)
        x, y = np.array(expected.center) - np.array(self.nail.center)
        box = moved_box(self.nail, shift(x, y), frame_size)
        if self.seen < STEADY_FRAMES or box is None or leaves_frame(self.nail, frame_size):
            return False
        mask = moved_mask(self.nail, shift(x, y), box)
        self.nail = replace(expected, mask=mask, left=box[0], top=box[1])
        self.missed += 1
        self._timestamp, self._raw_center = timestamp, self._raw_center + np.array([x, y])
        return not leaves_frame(self.nail, frame_size)

    def _restart(self) -> None:
        calm = self._calmness
        self._place = OneEuroFilter(FREQUENCY, calm.min_cutoff, calm.beta, DERIVATE_CUTOFF)
        self._turn = OneEuroFilter(FREQUENCY, calm.min_cutoff, calm.beta, DERIVATE_CUTOFF)

    def _filter(self, nail: Nail, angle: float, timestamp: int) -> Nail:
        values = np.array([*nail.center, nail.length, nail.width])
        x, y, length, width = self._place(values, timestamp, 1 / nail_size(nail)).tolist()
        (turned,) = self._turn(np.array([angle]), timestamp, ARC).tolist()
        return replace(nail, center=(x, y), angle=wrapped(turned), length=length, width=width)

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

    def _vote(self, nail: Nail) -> None:
        self._votes *= MEMORY
        if nail.finger is not None:
            self._votes[nail.finger] += nail.score
        best, now = int(self._votes.argmax()), self.nail.finger
        is_new = self._votes[best] > (0 if now is None else LEAD * self._votes[now])
        self._finger = best if is_new else now

    def _place_mask(self, seen: Nail, before: Nail | None, frame_size: Size) -> None:
        """Moves the mask that is seen to the calmed place, and mixes it with the moved one of before."""
        x, y = np.array(self.nail.center) - np.array(seen.center)
        box = moved_box(seen, shift(x, y), frame_size)
        if box is None:
            return
        mask = moved_mask(seen, shift(x, y), box)
        if before is not None:
            difference = moved_mask(before, pose_change(before, self.nail), box) - mask
            # Where the two contradict each other, the new one is right: something covers the nail.
            mask += np.float32(self._calmness.mask_smoothing) * difference * (1 - difference * difference)
        self.nail = replace(self.nail, mask=mask, left=box[0], top=box[1])
