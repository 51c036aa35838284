"""Which finger a nail belongs to, over time."""

from typing import Final

from calculators.nails.nail import CLASSES

MEMORY: Final = 0.9
"""What a vote for a finger counts a frame later."""

LEAD: Final = 1.5
"""How many times the votes of the nail's finger another must have to take its place."""


class FingerVotes:
    """The finger that a nail was seen as most often of late.

    Attributes:
        finger: index into `nail.CLASSES`, None as long as there was no vote.
    """

    def __init__(self) -> None:
        self.finger: int | None = None
        self._votes = [0.0] * len(CLASSES)

    def add(self, finger: int | None, score: float) -> None:
        """Takes in what one frame shows: a finger, if any, and how certain the nail is."""
        self._votes = [MEMORY * vote for vote in self._votes]
        if finger is not None:
            self._votes[finger] += score
        best = self._votes.index(max(self._votes))
        if self._votes[best] > (0 if self.finger is None else LEAD * self._votes[self.finger]):
            self.finger = best
