"""A drawn face with exact landmarks, for tests that must run anywhere."""

import cv2
import numpy as np

from calculators.face.parts import SIDES, FaceShape, eye, face_outline, face_shape, lips, mouth
from calculators.face.types import Face

SIZE = (240, 200)  # height, width
SKIN, LIPS, INSIDE, WHITE, BROW = (206, 160, 138), (176, 92, 96), (60, 20, 22), (236, 234, 230), (84, 60, 46)


def points(open_mouth: float = 0.0, open_eyes: float = 1.0) -> np.ndarray:
    """68 points in pixels of a face that looks ahead, float32.

    Args:
        open_mouth: 0 closed, 1 open.
        open_eyes: 0 closed, 1 open.
    """
    turns = np.linspace(np.pi, 0, 17)
    jaw = np.stack((100 + 70 * np.cos(turns), 110 + 95 * np.sin(turns)), axis=-1)
    brow = np.array([(42, 78), (50, 70), (62, 67), (74, 69), (84, 74)])
    other_brow = (200, 0) + brow[::-1] * (-1, 1)
    nose = [
        (100, 92),
        (100, 104),
        (100, 116),
        (100, 128),
        (86, 136),
        (93, 139),
        (100, 141),
        (107, 139),
        (114, 136),
    ]
    lid = 5 * open_eyes
    eye_points = np.array(
        [(50, 93), (58, 93 - lid), (68, 93 - lid), (76, 94), (68, 93 + lid), (58, 93 + lid)]
    )
    other = (200, 0) + eye_points[[3, 2, 1, 0, 5, 4]] * (-1, 1)
    gap = 9 * open_mouth
    outer = [(74, 165), (84, 159), (94, 156), (100, 158), (106, 156), (116, 159), (126, 165)]
    below = [(116, 173 + gap), (108, 177 + gap), (100, 178 + gap), (92, 177 + gap), (84, 173 + gap)]
    inner = [(79, 165), (90, 165), (100, 165), (110, 165), (121, 165)]
    inner_below = [(110, 166 + gap), (100, 166 + gap), (90, 166 + gap)]
    parts = (jaw, brow, other_brow, nose, eye_points, other, outer, below, inner, inner_below)
    return np.concatenate(parts).astype(np.float32)


def face(where: np.ndarray, size: tuple[int, int] = SIZE, number: int | None = None) -> Face:
    """Points in pixels as a face of a frame."""
    return Face(((where + 0.5) / (size[1], size[0])).astype(np.float32), 1.0, number)


def shape_of(where: np.ndarray, size: tuple[int, int] = SIZE) -> FaceShape:
    """Points in pixels as the parts take them."""
    shape = face_shape(face(where, size), (size[1], size[0]))
    assert shape is not None
    return shape


def portrait(
    where: np.ndarray, size: tuple[int, int] = SIZE, level: float = 1.0, grain: float = 3.0
) -> np.ndarray:
    """A picture of the face, RGB uint8 [height, width, 3].

    Args:
        where: its points in pixels.
        size: height and width.
        level: how much light falls on the skin; the grey around it stays.
        grain: the strength of its texture, in grey levels.
    """
    image = np.full((*size, 3), 190, np.float32)
    shape = shape_of(where, size)

    def draw(outline: np.ndarray, color: tuple[int, int, int]) -> None:
        cv2.fillPoly(image, [np.rint(outline).astype(int)], [level * part for part in color], cv2.LINE_AA)

    draw(face_outline(shape), SKIN)
    draw(lips(shape), LIPS)
    opening = mouth(shape)
    if opening is not None:
        draw(opening, INSIDE)
    for side in SIDES:
        draw(eye(shape, side), WHITE)
        cv2.polylines(
            image,
            [np.rint(shape.curve(side.brow)).astype(int)],
            False,
            [level * part for part in BROW],
            4,
            cv2.LINE_AA,
        )
    image += grain * np.random.default_rng(0).normal(0, 1, (*size, 1))
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)
