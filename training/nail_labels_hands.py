"""Find hands in a picture of nails with MediaPipe's landmarks: in several views, which then vote.

The detector wants whole hands of a middling size, upright or nearly so. It so sees the picture small in a
border, larger, cropped round nails that no hand has claimed yet, and turned; always mirrored as well, since
left and right are believed only where the mirrored view says the opposite.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

import cv2
import numpy as np

from training.data import DataError
from training.nail_labels_shape import REACH, NailShape, tip_distances

VIEW: Final = 640
CONFIDENCE: Final = 0.3
MAX_HANDS: Final = 4
WHOLE: Final = (2.2, 1.6)
"""Sides of the views of the whole picture, in longer sides of the picture."""

CLOSE_UP: Final = 0.2
"""Where every nail is larger than this, in longer sides of the picture, no whole hand can be seen."""

CROP: Final = 2.5
MIN_CROP: Final = 8.0
NEIGHBOURHOOD: Final = 4.0
"""Nails of one crop: a chain of steps of at most this many nails (roots of the area)."""


@dataclass(frozen=True)
class View:
    """A square of a picture, as the detector sees it: middle, side, quarter turns, and perhaps mirrored."""

    center: tuple[float, float]
    side: float
    turns: int = 0
    mirrored: bool = False

    def matrix(self) -> np.ndarray:
        """From the picture's pixels to the view's, float64 [2, 3]."""
        angle = self.turns * np.pi / 2
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        mirror = np.diag([-1.0 if self.mirrored else 1.0, 1.0])
        linear = VIEW / self.side * mirror @ turn
        return np.hstack([linear, VIEW / 2 - linear @ np.array(self.center)[:, None]])


@dataclass(frozen=True)
class Hand:
    """One hand as one view shows it.

    Attributes:
        points: MediaPipe's 21 landmarks in pixels of the picture, float64 [21, 2].
        right: how probable it is that its owner calls it the right one.
        mirrored: whether the view was.
    """

    points: np.ndarray
    right: float
    mirrored: bool


class HandFinder:
    """MediaPipe's hands on views of a picture."""

    def __init__(self) -> None:
        if find_spec("mediapipe") is None:
            raise DataError("mediapipe is not installed: pip install -e '.[mediapipe]'")
        from mediapipe.python.solutions.hands import Hands  # takes seconds to import

        self._hands: Any = Hands(
            static_image_mode=True, max_num_hands=MAX_HANDS, min_detection_confidence=CONFIDENCE
        )

    def in_view(self, image: np.ndarray, view: View) -> list[Hand]:
        """The hands of a view of an RGB uint8 picture."""
        matrix = view.matrix()
        seen = cv2.warpAffine(image, matrix, (VIEW, VIEW), borderMode=cv2.BORDER_REPLICATE)
        found = self._hands.process(seen)
        back = cv2.invertAffineTransform(matrix)
        hands = []
        for landmarks, sides in zip(
            found.multi_hand_landmarks or (), found.multi_handedness or (), strict=True
        ):
            points = np.array([(p.x * VIEW, p.y * VIEW) for p in landmarks.landmark])
            side = sides.classification[0]
            # MediaPipe takes every picture for a mirrored one: what it calls left is the owner's right.
            right = side.score if (side.label == "Left") != view.mirrored else 1 - side.score
            hands.append(Hand(points @ back[:, :2].T + back[:, 2], right, view.mirrored))
        return hands

    def find(self, image: np.ndarray, nails: Sequence[NailShape]) -> list[Hand]:
        """The hands of all views, more views for as long as there are nails that no hand claims."""
        height, width = image.shape[:2]
        middle, longer = (width / 2, height / 2), float(max(height, width))
        if all(nail.size > CLOSE_UP * longer for nail in nails):
            return []
        hands = self._both(image, [View(middle, WHOLE[0] * longer)])
        if unclaimed(nails, hands):
            hands += self._both(image, [View(middle, WHOLE[1] * longer)])
        if open_nails := unclaimed(nails, hands):
            hands += self._both(image, crops(open_nails))
        if unclaimed(nails, hands):
            hands += self._both(image, [View(middle, WHOLE[0] * longer, turns) for turns in (1, 3)])
        return hands

    def _both(self, image: np.ndarray, views: Iterable[View]) -> list[Hand]:
        return [
            hand
            for view in views
            for mirrored in (False, True)
            for hand in self.in_view(image, View(view.center, view.side, view.turns, mirrored))
        ]


def unclaimed(nails: Sequence[NailShape], hands: Sequence[Hand]) -> list[NailShape]:
    """Nails without a fingertip near in both a plain and a mirrored view."""
    near = {False: np.zeros(len(nails), bool), True: np.zeros(len(nails), bool)}
    for hand in hands:
        near[hand.mirrored] |= (tip_distances(nails, hand.points) <= REACH).any(axis=1)
    return [nail for nail, claimed in zip(nails, near[False] & near[True], strict=True) if not claimed]


def crops(nails: Sequence[NailShape]) -> list[View]:
    """A view round every cluster of nails, large enough to show their hand."""
    clusters: list[list[NailShape]] = []
    for nail in nails:
        near = [c for c in clusters if any(_neighbours(nail, other) for other in c)]
        clusters = [c for c in clusters if c not in near] + [[nail, *(one for c in near for one in c)]]
    views = []
    for cluster in clusters:
        centers = np.array([nail.center for nail in cluster])
        low, high = centers.min(axis=0), centers.max(axis=0)
        side = max(CROP * float((high - low).max()), MIN_CROP * max(nail.size for nail in cluster))
        x, y = (low + high) / 2
        views.append(View((float(x), float(y)), side))
    return views


def _neighbours(one: NailShape, other: NailShape) -> bool:
    apart = np.hypot(one.center[0] - other.center[0], one.center[1] - other.center[1])
    return bool(apart <= NEIGHBOURHOOD * max(one.size, other.size))
