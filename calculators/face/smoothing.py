"""Calm faces over time, without packets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calculators.face.types import Face
from calculators.inference.region import Size
from calculators.landmarks.filters import OneEuroFilter, Values

FREQUENCY: Final = 30.0
DERIVATE_CUTOFF: Final = 2.0
"""In Hz: lower hardly sees movement begin, higher takes noise for movement."""


@dataclass(frozen=True)
class Calmness:
    """How faces are calmed; as the fields of FaceSmoothingCalculatorOptions."""

    min_cutoff: float
    beta: float
    jump: float


@dataclass
class _Track:
    """A face that is calmed: its filter, and its points as last seen, in pixels."""

    filter: OneEuroFilter
    seen: Values


class FaceSmoother:
    """Calms the landmarks of each face, frame by frame.

    Args:
        calmness: how much.
    """

    def __init__(self, calmness: Calmness) -> None:
        self._calmness = calmness
        self._tracks: dict[int, _Track] = {}
        self._frame_size: Size | None = None

    def __call__(self, faces: Sequence[Face], timestamp: int, size: Size) -> list[Face]:
        """The faces with calm landmarks; those without id, and those that just came, as they are.

        Args:
            faces: of the frame at `timestamp`.
            timestamp: in microseconds, larger at every call.
            size: (width, height) of the frame in pixels; another one starts anew.
        """
        before = self._tracks if size == self._frame_size else {}
        self._frame_size, self._tracks = size, {}
        return [
            face if face.id is None else self._calm(face, face.id, before, timestamp, size) for face in faces
        ]

    def _calm(self, face: Face, id: int, before: dict[int, _Track], timestamp: int, size: Size) -> Face:
        points = face.landmarks.astype(np.float64) * size
        scale = max(float(np.ptp(points, axis=0).max()), 1.0)
        track = before.get(id)
        if track is None or np.hypot(*(points - track.seen).T).mean() > self._calmness.jump * scale:
            options = self._calmness
            new = OneEuroFilter(FREQUENCY, options.min_cutoff, options.beta, DERIVATE_CUTOFF)
            track = _Track(new, points)
        track.seen = points
        self._tracks[id] = track
        calm = track.filter(points, timestamp, 1 / scale) / size
        return replace(face, landmarks=calm.astype(np.float32))
