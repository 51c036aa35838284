"""Stills moved as clips: the camera pans, zooms and turns, and says how.

The way is random, but always the same for a name: it rests, moves, rests, moves, and rests. Fast movement
blurs, the exposure changes slowly, a hand that rests trembles, and each frame has noise of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, radians, sin
from typing import NamedTuple
from zlib import crc32

import cv2
import numpy as np

ZOOM = 1.25, 1.45
ANGLE = radians(9)
"""Most that a pose is turned from the still."""

ROOM = 0.2, 0.6
"""How far the view is from the middle, as a share of what keeps it inside the still."""

EXPOSURE = 0.85, 1.15
SHUTTER = 0.5
"""Share of a frame's time in which light falls in."""

EXPOSURES = 5
"""Pictures whose mean is a blurred frame."""

NOISE = 2.0
"""Standard deviation in grey levels."""

TREMOR = 0.3
"""Pixels by which the picture trembles."""

TURNS = 0, 1 / 6, 5 / 12, 7 / 12, 5 / 6, 1
POSES = 0, 0, 1, 1, 2, 2
"""At which shares of a clip which of its three poses is reached and left."""


class MovedPicture(NamedTuple):
    """A frame of a moved still.

    Attributes:
        image: RGB uint8 [H, W, 3].
        matrix: float64 [2, 3], from places in the still to places in the frame; a pixel's middle has whole
            numbers.
        angle: radians by which the still is turned in the frame.
        speed: pixels that the middle half of the frame moved since the frame before; 0 in the first.
    """

    image: np.ndarray
    matrix: np.ndarray
    angle: float
    speed: float


class Way:
    """The way of a camera over a still.

    Args:
        name: of the still; decides on the way.
        height, width: of the still.
        frames: of the clip.
        moves: or else the camera stands still in its first pose.
    """

    def __init__(self, name: str, height: int, width: int, frames: int, moves: bool) -> None:
        self._rng = np.random.default_rng(crc32(name.encode()))
        self._size = np.array((width, height))
        self._last = max(frames - 1, 1)
        self._moves = moves
        sides = self._rng.choice((-1, 1), 3)
        # Each pose is on the other side of the one before, so that every movement goes a long way.
        self._poses = np.stack([self._pose(sides * (-1) ** number) for number in range(3)])
        self._phases = self._rng.uniform(0, 2 * pi, 2)

    def _pose(self, sides: np.ndarray) -> np.ndarray:
        """Zoom, angle, x and y from the still's middle, exposure; the view is inside the still."""
        zoom, angle = self._rng.uniform(*ZOOM), sides[0] * self._rng.uniform(0.4, 1) * ANGLE
        width, height = self._size / 2
        across, along = cos(angle), abs(sin(angle))
        seen = np.array((across * width + along * height, across * height + along * width)) / zoom
        room = np.maximum(self._size / 2 - seen, 0)
        x, y = sides[1:] * self._rng.uniform(*ROOM, 2) * room
        return np.array((zoom, angle, x, y, self._rng.uniform(*EXPOSURE)))

    def at(self, frame: float) -> tuple[np.ndarray, float, float]:
        """Matrix, angle and exposure at a frame, or between two."""
        # Without movement it is the first moment that lasts.
        frame = frame if self._moves else 0.0
        place = float(np.interp(frame / self._last, TURNS, POSES))
        pose = min(int(place), 1)
        part = place - pose
        part *= part * (3 - 2 * part)
        zoom, angle, x, y, exposure = (1 - part) * self._poses[pose] + part * self._poses[pose + 1]
        middle = (self._size - 1) / 2
        turn = zoom * np.array(((cos(angle), -sin(angle)), (sin(angle), cos(angle))))
        tremor = TREMOR * np.sin(self._phases + frame * np.array((0.8, 0.6)))
        offset = middle + tremor - turn @ (middle + np.array((x, y)))
        return np.column_stack((turn, offset)), float(angle), float(exposure)


def move_picture(
    name: str, picture: np.ndarray, frames: int, *, moves: bool = True
) -> Iterator[MovedPicture]:
    """A clip of a still: frames of the still's size, 30 a second.

    Args:
        name: of the still; decides on the way.
        picture: RGB uint8 [H, W, 3].
        frames: how many.
        moves: or else the camera stands still in its first pose, and only the noise changes.
    """
    height, width = picture.shape[:2]
    way = Way(name, height, width, frames, moves)
    noise = np.random.default_rng(crc32(name.encode()))
    corners = np.array([(x * width, y * height, 1) for x in (0.25, 0.75) for y in (0.25, 0.75)])
    bright, before = picture.astype(np.float32), None
    for number in range(frames):
        matrix, angle, exposure = way.at(number)
        moments = number + SHUTTER * np.linspace(-0.5, 0.5, EXPOSURES)
        light = NOISE * noise.standard_normal(picture.shape, np.float32)
        for moment in moments:
            cv2.accumulate(exposure / EXPOSURES * _warp(bright, way.at(moment)[0]), light)
        now = corners @ matrix.T
        speed = 0.0 if before is None else float(np.linalg.norm(now - before, axis=1).mean())
        yield MovedPicture(np.clip(np.rint(light), 0, 255).astype(np.uint8), matrix, angle, speed)
        before = now


def _warp(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    size = picture.shape[1::-1]
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
