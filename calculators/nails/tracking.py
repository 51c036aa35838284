"""The nails of a video over time."""

from collections.abc import Sequence
from dataclasses import replace

from calculators.nails.association import associate
from calculators.nails.nail import Nail
from calculators.nails.pose import Size
from calculators.nails.track import Calmness, Track


class Tracker:
    """Follows nails from frame to frame.

    Args:
        calmness: how they are calmed.
        appear_after: in how many frames a new nail has been seen before it is shown.
        keep_for: for how many frames a steady nail that is missing is shown.
    """

    def __init__(self, calmness: Calmness, appear_after: int, keep_for: int) -> None:
        self._calmness = calmness
        self._appear_after, self._keep_for = appear_after, keep_for
        self._tracks: list[Track] = []
        self._frame_size: Size | None = None
        self._count = 0

    def __call__(self, nails: Sequence[Nail], timestamp: int, frame_size: Size) -> list[Nail]:
        """The nails to be shown, with their ids: those that are seen in their order, then missing ones.

        Args:
            nails: of the frame at `timestamp`.
            timestamp: in microseconds, larger at every call.
            frame_size: (width, height).
        """
        starts = frame_size != self._frame_size
        before = [] if starts else self._tracks
        self._frame_size = frame_size
        pairs = associate([track.expected(timestamp) for track in before], nails)
        if 2 * len(pairs) < min(len(before), len(nails)):  # A cut: these are other nails.
            before, pairs, starts = [], [], True
        known = {second: before[first] for first, second in pairs}
        tracks = []
        for i, nail in enumerate(nails):
            if i in known:
                known[i].update(nail, timestamp, frame_size)
                known[i].shown |= known[i].seen > self._appear_after
                tracks.append(known[i])
            else:
                at_once = starts or not self._appear_after
                tracks.append(Track(replace(nail, id=self._count), at_once, timestamp, self._calmness))
                self._count += 1
        found = set(known.values())
        missing = (track for track in before if track not in found and track.missed < self._keep_for)
        self._tracks = tracks + [track for track in missing if track.coast(timestamp, frame_size)]
        return [track.nail for track in self._tracks if track.shown]
