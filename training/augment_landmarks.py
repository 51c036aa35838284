"""Augmentation for landmarks: the crop that a tracker would make, and pictures without a face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator

from calculators.face.landmark_crop import crop_matrix, face_region, to_indices
from calculators.face.landmark_layout import LandmarkLayout
from calculators.image.warp import warp
from calculators.inference.region import Region
from training.augment_light import change_light
from training.data_landmarks import FacePicture
from training.metrics import resize

TRACKED = 0.5
"""How often the crop is off by as little as a tracker's; else as far as a detector's may be."""

TRACKED_ERRORS = {"scale": 0.04, "shift": 0.015, "turn": 0.05}
DETECTED_ERRORS = {"scale": 0.12, "shift": 0.04, "turn": 0.25}
"""Standard deviations: of the logarithm of the side, of the middle in sides, of the angle in radians."""

MOST_TURN = np.radians(30)
"""Beyond it no crop is turned against the eyes."""

COVERED, SHADED, COARSE = 0.25, 0.2, 0.1
"""How often a patch covers a part of the face, light comes from a side, and the face was small."""

BORDERS = (cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT_101, cv2.BORDER_CONSTANT)


def augment_landmarks(
    face: FacePicture, others: Sequence[np.ndarray], layout: LandmarkLayout, size: int, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one training example of a face.

    Args:
        face: what to show.
        others: pictures, uint8 [H, W, 3], of which patches may cover parts of the face: hands are the best.
        layout: of the points.
        size: side of the square result.
        rng: all randomness.

    Returns:
        The network's input, float32 [size, size, 3] (RGB in [-1, 1]), and the target, float32 [2 n + 1]: the
        points as fractions of the square, x and y in turn, and 1, for there is a face.
    """
    region = _miss(face_region(face.points, layout), rng)
    matrix = crop_matrix(region, size)
    mirrored = rng.random() < 0.5
    if mirrored:
        matrix = np.array([[-1, 0, size], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    image = warp(face.image, to_indices(matrix), size, _border(rng))
    points = face.points @ matrix[:, :2].T + matrix[:, 2]
    if mirrored:
        points = points[list(layout.flip)]
    if rng.random() < COVERED:
        image = cover(image, others[rng.integers(len(others))], rng)
    if rng.random() < SHADED:
        image = shade(image, rng)
    target = np.append(points / size, 1).astype(np.float32)
    return _finish(image, rng), target


def no_face(
    scene: FacePicture | np.ndarray, layout: LandmarkLayout, size: int, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one training example that is not the crop of a face.

    Args:
        scene: any part is shown of a picture without a face, uint8 [H, W, 3]; what lies beside the face, or
            far too much or too little of it, where it has one.
        layout, size, rng: as in `augment_landmarks`.

    Returns:
        As `augment_landmarks`, the target all 0.
    """
    if isinstance(scene, FacePicture):
        image, region = scene.image, _lose(face_region(scene.points, layout), rng)
    else:
        image, region = scene, _anywhere(scene.shape, rng)
    matrix = crop_matrix(region, size)
    shown = warp(image, to_indices(matrix), size, _border(rng))
    return _finish(shown, rng), np.zeros(2 * layout.count + 1, np.float32)


def cover(image: np.ndarray, other: np.ndarray, rng: Generator) -> np.ndarray:
    """A part of another picture, an ellipse or a rectangle, over a part of uint8 [S, S, 3]."""
    size = image.shape[0]
    patch = warp(other, to_indices(crop_matrix(_anywhere(other.shape, rng), size)), size, _border(rng))
    center = rng.uniform(0.1, 0.9, 2) * size
    axes = rng.uniform(0.08, 0.25, 2) * size
    box = (center.tolist(), (2 * axes).tolist(), float(rng.uniform(0, 180)))
    mask = np.zeros((size, size), np.uint8)
    if rng.random() < 0.6:
        cv2.ellipse(mask, box, 255, -1)
    else:
        cv2.fillConvexPoly(mask, cv2.boxPoints(box).astype(int), 255)
    weight = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.3, 1.5)).astype(np.float32) / 255
    return cv2.blendLinear(patch, image, weight, 1 - weight)


def shade(image: np.ndarray, rng: Generator) -> np.ndarray:
    """Light from one side: uint8 [S, S, 3], darkened along a direction."""
    angle, dark = rng.uniform(0, 2 * np.pi), rng.uniform(0.25, 0.8)
    along = np.linspace(-1, 1, image.shape[0], dtype=np.float32)
    slope = np.cos(angle) * along[None] + np.sin(angle) * along[:, None]
    light = dark + (1 - dark) / (1 + np.exp(-rng.uniform(2, 6) * slope))
    return (image * light[..., None]).astype(np.uint8)


def _finish(image: np.ndarray, rng: Generator) -> np.ndarray:
    if rng.random() < COARSE:
        size = image.shape[0]
        small = resize(image, *[int(size * rng.uniform(0.25, 0.6))] * 2)
        image = cv2.resize(small, (size, size), interpolation=cv2.INTER_LINEAR)
    return change_light(np.ascontiguousarray(image), rng).astype(np.float32) / 127.5 - 1


def _miss(region: Region, rng: Generator) -> Region:
    """A region that is off by as much as that of a tracker or detector."""
    errors = TRACKED_ERRORS if rng.random() < TRACKED else DETECTED_ERRORS
    scale = float(np.exp(rng.normal(0, errors["scale"])))
    shift = np.clip(rng.normal(0, errors["shift"], 2), -0.12, 0.12)
    turn = float(np.clip(rng.normal(0, errors["turn"]), -MOST_TURN, MOST_TURN))
    return _moved(region, shift, scale, turn)


def _lose(region: Region, rng: Generator) -> Region:
    """A region that no tracker should keep: beside the face, of a small part of it, or far round it."""
    kind = rng.random()
    if kind < 0.6:
        angle = rng.uniform(0, 2 * np.pi)
        shift = rng.uniform(0.55, 0.9) * np.array([np.cos(angle), np.sin(angle)])
        return _moved(region, shift, float(rng.uniform(0.5, 1.0)), float(rng.uniform(-0.5, 0.5)))
    scale = rng.uniform(0.15, 0.35) if kind < 0.8 else rng.uniform(3.0, 5.0)
    return _moved(region, rng.uniform(-0.25, 0.25, 2), float(scale), float(rng.uniform(-0.5, 0.5)))


def _moved(region: Region, shift: np.ndarray, scale: float, turn: float) -> Region:
    x, y = np.array([region.center_x, region.center_y]) + shift * region.width
    side = scale * region.width
    return Region(float(x), float(y), side, side, region.rotation + turn)


def _anywhere(shape: tuple[int, ...], rng: Generator) -> Region:
    """A square of any place, size and angle in a picture of that shape."""
    height, width = shape[:2]
    side = float(min(height, width) * rng.uniform(0.25, 1.0))
    x, y = (float(rng.uniform(min(side, n) / 2, n - min(side, n) / 2)) for n in (width, height))
    return Region(x, y, side, side, float(rng.uniform(-np.pi, np.pi)))


def _border(rng: Generator) -> dict[str, Any]:
    """What is beside the picture, which often ends near its face; a frame of a video seldom does."""
    return {"borderMode": int(rng.choice(BORDERS, p=(0.2, 0.5, 0.3)))}
