"""Particles in polish and make-up: glitter and the grain of pigments, fixed in places of what wears them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

# Pixels of the finest field along and across; a nail's width takes WIDTH of them.
ROWS: Final = 512
WIDTH: Final = 256
SEED: Final = 7
LEVELS: Final = 5
# How often a particle lights up while the nail turns once.
TURNS: Final = 9
# How much the contrast may be raised that a smaller level loses to averaging.
MOST_GAIN: Final = 2.0
# Steps between the fields of nails: two nails of a hand do not show the same particles.
STEP: Final = (89, 211)


@dataclass(frozen=True)
class Flakes:
    """Particles, each a small mirror in a direction of its own.

    Attributes:
        levels: fields [ROWS, WIDTH, 3], each half as large as the one before. First how much a particle
            covers, then the two parts of its mirror: `twinkle` says how they make its light at an angle.
        spread: how many of them lie where, [size, size], in levels; the nail's base is at the upper edge.
        color: RGB of the particles in light, [3].
        base: how bright a particle is that no light hits.
        dark: from which light on a particle shows it, [0, 1).
        strength: of this light.
    """

    levels: Sequence[FloatArray]
    spread: Sequence[FloatArray]
    color: FloatArray
    base: float
    dark: float
    strength: float


def glitter(density: float, size: float) -> Sequence[FloatArray]:
    """Hexagonal particles strewn over a nail.

    Args:
        density: the part of the nail that they would cover if none lay on another, [0, 1].
        size: [0, 1], from dust to a fifth of the nail's width.
    """
    rng = np.random.default_rng(SEED)
    radius = 2.2 + 22 * size**1.5
    count = round(ROWS * WIDTH * density / (2.6 * radius**2))
    field = np.full((ROWS, WIDTH, 3), (0, 127, 127), np.uint8)
    places = rng.uniform((0, 0), (WIDTH, ROWS), (count, 2))
    radii = radius * rng.uniform(0.5, 1.25, count)
    turns = np.arange(6) * np.pi / 3 + rng.uniform(0, np.pi / 3, (count, 1))
    corners = places[:, None] + radii[:, None, None] * np.stack((np.cos(turns), np.sin(turns)), axis=-1)
    phases, covers = rng.uniform(0, 2 * np.pi, count), rng.uniform(0.2, 1, count) ** 1.5
    values = np.stack((255 * covers, 127 + 127 * np.cos(phases), 127 + 127 * np.sin(phases)), axis=-1)
    fixed = np.rint(corners * 16).astype(np.int32)
    # The field has no border: what leaves it on one side comes in on the other.
    around = [16 * np.array((x, y)) for x in (0, WIDTH, -WIDTH) for y in (0, ROWS, -ROWS)]
    reaches = (np.minimum(places, (WIDTH, ROWS) - places) < radii[:, None] + 1).any(axis=1)
    for outline, value, leaves in zip(fixed, values, reaches.tolist(), strict=True):
        for way in around if leaves else around[:1]:
            cv2.fillConvexPoly(field, outline + way, value.tolist(), cv2.LINE_AA, 4)
    return _levels((field.astype(np.float32) - (0, 127, 127)).astype(np.float32) / (255, 127, 127))


def grain(size: float) -> Sequence[FloatArray]:
    """The grain of metal or pearl pigment, which covers nothing.

    Args:
        size: [0, 1], from next to nothing to coarse.
    """
    noise = np.random.default_rng(SEED).normal(0, 1, (ROWS, WIDTH, 3)).astype(np.float32)
    noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.5 + 2 * size), np.float32)
    noise *= 0.5 / noise.std()
    noise[..., 0] = 0
    return _levels(noise)


def halvings(picture: FloatArray) -> list[FloatArray]:
    """A picture at full size and smaller, each half as large as the one before."""
    levels = [np.asarray(picture, np.float32)]
    while len(levels) < LEVELS:
        shrunk = cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(shrunk, np.float32))
    return levels


def _levels(field: FloatArray) -> Sequence[FloatArray]:
    """A field in levels on which particles keep their contrast."""
    levels = halvings(field)
    contrast = float(levels[0][..., 1:].std())
    for level in levels[1:]:
        level[..., 1:] *= min(MOST_GAIN, contrast / max(float(level[..., 1:].std()), 1e-6))
    return levels


def twinkle(mirrors: FloatArray, angle: float) -> FloatArray:
    """The light of particles on a nail at an angle: 1 for a mirror that faces it, -1 for its opposite.

    Args:
        mirrors: [height, width, 3], of which the first are not looked at.
        angle: of the nail, in radians.
    """
    turn = np.array([[0, np.cos(TURNS * angle), np.sin(TURNS * angle)]])
    return np.asarray(cv2.transform(mirrors, turn))
