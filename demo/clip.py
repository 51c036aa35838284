"""The embedded clip: a portrait that moves, made at run time from a public-domain photograph.

The photograph is `skimage.data.astronaut()` (NASA, public domain), which lies inside scikit-image's
wheel: no network is needed. It is panned, zoomed, rotated, bent by a thin-plate spline and re-exposed.
Every motion has a period of the whole clip, so that the clip loops without a jump.

`python -m demo.clip FILE` writes it.
"""

import sys
from collections.abc import Iterator
from fractions import Fraction
from math import cos, pi, sin
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from scipy.interpolate import RBFInterpolator

from calculators.face.types import Face
from calculators.video.header import VideoHeader
from calculators.video.writer import VideoWriter
from demo.portrait import ASTRONAUT

WIDTH, HEIGHT = 640, 480
FRAME_RATE = 30
FRAMES = 120
HEAD_X = 226  # the middle of the head, in the photograph's pixels; the hair begins 15 below its upper edge
ZOOM = 1.9  # picture pixels per photograph pixel
APPROACHES = 12  # each leaves less than a fifth of the way


def frames(count: int = FRAMES) -> Iterator[np.ndarray]:
    """The frames of the clip, the same every time; more than `FRAMES` goes round again.

    Args:
        count: how many frames.

    Yields:
        RGB uint8 frames [480, 640, 3].
    """
    photograph = skimage.data.astronaut()
    bend = _bend()
    for index in range(count):
        yield _frame(photograph, bend, 2 * pi * (index % FRAMES) / FRAMES)


def faces(count: int = FRAMES) -> Iterator[Face]:
    """Where the face is in each frame of the clip, as exactly as its landmarks are known in the photograph.

    Args:
        count: how many frames.
    """
    landmarks = np.array(ASTRONAUT, np.float32).reshape(-1, 2)
    bend = _bend()
    for index in range(count):
        view = np.dstack(_view(bend, 2 * pi * (index % FRAMES) / FRAMES))
        points = np.full_like(landmarks, (WIDTH / 2, HEIGHT / 2))
        # The view says which point of the photograph a pixel shows: go by what is missing to the wanted one.
        for _ in range(APPROACHES):
            x, y = np.ascontiguousarray(points.T)[..., None]
            seen = cv2.remap(view, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            points += ZOOM * (landmarks - seen[:, 0])
        yield Face(((points + 0.5) / (WIDTH, HEIGHT)).astype(np.float32), 1.0)


def timestamp(index: int) -> int:
    """The time of frame `index` in microseconds."""
    return round(index * 1_000_000 / FRAME_RATE)


def write_clip(path: Path | str, count: int = FRAMES) -> None:
    """Writes the clip as a video: H.264 in .mp4 by name."""
    rate = Fraction(FRAME_RATE)
    with VideoWriter(path, header=VideoHeader(WIDTH, HEIGHT, rate, time_base=1 / rate)) as writer:
        for index, frame in enumerate(frames(count)):
            writer.write(frame, timestamp(index))


def _view(bend: np.ndarray, phase: float) -> tuple[np.ndarray, np.ndarray]:
    """Which point of the photograph each pixel of a frame shows: x and y, float32 [480, 640]."""
    angle = 0.08 * sin(phase)
    zoom = ZOOM * (1 + 0.09 * sin(2 * phase + 0.5))
    centre_x = HEAD_X + 30 * sin(phase + 1.0)
    centre_y = HEIGHT / 2 / zoom + 4 * sin(2 * phase)  # the view's upper edge stays near the photograph's
    columns, rows = np.meshgrid(
        np.arange(WIDTH, dtype=np.float32) - (WIDTH - 1) / 2,
        np.arange(HEIGHT, dtype=np.float32) - (HEIGHT - 1) / 2,
    )
    x = columns + cos(phase) * bend[..., 0] + sin(phase) * bend[..., 1]
    y = rows + cos(phase) * bend[..., 2] + sin(phase) * bend[..., 3]
    map_x = centre_x + (cos(angle) * x - sin(angle) * y) / zoom
    map_y = centre_y + (sin(angle) * x + cos(angle) * y) / zoom
    return map_x.astype(np.float32), map_y.astype(np.float32)


def _frame(photograph: np.ndarray, bend: np.ndarray, phase: float) -> np.ndarray:
    exposure = 0.93 + 0.13 * cos(phase + 2.2)
    map_x, map_y = _view(bend, phase)
    moved = cv2.remap(
        photograph,
        map_x,
        map_y,
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    return cv2.convertScaleAbs(moved, alpha=exposure)


def _bend() -> np.ndarray:
    """Displacements [480, 640, 4] in pixels: x and y at phase 0, x and y a quarter later, interleaved.

    A thin-plate spline is linear in its values, so two fields, mixed by the phase's cosine and sine,
    move every point of the picture on an ellipse of its own.
    """
    points = np.stack(np.meshgrid(np.linspace(0, WIDTH, 4), np.linspace(0, HEIGHT, 3)), -1).reshape(-1, 2)
    values = np.random.default_rng(7).uniform(-9, 9, (len(points), 4))
    coarse = np.stack(np.meshgrid(np.linspace(0, WIDTH, 33), np.linspace(0, HEIGHT, 25)), -1)
    field = RBFInterpolator(points, values, kernel="thin_plate_spline")(coarse.reshape(-1, 2))
    return cv2.resize(
        field.reshape(*coarse.shape[:2], 4).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )


if __name__ == "__main__":
    write_clip(sys.argv[1])
