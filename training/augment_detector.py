"""Scenes for the face detector: faces of many sizes put into pictures, and what the network is to say of it.

A scene is a frame of common proportions between black bars, as the network gets it. The background covers it;
faces are put there one after the other, cut out softly or with the whole picture round them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator

from training.augment import warp
from training.augment_light import change_light
from training.data_detector import (
    COORDS,
    COORDS_FROM,
    COUNTS,
    HEAT,
    STRIDE,
    WEIGHT,
    Face,
    FacePicture,
    shared,
)

PROPORTIONS: Final = (4 / 3, 4 / 3, 16 / 9, 16 / 9, 3 / 4, 9 / 16, 9 / 16, 1.0)
"""Width over height of frames, each as often as it stands here."""

HEIGHTS: Final = (0.08, 1.05)
"""Of a face that is put somewhere, in heights of the frame."""

WIDEST: Final = 1.1
"""No face is wider than this, in widths of the frame."""

CUT_OUT: Final = 0.15
"""How often a face is cut out softly, rather than put there with its picture. At 0.5 the network took the
outline of the cut for that of a small face, and boxes of faces with hair round them were 12 % too large."""

TILTS: Final = ((0.72, 0.17), (0.22, 0.7))
"""How often, and how far in radians, faces are turned: normally, then up to an angle; the rest anyhow."""

CROWDED: Final = 0.15
"""Share of the smaller face's box that two faces may share."""

HIDDEN: Final = 0.3
"""From this share of its box on that lies outside the frame or under another face, nobody asks for a face."""

SMALLEST: Final = 0.07
"""Faces lower than this, in heights of the frame, nobody asks for either."""

HOT: Final = 0.12
"""Deviation of the heat round the middle of a face, in sizes of it; at least half a cell."""

WARM: Final = 0.3
"""Heat from which on a cell learns the box."""


@dataclass(frozen=True)
class Frame:
    """Where the frame lies in the square scene, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def middle(self) -> np.ndarray:
        return np.array([self.left + self.width / 2, self.top + self.height / 2])

    @property
    def part(self) -> tuple[slice, slice]:
        """Of the scene's array."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)


@dataclass
class Scene:
    """A picture while it is put together.

    Attributes:
        image: uint8 [S, S, 3].
        faces: in pixels of it, the last put in front.
        seen: of each face, the share of its box that nothing hides.
    """

    image: np.ndarray
    faces: list[Face]
    seen: list[float]


def draw_frame(size: int, rng: Generator) -> Frame:
    """A frame of common proportions between bars, in a square of `size` pixels."""
    proportion = rng.choice(PROPORTIONS)
    width, height = (size, round(size / proportion)) if proportion >= 1 else (round(size * proportion), size)
    return Frame((size - width) // 2, (size - height) // 2, width, height)


def compose(
    background: FacePicture, others: Sequence[FacePicture], size: int, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one training example.

    Args:
        background: covers the frame; with its own faces.
        others: one is put before the background for each, about its first face.
        size: side of the square scene.
        rng: all randomness.

    Returns:
        The network's input, float32 [size, size, 3] in [-1, 1], and its target as from `targets`.
    """
    frame = draw_frame(size, rng)
    scene = cover(background, frame, size, rng)
    for other in others:
        height = np.exp(rng.uniform(*np.log(HEIGHTS)))
        put(scene, other, frame, height, draw_tilt(rng), rng, bool(rng.random() < CUT_OUT))
    image = np.zeros_like(scene.image)
    image[frame.part] = change_light(np.ascontiguousarray(scene.image[frame.part]), rng)
    return image.astype(np.float32) / 127.5 - 1, targets(scene, frame, size)


def draw_tilt(rng: Generator) -> float:
    """How far a face is turned, in radians."""
    (usual, deviation), (more, most) = TILTS
    kind = rng.random()
    if kind < usual:
        return float(rng.normal(0, deviation))
    return float(rng.uniform(-most, most) if kind < usual + more else rng.uniform(-np.pi, np.pi))


def cover(picture: FacePicture, frame: Frame, size: int, rng: Generator) -> Scene:
    """A scene in which a picture, perhaps mirrored, covers the frame."""
    height, width = picture.image.shape[:2]
    zoom = max(frame.width / width, frame.height / height) * np.exp(rng.uniform(0, 0.5))
    linear = zoom * np.diag([rng.choice((-1.0, 1.0)), 1.0])
    slack = np.array([zoom * width - frame.width, zoom * height - frame.height]) / 2
    center = frame.middle + slack * rng.uniform(-1, 1, 2)
    matrix = np.column_stack([linear, center - linear @ (width / 2, height / 2)])
    image = _warped(picture.image, matrix, size, {"borderMode": cv2.BORDER_REPLICATE})
    faces = [face.moved(matrix) for face in picture.faces]
    return Scene(image, faces, [1.0] * len(faces))


def put(
    scene: Scene,
    picture: FacePicture,
    frame: Frame,
    height: float,
    tilt: float,
    rng: Generator,
    cut_out: bool,
) -> None:
    """Put a picture into a scene so that its first face is `height` frames high, where there is room.

    Args:
        scene: is changed; it stays as it was where no room is found.
        picture: with at least one face.
        frame: of the scene.
        height: of the face's box, in heights of the frame; less where it would be wider than the frame.
        tilt: how far it is turned, in radians.
        rng: the place, and whether it is mirrored.
        cut_out: put the face alone there, softly, rather than the whole picture.
    """
    cos, sin = np.cos(tilt), np.sin(tilt)
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([rng.choice((-1.0, 1.0)), 1.0])
    turned = picture.faces[0].moved(np.column_stack([linear, np.zeros(2)]))
    sides = turned.box[2:] - turned.box[:2]
    zoom = min(height * frame.height / sides[1], WIDEST * frame.width / sides[0])
    linear, sides = zoom * linear, zoom * sides
    room = np.maximum(np.array([frame.width, frame.height]) - 0.7 * sides, 0.15 * sides)
    for _ in range(8):
        center = frame.middle + room * rng.uniform(-0.5, 0.5, 2)
        matrix = np.column_stack([linear, center - zoom * (turned.box[:2] + turned.box[2:]) / 2])
        face = picture.faces[0].moved(matrix)
        if all(shared(face.box, other.box) < CROWDED for other in scene.faces):
            break
    else:
        return
    faces = picture.faces[:1] if cut_out else picture.faces
    alpha = soft_ellipse(picture.faces[0], picture.image.shape, rng) if cut_out else _opaque(picture.image)
    layer = _warped(
        np.dstack([picture.image, alpha]), matrix, len(scene.image), {"borderMode": cv2.BORDER_CONSTANT}
    )
    weight = layer[..., 3:].astype(np.float32) / 255
    scene.image[:] = np.round(scene.image + weight * (layer[..., :3].astype(np.float32) - scene.image))
    scene.seen = [
        seen * (1 - covered(weight[..., 0], other.box))
        for seen, other in zip(scene.seen, scene.faces, strict=True)
    ]
    scene.faces += [other.moved(matrix) for other in faces]
    scene.seen += [1.0] * len(faces)


def soft_ellipse(face: Face, shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """A mask round a face with a soft edge, uint8 [H, W]."""
    left, top, right, bottom = face.box
    radii = np.array([right - left, bottom - top]) / 2 * rng.uniform(1.15, 1.5, 2)
    y, x = np.ogrid[: shape[0], : shape[1]]
    away = np.hypot((x + 0.5 - (left + right) / 2) / radii[0], (y + 0.5 - (top + bottom) / 2) / radii[1])
    return np.round(255 * np.clip((1 - away) / rng.uniform(0.03, 0.3), 0, 1)).astype(np.uint8)


def _opaque(image: np.ndarray) -> np.ndarray:
    return np.full(image.shape[:2], 255, np.uint8)


def covered(weight: np.ndarray, box: np.ndarray) -> float:
    """The share of a box's inside of the picture that a mask, float32 [H, W], covers."""
    left, top = np.maximum(np.floor(box[:2]), 0).astype(int)
    right, bottom = np.maximum(np.ceil(box[2:]), 0).astype(int)
    part = weight[top:bottom, left:right]
    return float(part.mean()) if part.size else 0.0


def visible(box: np.ndarray, frame: Frame) -> float:
    """The share of a box that lies in the frame."""
    low, high = np.array([frame.left, frame.top]), np.array([frame.width, frame.height])
    sides = np.minimum(box[2:], low + high) - np.maximum(box[:2], low)
    return float(np.prod(np.maximum(sides, 0)) / max(np.prod(box[2:] - box[:2]), 1e-6))


def targets(scene: Scene, frame: Frame, size: int) -> np.ndarray:
    """What the network is to say of each cell, float32 [size / 8, size / 8, 15] as in `data_detector`."""
    count = size // STRIDE
    target = np.zeros((count, count, COORDS_FROM + COORDS), np.float32)
    target[..., COUNTS] = 1
    y, x = (np.mgrid[:count, :count] + 0.5) * STRIDE
    for face, seen in zip(scene.faces, scene.seen, strict=True):
        left, top, right, bottom = face.box
        width, height = right - left, bottom - top
        shown = seen * visible(face.box, frame)
        asked = shown >= 1 - HIDDEN and height >= SMALLEST * frame.height
        heat = _heat(x - (left + right) / 2, y - (top + bottom) / 2, width, height)
        if not asked:
            # What is left of it may be taken for a face or not.
            if shown > 0:
                target[(heat > WARM / 4) & (target[..., HEAT] < WARM), COUNTS] = 0
            continue
        nearest = heat > target[..., HEAT]
        points = [(left + right) / 2 - x, (top + bottom) / 2 - y]
        ways = [*points, *(p - v for key in face.keypoints for p, v in zip(key, (x, y), strict=True))]
        target[nearest, HEAT] = heat[nearest]
        target[nearest, COUNTS] = 1
        target[nearest, WEIGHT] = np.where(heat >= WARM, heat, 0)[nearest]
        sides = [np.full_like(x, np.log(side / size)) for side in (width, height)]
        coords = np.stack([w / STRIDE for w in ways[:2]] + sides + [w / STRIDE for w in ways[2:]], -1)
        target[nearest, COORDS_FROM:] = coords[nearest]
    return target


def _heat(x: np.ndarray, y: np.ndarray, width: float, height: float) -> np.ndarray:
    """How near cells are to the middle of a face, in [0, 1]; the cell that holds it has 1.

    Measured from the cell's edge rather than from its middle, so that a face whose middle lies on the border
    of two cells is found by both.
    """
    away_x, away_y = (np.maximum(np.abs(way) - STRIDE / 2, 0) for way in (x, y))
    spread_x, spread_y = (max(HOT * side, STRIDE / 2) for side in (width, height))
    return np.exp(-(away_x**2 / spread_x**2 + away_y**2 / spread_y**2) / 2)


def _warped(image: np.ndarray, matrix: np.ndarray, size: int, border: dict) -> np.ndarray:
    """`warp` for a matrix between continuous pixels, where it takes one between pixels' middles."""
    shift = matrix[:, :2] @ (0.5, 0.5) + matrix[:, 2] - 0.5
    return warp(image, np.column_stack([matrix[:, :2], shift]), size, border)
