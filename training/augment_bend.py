"""Bend pictures with a thin-plate spline: what a fast movement of camera or head does between two frames."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator

POINTS = 4
"""Control points a side: 4 x 4, evenly from edge to edge."""

TURN, SHIFT, LOCAL = 0.1, 0.05, 0.04
"""Standard deviations: the turn of all points in radians, their shift and each one's own, of the side."""


def bend(picture: np.ndarray, rng: Generator) -> np.ndarray:
    """Bend a square picture, uint8 [S, S] or [S, S, C]; beyond its edges it is mirrored."""
    size = picture.shape[0]
    xs, ys = np.meshgrid(*[np.arange(size, dtype=np.float32)] * 2, copy=False)
    shift = spline_shift(draw_shifts(rng), size)
    maps = xs + shift[..., 0], ys + shift[..., 1]
    return cv2.remap(picture, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def draw_shifts(rng: Generator) -> np.ndarray:
    """Where the control points come from, relative to where they are: float64 [POINTS^2, 2] of the side."""
    angle = rng.normal(0, TURN)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = control_points() - 0.5
    return points @ turn.T - points + rng.normal(0, SHIFT, 2) + rng.normal(0, LOCAL, points.shape)


def spline_shift(shifts: np.ndarray, size: int) -> np.ndarray:
    """The thin-plate spline through the shifts of the control points, for every pixel of a square.

    Args:
        shifts: [POINTS^2, 2], x and y as parts of the side.
        size: side of the square.

    Returns:
        float32 [size, size, 2] in pixels.
    """
    return (_spline_matrix(size) @ (size * shifts).astype(np.float32)).reshape(size, size, 2)


def control_points() -> np.ndarray:
    """x and y of the control points in the unit square: [POINTS^2, 2]."""
    xs, ys = np.meshgrid(*[np.linspace(0, 1, POINTS)] * 2)
    return np.column_stack([xs.ravel(), ys.ravel()])


@lru_cache(maxsize=4)
def _spline_matrix(size: int) -> np.ndarray:
    """From the shifts of the control points to those of all pixels: float32 [size^2, POINTS^2].

    The control points keep their places, so the spline's equations are solved once.
    """
    centres = (np.arange(size) + 0.5) / size
    xs, ys = np.meshgrid(centres, centres)
    at, points = np.column_stack([xs.ravel(), ys.ravel()]), control_points()
    linear = np.column_stack([np.ones(len(points)), points])
    system = np.block([[_kernel(points, points), linear], [linear.T, np.zeros((3, 3))]])
    basis = np.column_stack([_kernel(at, points), np.ones(len(at)), at])
    return (basis @ np.linalg.inv(system)[:, : len(points)]).astype(np.float32)


def _kernel(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """r^2 log r of all distances, as r^2 log(r^2) / 2, and 0 at 0."""
    squared = ((one[:, None] - other[None]) ** 2).sum(axis=-1)
    return 0.5 * squared * np.log(np.where(squared > 0, squared, 1))
