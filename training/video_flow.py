"""How much masks change beyond what moves in the picture, as pure functions."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

MOST_DISAGREEMENT = 1.0
"""Pixels by which the flow there and back may miss its start."""

BAND = 12
"""Half width of the band around the outline of the hair, in pixels of the working size."""


class Motion(NamedTuple):
    """Where the pixels of a frame were in the frame before.

    Attributes:
        x, y: float32 [H, W], their place there.
        valid: bool [H, W], False where that is outside or where the flow there and back disagrees.
    """

    x: np.ndarray
    y: np.ndarray
    valid: np.ndarray


class Flicker(NamedTuple):
    """Mean absolute change of a mask, in [0, 1].

    Attributes:
        frame: over the whole frame.
        band: over the band around the outline of the hair; None where there is no outline.
    """

    frame: float
    band: float | None


def find_motion(before: np.ndarray, now: np.ndarray) -> Motion:
    """The motion between two frames, RGB uint8 [H, W, 3], by dense inverse search flow."""
    grey_before, grey_now = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, now))
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    back, forth = search.calc(grey_now, grey_before, None), search.calc(grey_before, grey_now, None)
    height, width = grey_now.shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    x, y = columns + back[..., 0], rows + back[..., 1]
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    missed = np.linalg.norm(back + cv2.remap(forth, x, y, cv2.INTER_LINEAR), axis=-1)
    return Motion(x, y, inside & (missed <= MOST_DISAGREEMENT))


def flicker(before: np.ndarray, now: np.ndarray, motion: Motion) -> Flicker | None:
    """How far a mask, float32 [H, W], is from the one before that is moved along with the picture.

    Pixels without a valid motion do not count; None where there are no others.
    """
    if not motion.valid.any():
        return None
    moved = cv2.remap(before, motion.x, motion.y, cv2.INTER_LINEAR)
    change = np.abs(now - moved)
    band = motion.valid & _band(now > 0.5, moved > 0.5)
    return Flicker(float(change[motion.valid].mean()), float(change[band].mean()) if band.any() else None)


def _band(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What is near the outline of one of two masks, and where they differ."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * BAND + 1, 2 * BAND + 1))
    near = cv2.dilate((one | other).astype(np.uint8), disc) > 0
    return near & (cv2.erode((one & other).astype(np.uint8), disc) == 0)


def area_variation(areas: np.ndarray, window: int = 9) -> float | None:
    """Coefficient of variation of an area over time, without its slow trend.

    The trend is a line fitted to the `window` frames around each frame, so that somebody who comes nearer
    does not count. None without any area, or with less than three frames.
    """
    window = min(window, len(areas) - 1 + len(areas) % 2)
    if window < 3 or not areas.mean() > 1e-4:
        return None
    half, values = window // 2, np.arange(window, dtype=np.float64)
    rest = []
    for i in range(len(areas)):
        start = min(max(i - half, 0), len(areas) - window)
        slope, offset = np.polyfit(values, areas[start : start + window], 1)
        rest.append(areas[i] - (offset + slope * (i - start)))
    return float(np.std(rest) / areas.mean())


def frames_to_recover(masks: list[np.ndarray], settled: np.ndarray, wanted: float = 0.95) -> int:
    """How many masks come before all others have an IoU above `wanted` with the settled one.

    Masks are bool [H, W]; 0 if the first is right already, len(masks) if the last still is not.
    """
    for count in range(len(masks), 0, -1):
        mask = masks[count - 1]
        union = np.count_nonzero(mask | settled)
        if union and np.count_nonzero(mask & settled) <= wanted * union:
            return count
    return 0
