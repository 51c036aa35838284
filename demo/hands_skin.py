"""The skin of drawn hands: its colours and its texture.

A texture is float32 [height, width, 3]: relief in hand widths, shade (what the lightness is multiplied by,
less 1) and redness. It lies on the skin, so that it moves with a finger.
"""

from functools import lru_cache

import cv2
import numpy as np

from calculators.color.oklab import parse_color
from demo.hands_model import ANATOMY

TONES = ("#F3D3C2", "#E8BC9F", "#D9A27E", "#BE8560", "#96623F", "#6B432B", "#4A2D20")
FINGER_LENGTH = 1.5  # of the texture, in hand widths
DENSITY = 170  # of the textures in pixels a hand width
FINGER_ROWS = 72  # from one side of a finger to the other
PALM_BEGIN, PALM_END = -4.2, 0.75  # of the texture of the back of the hand and the arm: along
PALM_LEFT, PALM_RIGHT = -0.95, 0.95  # across
PALM_DENSITY = 110


def linear(color: str) -> np.ndarray:
    """ "#RRGGBB" as light, float32 [3] in [0, 1]; a display's curve is taken as a square."""
    return (np.array(parse_color(color), np.float32) / 255) ** 2


def skin_color(tone: float, warmth: float) -> np.ndarray:
    """Light that the skin gives back, float32 [3]."""
    tones = np.stack([linear(color) for color in TONES])
    place = np.clip(tone, 0, 1) * (len(TONES) - 1)
    color = np.array([np.interp(place, range(len(TONES)), tones[:, channel]) for channel in range(3)])
    return (color * (1 + warmth * np.array([0.0, 0.04, -0.14]))).astype(np.float32)


def noise(rng: np.random.Generator, height: int, width: int, cell: float) -> np.ndarray:
    """Smooth noise of mean 0 and deviation about 1, float32 [height, width].

    Args:
        rng: where it comes from.
        height: rows.
        width: columns.
        cell: distance of hills in pixels.
    """
    shape = (max(2, round(height / cell) + 1), max(2, round(width / cell) + 1))
    coarse = rng.standard_normal(shape, dtype=np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


@lru_cache(maxsize=160)
def finger_texture(seed: int, finger: int, palm: bool) -> np.ndarray:
    """Skin of a finger, columns along it (`FINGER_LENGTH`), rows from side to side (`FINGER_ROWS`)."""
    rng = np.random.default_rng((seed, finger))
    columns = round(FINGER_LENGTH * DENSITY)
    s = (np.arange(columns, dtype=np.float32) + 0.5) / DENSITY
    t = np.linspace(-1, 1, FINGER_ROWS, dtype=np.float32)[:, None]
    relief, shade, red = _plain(rng, FINGER_ROWS, columns, DENSITY)
    joints = np.cumsum(ANATOMY[finger].bones)
    top = np.maximum(0, 1 - 0.8 * t * t)
    depth = rng.uniform(0.5, 1.3)
    for joint, lines, reach in zip(joints[:2], (7, 4), (0.085, 0.04), strict=True):
        lines, reach = (2, 0.03) if palm else (lines, reach)
        for place in np.linspace(-reach, reach, lines) + rng.normal(0, reach / 12, lines):
            bow = 0.35 * place * (1 - t * t) + rng.normal(0, 0.006) * t
            broken = 0.55 + 0.3 * noise(rng, FINGER_ROWS, columns, 9)
            line = top * np.exp(-(((s - joint - place - bow) / 0.0075) ** 2)) * np.clip(broken, 0, 1)
            relief -= 0.0045 * depth * line
            shade -= 0.16 * depth * line
        hill = top * np.exp(-(((s - joint) / reach) ** 2))
        shade -= (0.02 if palm else 0.07) * depth * hill
        red += 0.45 * hill
        relief += 0.004 * hill
    end = np.clip((s - joints[2] + 0.30) / 0.25, 0, 1)
    red += (1.1 if palm else 0.7) * end * end * (0.6 + 0.4 * t * t)
    return np.stack([relief, shade, red], -1)


@lru_cache(maxsize=32)
def palm_texture(seed: int, palm: bool) -> np.ndarray:
    """Skin of the back of the hand (or its palm) and the arm, columns along, rows across."""
    rng = np.random.default_rng((seed, 5))
    columns = round((PALM_END - PALM_BEGIN) * PALM_DENSITY)
    rows = round((PALM_RIGHT - PALM_LEFT) * PALM_DENSITY)
    along = PALM_BEGIN + (np.arange(columns, dtype=np.float32) + 0.5) / PALM_DENSITY
    across = PALM_LEFT + (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / PALM_DENSITY
    relief, shade, red = _plain(rng, rows, columns, PALM_DENSITY)
    drawn = np.zeros((rows, columns), np.float32)

    def line(points: np.ndarray, width: float) -> np.ndarray:
        """A soft line through places (along, across)."""
        drawn[:] = 0
        pixels = (points - (PALM_BEGIN, PALM_LEFT)) * PALM_DENSITY * 16
        cv2.polylines(drawn, [pixels.astype(np.int32)], False, (1.0,), 2, cv2.LINE_AA, 4)
        sigma = width * PALM_DENSITY
        return cv2.GaussianBlur(drawn, (0, 0), sigma) * sigma

    if palm:
        creases = (
            [(-0.15, -0.42), (-0.25, -0.15), (-0.42, 0.15), (-0.5, 0.40)],
            [(-0.15, 0.58), (-0.28, 0.30), (-0.22, 0.02), (-0.02, -0.14)],
            [(-0.16, -0.42), (-0.30, -0.20), (-0.60, -0.06), (-0.98, 0.0)],
        )
        for crease in creases:
            soft = line(_curve(np.array(crease)), 0.012)
            relief -= 0.012 * soft
            shade -= 0.13 * soft
            red += 0.3 * soft
        red += 0.5
        shade += 0.05
        return np.stack([relief, shade, red], -1)
    wrist = np.array([-1.05, 0.06])
    for finger in range(1, 5):
        knuckle = np.array(ANATOMY[finger].knuckle)
        relief += (
            rng.uniform(0.1, 0.6)
            * 0.022
            * line(np.stack([wrist + 0.3 * (knuckle - (0, 0.1)), knuckle]), 0.03)
        )
        hill = np.exp(-((along - knuckle[0]) ** 2 + (across - knuckle[1]) ** 2) / 0.085**2)
        relief += rng.uniform(0.3, 1) * 0.022 * hill
        red += 0.5 * hill
        shade -= 0.06 * hill * (1 + 0.5 * noise(rng, rows, columns, 5))
    for _ in range(5):
        start = np.array([rng.uniform(-0.15, 0), rng.uniform(-0.2, 0.4)])
        steps = np.array([-0.25, 0]) + rng.normal(0, 0.08, (4, 2))
        vein = line(_curve(start + np.cumsum(np.concatenate([np.zeros((1, 2)), steps]), axis=0)), 0.025)
        relief += rng.uniform(0, 0.010) * vein
        red -= rng.uniform(0.1, 0.5) * vein
    for _ in range(rng.integers(0, 5)):  # moles and freckles
        place = rng.uniform((-1.6, -0.3), (0, 0.5))
        spot = np.exp(-((along - place[0]) ** 2 + (across - place[1]) ** 2) / rng.uniform(0.006, 0.012) ** 2)
        shade -= rng.uniform(0.1, 0.4) * spot
    return np.stack([relief, shade, red], -1)


def _plain(rng: np.random.Generator, rows: int, columns: int, density: int) -> tuple[np.ndarray, ...]:
    """Relief, shade and redness of skin without folds."""
    pores = rng.standard_normal((rows, columns), dtype=np.float32)
    coarse = noise(rng, rows, columns, 0.035 * density)
    relief = 0.0006 * cv2.GaussianBlur(pores, (0, 0), 1) + 0.0009 * coarse
    shade = 0.035 * noise(rng, rows, columns, 0.15 * density) + 0.02 * coarse + 0.012 * pores
    red = 0.25 * noise(rng, rows, columns, 0.11 * density) + 0.10 * noise(rng, rows, columns, 0.03 * density)
    return relief, shade, red


def _curve(points: np.ndarray) -> np.ndarray:
    """24 places on a smooth line (a cubic) through four or five."""
    parameter = np.linspace(0, 1, len(points))
    dense = np.linspace(0, 1, 24)
    return np.stack([np.polyval(np.polyfit(parameter, points[:, axis], 3), dense) for axis in range(2)], -1)
