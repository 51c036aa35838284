"""How calm and how prompt points are over time.

Tracks are float [T, n, 2], a frame after the other, not a number where no face was found.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

WINDOW = 5
"""Frames whose mean is slow movement: what is left of a track without it is above about 4 Hz."""

STILL = 0.02
"""Way of a face's middle from a frame to the next, in distances of the eyes, below which it is still."""

MOVING = 0.01
"""Way of the points, in the same, from which on a face moves: from there on lagging shows."""

SHIFTS = np.arange(-2, 8.01, 0.05)
"""Frames by which points may be late."""

MOVING_FRAMES = 5
"""Fewer moving frames say nothing of a lag."""


def tremble(tracks: np.ndarray) -> np.ndarray:
    """Squared distances from the mean of the frames around: float [T - WINDOW + 1, n], for each frame that
    has as many on both sides; not a number where any of these has no face."""
    if len(tracks) < WINDOW:
        return np.empty((0, tracks.shape[1]))
    half = WINDOW // 2
    slow = sliding_window_view(tracks, WINDOW, axis=0).mean(-1)
    return np.asarray(((tracks[half : len(tracks) - half] - slow) ** 2).sum(-1))


def jitter(squares: np.ndarray) -> float | None:
    """Root of the mean of what `tremble` gives, times 100; None where there is nothing."""
    seen = squares[~np.isnan(squares).any(1)]
    return 100 * float(np.sqrt(seen.mean())) if seen.size else None


def stays(tracks: np.ndarray) -> np.ndarray:
    """Whether the face is still in all frames around a frame: bool [T - WINDOW + 1]; `tracks` in distances
    of the eyes."""
    if len(tracks) < WINDOW:
        return np.empty(0, bool)
    steps = np.linalg.norm(np.diff(tracks.mean(1), axis=0), axis=-1)
    return np.asarray((sliding_window_view(steps, WINDOW - 1) < STILL).all(-1))


def lag(found: np.ndarray, truth: np.ndarray) -> float | None:
    """By how many frames found points are late: the shift of the true ones that fits best.

    Counts where the face moves. How far the points are off anyway, in the mean, does not count.

    Args:
        found: tracks in distances of the eyes.
        truth: the true ones, of every frame.

    Returns:
        Frames, below 0 where they run ahead; None where too few moving frames have a face.
    """
    way = np.linalg.norm(np.diff(truth, axis=0), axis=-1).mean(-1)
    counts = np.concatenate([[False], way >= MOVING]) & ~np.isnan(found).any((1, 2))
    if np.count_nonzero(counts) < MOVING_FRAMES:
        return None
    frames = np.flatnonzero(counts)
    misfits = []
    for shift in SHIFTS:
        moments = np.clip(frames - shift, 0, len(truth) - 1)
        first = np.minimum(moments.astype(int), len(truth) - 2)
        part = (moments - first)[:, None, None]
        off = found[frames] - (1 - part) * truth[first] - part * truth[first + 1]
        misfits.append(((off - off.mean(0)) ** 2).sum())
    return float(SHIFTS[int(np.argmin(misfits))])
