"""Stills of faces as clips, and the true points of every frame: one that rests and one that moves.

The frames are encoded as JPEG and decoded, as many webcams send them: what they add trembles, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from training.data_landmarks import FacePicture
from training.moved_stills import Way, move_picture

FRAMES = 60
QUALITY = 80
"""Of the JPEGs."""


class FaceFrame(NamedTuple):
    """A frame of a clip.

    Attributes:
        image: RGB uint8 [H, W, 3].
        points: float64 [n, 2], in pixels, (0, 0) the frame's top left corner.
    """

    image: np.ndarray
    points: np.ndarray


def move_face(name: str, face: FacePicture, frames: int, *, moves: bool) -> Iterator[FaceFrame]:
    """A clip of a face, 30 frames a second.

    Args:
        name: of the still; decides on the way.
        face: picture and points.
        frames: how many.
        moves: or else it rests: frames differ by their noise alone.
    """
    for moved in move_picture(name, face.image, frames, moves=moves):
        yield FaceFrame(recoded(moved.image), _placed(face.points, moved.matrix))


def stays_in_view(name: str, face: FacePicture, frames: int) -> bool:
    """Whether all points are inside the frame, in all frames of the clip that moves."""
    height, width = face.image.shape[:2]
    way = Way(name, height, width, frames, True)
    places = np.stack([_placed(face.points, way.at(number)[0]) for number in range(frames)])
    return bool(((places >= 0) & (places <= (width, height))).all())


def _placed(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points of the still in the frame; the matrix counts from pixels' middles."""
    return (points - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5


def recoded(image: np.ndarray) -> np.ndarray:
    """An RGB uint8 picture as it comes back from a JPEG."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, content = cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
    return cv2.cvtColor(cv2.imdecode(content, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
