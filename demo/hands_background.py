"""What is behind drawn hands: plain colours, wood, cloth."""

from colorsys import hsv_to_rgb
from typing import Final, Literal, get_args

import cv2
import numpy as np

from calculators.color.oklab import parse_color
from demo.hands_skin import noise

Surface = Literal["plain", "wood", "cloth", "blobs"]
SURFACES: Final = get_args(Surface)


def background(surface: Surface, width: int, height: int, seed: int, color: str | None = None) -> np.ndarray:
    """A picture of a surface, RGB uint8 [height, width, 3].

    Args:
        surface: what it is made of.
        width: in pixels.
        height: in pixels.
        seed: of its pattern and, without `color`, of its colour.
        color: "#RRGGBB" of it on the whole.
    """
    rng = np.random.default_rng((seed, SURFACES.index(surface)))
    chosen = _color(rng, surface)
    if color is not None:
        chosen = np.array(parse_color(color))
    along, across = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0.02, 0.18) * (np.cos(angle) * along + np.sin(angle) * across[:, None])
    light += 0.015 * noise(rng, height, width, max(width, height) / 5)
    picture = light[..., None].astype(np.float32) * chosen.astype(np.float32)
    if surface == "wood":
        picture = picture * _wood(rng, height, width)
    elif surface == "cloth":
        picture = picture * _cloth(rng, height, width)[..., None]
    elif surface == "blobs":
        picture = _blobs(rng, picture)
    return cv2.convertScaleAbs(picture)


def _color(rng: np.random.Generator, surface: Surface) -> np.ndarray:
    if surface == "wood":
        return np.array([190, 140, 95]) * rng.uniform(0.45, 1.2) * rng.uniform(0.92, 1.08, 3)
    if rng.random() < 0.4:  # paper, a table, a wall
        return np.clip(rng.uniform(170, 250) * rng.uniform(0.94, 1.04, 3), 0, 250)
    red, green, blue = hsv_to_rgb(rng.random(), rng.uniform(0.1, 0.65), rng.uniform(0.1, 0.92))
    return 255 * np.array([red, green, blue])


def _wood(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Grain along the columns, or along the rows."""
    if rng.random() < 0.5:
        return _wood_along(rng, height, width)
    return np.ascontiguousarray(_wood_along(rng, width, height).transpose(1, 0, 2))


def _wood_along(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    rows = np.arange(height, dtype=np.float32)[:, None]
    bend = rng.uniform(4, 14) * noise(rng, height, width, max(height, width) / 3)
    rings = np.sin((rows + bend) * rng.uniform(0.15, 0.5) + 1.5 * noise(rng, height, width, 40))
    streaks = cv2.resize(
        rng.standard_normal((height, max(2, width // 40)), dtype=np.float32),
        (width, height),
        interpolation=cv2.INTER_LINEAR,
    )
    value = 1 + 0.07 * rings + 0.05 * streaks
    plank = rng.uniform(0.3, 0.8) * height
    value -= 0.35 * np.exp(-(((rows % plank) - 2) ** 2) / 3)
    return np.stack([value, value**1.2, value**1.4], -1)


def _cloth(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A weave and folds."""
    along, across = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    pitch = rng.uniform(1.2, 2.6)
    weave = np.sin(along * pitch) * np.sin(across * pitch)
    folds = noise(rng, height, width, rng.uniform(0.15, 0.5) * max(width, height))
    grain = rng.standard_normal((height, width), dtype=np.float32)
    return 1 + 0.03 * weave + rng.uniform(0.0, 0.12) * folds + 0.025 * grain


def _blobs(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """A room out of focus: rectangles and circles of other colours, blurred."""
    height, width = picture.shape[:2]
    picture = np.ascontiguousarray(picture)
    for _ in range(rng.integers(3, 12)):
        color = (_color(rng, "plain") * rng.uniform(0.3, 1)).tolist()
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        size = rng.uniform(0.05, 0.5) * max(width, height)
        if rng.random() < 0.5:
            box = cv2.boxPoints(((x, y), (size, size * rng.uniform(0.2, 2)), rng.uniform(0, 90)))
            cv2.fillPoly(picture, [box.astype(np.int32)], color, cv2.LINE_AA)
        else:
            cv2.circle(picture, (x, y), int(size / 2), color, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 8))
