"""The nails' embedded clip: a hand comes in, turns, spreads its fingers and bends them; a second one visits.

Drawn at run time by `demo.hands`, so that what the nails cover, whose finger they are on and where they point
is known in every frame. `python -m demo.hands_clip FILE` writes it.
"""

import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import cos, pi, sin
from pathlib import Path

import numpy as np

from calculators.video.header import VideoHeader
from calculators.video.writer import VideoWriter
from demo.hands import Camera, Hand, Light, NailStyle, Picture, render
from demo.hands_background import background

WIDTH, HEIGHT = 640, 480
FRAME_RATE = 30
FRAMES = 150
SIZE = 215  # width of the back of the hand in pixels
# Moments in seconds.
ARRIVED = 1.2
SECOND_COMES, SECOND_GOES = 2.6, 3.8  # when it is at rest, when it leaves
LIGHT = Light(angle=-2.3, height=0.95, ambient=0.5, shadow=0.45, distance=0.16)
CAMERA = Camera(exposure=1.12, gains=(1.02, 1.0, 0.97), blur=0.6, noise=1.5)
NAILS = NailStyle(shape="round", length=0.06, gloss=0.45, seed=4)


def pictures(count: int = FRAMES, first: int = 0) -> Iterator[Picture]:
    """The frames with their truth, the same every time; a nail keeps its id.

    Args:
        count: how many; fewer where the clip ends.
        first: index of the first one.
    """
    behind = background("cloth", WIDTH, HEIGHT, seed=11, color="#B9B2A6")
    for index in range(first, min(first + count, FRAMES)):
        yield render(hands_at(index / FRAME_RATE), behind, LIGHT, CAMERA, seed=index, fine=1)


def frames(count: int = FRAMES) -> Iterator[np.ndarray]:
    """The frames alone, RGB uint8 [480, 640, 3]."""
    for picture in pictures(count):
        yield picture.rgb


def timestamp(index: int) -> int:
    """The time of frame `index` in microseconds."""
    return round(index * 1_000_000 / FRAME_RATE)


def write_clip(path: Path | str, count: int = FRAMES) -> None:
    """Writes the clip as a video: H.264 in .mp4 by name."""
    write_frames(path, frames(count))


def write_frames(path: Path | str, drawn: Iterable[np.ndarray]) -> None:
    """Writes frames of the clip, from its first on, as a video."""
    rate = Fraction(FRAME_RATE)
    with VideoWriter(path, header=VideoHeader(WIDTH, HEIGHT, rate, time_base=1 / rate)) as writer:
        for index, frame in enumerate(drawn):
            writer.write(frame, timestamp(index))


def hands_at(seconds: float) -> list[Hand]:
    """What is in the clip at a moment: the left hand, then the right one while it is there."""
    entry = 1 - _ease(seconds / ARRIVED)
    aside = _ease((seconds - SECOND_COMES) / 1.1 + 1) * (1 - _ease((seconds - SECOND_GOES) / 1.1))
    swing = 2 * pi * seconds / 5
    turn = 0.30 * sin(2 * swing + 0.4) * (1 - 0.6 * aside)
    flex = 0.16 + 0.16 * sin(2.5 * swing)
    first = Hand(
        left=True,
        x=330 - 130 * aside + 120 * turn,
        y=322 + 380 * entry - 10 * sin(1.4 * swing),
        size=SIZE * (1 + 0.05 * sin(1.3 * swing) - 0.24 * aside),
        angle=-pi / 2 + turn - 0.6 * entry,
        spread=0.42 + 0.36 * sin(2 * swing - 0.9),
        bend=(flex, flex, flex + 0.05 * sin(3 * swing), flex + 0.04 * cos(2 * swing), flex + 0.05),
        thumb=0.62 + 0.28 * sin(2 * swing - 0.5) - 0.1 * aside,
        roll=0.20 * sin(2 * swing),
        tone=0.22,
        warmth=0.2,
        slim=0.95,
        nails=NAILS,
        seed=3,
    )
    if aside == 0:
        return [first]
    second = Hand(
        left=False,
        x=475 + 400 * (1 - aside),
        y=345 + 50 * (1 - aside) + 10 * sin(3 * swing),
        size=0.78 * SIZE,
        angle=-pi / 2 + 0.15 + 0.6 * (1 - aside) + 0.12 * sin(2 * swing),
        spread=0.35 + 0.25 * sin(3 * swing),
        bend=(0.1, 0.15, 0.15, 0.2, 0.25),
        thumb=0.35,
        tone=0.22,
        warmth=0.2,
        slim=0.95,
        nails=NAILS,
        seed=7,
    )
    return [first, second]


def _ease(part: float) -> float:
    """0 to 1 with a smooth beginning and end."""
    part = min(max(part, 0.0), 1.0)
    return part**3 * (10 - 15 * part + 6 * part * part)


if __name__ == "__main__":
    write_clip(sys.argv[1])
