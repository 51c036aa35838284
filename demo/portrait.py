"""Faces with exact landmarks that need no network: a public-domain photograph, and drawn ones.

The photograph is `skimage.data.astronaut()` (NASA, public domain), which lies inside scikit-image's wheel.
Its 68 points (iBUG's) were found by MediaPipe's face mesh and looked over. The drawn faces have skins from
light to dark.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import skimage.data

from calculators.face.parts import SIDES, FaceShape, eye, face_outline, face_shape, lips, mouth
from calculators.face.types import Face

# The part of the photograph that is shown, as left, top, width, height, and how many times it is enlarged.
PART: Final = (110, 10, 230, 210)
ZOOM: Final = 2.4
# The landmarks in the photograph's pixels, x and y in turn.
ASTRONAUT: Final = (
    179.2, 102.4, 179.0, 111.3, 179.1, 120.6, 179.9, 130.6, 181.9, 141.4, 185.5, 150.3, 189.8, 157.0, 195.7,
    163.3, 221.7, 176.8, 249.3, 165.8, 255.8, 160.0, 260.8, 153.7, 265.2, 145.2, 268.2, 134.7, 269.8, 124.8,
    270.6, 115.6, 271.1, 106.7, 187.8, 90.9, 191.8, 87.9, 198.0, 86.6, 206.1, 87.6, 215.5, 89.4, 235.6,
    91.3, 245.2, 90.3, 253.1, 90.0, 259.0, 91.8, 262.5, 95.1, 224.6, 100.1, 224.2, 110.2, 223.6, 119.7,
    223.4, 125.7, 210.0, 128.9, 217.2, 131.7, 223.3, 132.8, 229.7, 132.2, 237.3, 130.0, 195.0, 100.5, 199.1,
    98.0, 206.3, 98.1, 213.5, 103.5, 206.7, 104.1, 199.8, 103.6, 236.5, 104.6, 244.5, 99.8, 251.9, 100.3,
    255.6, 103.6, 250.0, 106.3, 243.0, 105.9, 202.0, 139.3, 211.0, 139.0, 216.9, 139.0, 223.2, 140.2, 229.8,
    139.4, 235.9, 139.7, 245.4, 140.4, 234.9, 152.7, 229.3, 154.9, 222.8, 155.4, 216.4, 154.4, 211.2, 151.8,
    203.4, 139.9, 212.8, 141.5, 223.2, 143.2, 234.1, 142.1, 243.8, 141.0, 233.4, 148.5, 222.9, 150.2, 212.9,
    147.8,
)  # fmt: skip

WIDTH, HEIGHT = 480, 440
# sRGB of skin, lips and brows, light to dark, by tone in [0, 1].
TONES: Final = (0.0, 0.5, 1.0)
SKINS: Final = ((238, 200, 180), (198, 145, 112), (104, 66, 48))
LIPS: Final = ((200, 120, 120), (168, 95, 88), (112, 60, 60))
BROWS: Final = ((150, 112, 78), (60, 42, 34), (30, 22, 20))


@dataclass(frozen=True)
class Portrait:
    """A picture of one face.

    Attributes:
        rgb: uint8 [height, width, 3].
        face: where it is.
    """

    rgb: np.ndarray
    face: Face


def photograph() -> Portrait:
    """The astronaut: smiling, teeth in view."""
    left, top, width, height = PART
    part = skimage.data.astronaut()[top : top + height, left : left + width]
    rgb = cv2.resize(part, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
    points = np.array(ASTRONAUT, np.float32).reshape(68, 2)
    return Portrait(rgb, Face(((points - (left, top) + 0.5) / (width, height)).astype(np.float32), 1.0))


def drawn(tone: float, open_mouth: float = 0.0, open_eyes: float = 1.0) -> Portrait:
    """A face that looks ahead, softly lit from the upper left.

    Args:
        tone: of the skin, 0 light to 1 dark.
        open_mouth: 0 closed, 1 open, with teeth.
        open_eyes: 0 closed, 1 open.
    """
    points = _points(open_mouth, open_eyes)
    face = Face(((points + 0.5) / (WIDTH, HEIGHT)).astype(np.float32), 1.0)
    shape = face_shape(face, (WIDTH, HEIGHT))
    assert shape is not None
    skin, lip, brow = (_between(colors, tone) for colors in (SKINS, LIPS, BROWS))
    picture = np.full((HEIGHT, WIDTH, 3), (172, 176, 182), np.float32)
    neck = np.array([(190, 330), (290, 330), (300, 460), (400, 480), (80, 480), (180, 460)])
    _draw(picture, neck, 0.8 * skin, 5)
    _draw(picture, face_outline(shape), skin, 1.5)
    _shade(picture, shape)
    _features(picture, shape, skin, lip, brow)
    rng = np.random.default_rng(3)
    texture = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 0.9)
    picture *= 1 + 0.035 * texture[..., None]
    return Portrait(np.clip(np.rint(picture), 0, 255).astype(np.uint8), face)


def _between(colors: tuple[tuple[int, int, int], ...], tone: float) -> np.ndarray:
    return np.array([np.interp(tone, TONES, channel) for channel in np.array(colors).T])


def _points(open_mouth: float, open_eyes: float) -> np.ndarray:
    turns = np.linspace(np.pi, 0, 17)
    jaw = np.stack((240 + 118 * np.cos(turns), 205 + 165 * np.sin(turns) ** 0.85), axis=-1)
    brow = np.array([(142, 152), (158, 141), (178, 138), (198, 141), (216, 149)])
    nose = [(240, 178), (240, 198), (240, 218), (240, 238)]
    nose += [(216, 252), (228, 257), (240, 260), (252, 257), (264, 252)]
    lid = 9 * open_eyes
    left = np.array(
        [
            (156, 180),
            (170, 180 - lid),
            (188, 180 - lid),
            (202, 183),
            (188, 182 + 0.8 * lid),
            (170, 182 + 0.8 * lid),
        ]
    )
    mirror = np.array((-1, 1))
    gap = 16 * open_mouth
    outer = [(198, 301), (214, 293), (230, 288), (240, 291), (250, 288), (266, 293), (282, 301)]
    below = [(266, 316 + gap), (252, 322 + gap), (240, 323 + gap), (228, 322 + gap), (214, 316 + gap)]
    inner = [(205, 302), (226, 302), (240, 303), (254, 302), (275, 302)]
    inner_below = [(254, 302.3 + gap), (240, 303.3 + gap), (226, 302.3 + gap)]
    parts = (
        jaw,
        brow,
        (480, 0) + brow[::-1] * mirror,
        nose,
        left,
        (480, 0) + left[[3, 2, 1, 0, 5, 4]] * mirror,
        outer,
        below,
        inner,
        inner_below,
    )
    return np.concatenate(parts).astype(np.float32)


def _draw(
    picture: np.ndarray, outline: np.ndarray, color: np.ndarray, soft: float, strength: float = 1.0
) -> None:
    mask = np.zeros(picture.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.rint(outline * 16).astype(int)], (1.0,), cv2.LINE_AA, 4)
    mask = strength * cv2.GaussianBlur(mask, (0, 0), soft)[..., None]
    picture += mask * (color - picture)


def _shade(picture: np.ndarray, shape: FaceShape) -> None:
    """Light from the upper left, shadows beside the nose, under the brows and along the jaw."""
    columns, rows = np.meshgrid(np.arange(WIDTH) - 240.0, np.arange(HEIGHT) - 205.0)
    light = 1.06 - 0.16 * (columns / 150 + 0.4) ** 2 - 0.1 * (rows / 190) ** 2
    inside = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.fillPoly(inside, [np.rint(face_outline(shape)).astype(int)], (1.0,))
    soft = cv2.GaussianBlur(inside, (0, 0), 3)[..., None]
    picture *= 1 + soft * (light[..., None] - 1)
    for x, y, width, height, depth in (
        (252, 225, 7, 26, -0.13),
        (240, 262, 22, 5, -0.2),
        (180, 166, 26, 7, -0.12),
        (300, 166, 26, 7, -0.14),
        (240, 332, 22, 6, -0.1),
        (236, 222, 5, 30, 0.1),
        (178, 224, 30, 16, 0.05),
    ):
        spot = np.exp(-(((columns + 240 - x) / width) ** 2) - ((rows + 205 - y) / height) ** 2)
        picture *= 1 + depth * spot[..., None]


def _features(
    picture: np.ndarray, shape: FaceShape, skin: np.ndarray, lip: np.ndarray, brow: np.ndarray
) -> None:
    _draw(picture, lips(shape), lip, 1.5)
    _draw(picture, np.array([(215, 308), (265, 308), (252, 318), (228, 318)]), 1.25 * lip, 4, 0.5)
    opening = mouth(shape)
    if opening is not None:
        _draw(picture, opening, np.array((58, 20, 22)), 1)
        teeth = np.array([(216, 303), (264, 303), (258, 311), (222, 311)])
        if np.ptp(opening[:, 1]) > 8:
            _draw(picture, teeth, np.array((230, 226, 216)), 1)
    else:
        line = np.rint(shape.points[60:65]).astype(int)
        cv2.polylines(picture, [line], False, tuple(0.45 * lip), 1, cv2.LINE_AA)
    for side in SIDES:
        border = eye(shape, side)
        middle = border.mean(axis=0)
        if np.ptp(border[:, 1]) > 6:
            before = picture.copy()
            _draw(picture, border, np.array((232, 228, 224)), 0.8)
            for radius, color in ((8.5, (70, 50, 38)), (3.6, (14, 10, 10))):
                cv2.circle(picture, tuple(np.rint(middle).astype(int)), round(radius), color, -1, cv2.LINE_AA)
            inside = np.zeros(picture.shape[:2], np.float32)
            cv2.fillPoly(inside, [np.rint(border * 16).astype(int)], (1.0,), cv2.LINE_AA, 4)
            picture[:] = before + inside[..., None] * (picture - before)
        lid = np.rint(shape.curve(side.upper)).astype(int)
        cv2.polylines(picture, [lid], False, tuple(0.3 * skin), 1, cv2.LINE_AA)
        crease = np.rint(shape.curve(side.upper) - (0, 9)).astype(int)
        cv2.polylines(picture, [crease], False, tuple(0.72 * skin), 1, cv2.LINE_AA)
        _brow(picture, shape.curve(side.brow), brow)


def _brow(picture: np.ndarray, curve: np.ndarray, color: np.ndarray) -> None:
    """Hairs along a curve."""
    rng = np.random.default_rng(7)
    outward = np.sign(curve[0] - curve[-1])[0]
    for place in rng.uniform(0, 1, 240):
        root = (
            curve[int(place * (len(curve) - 1))]
            + rng.normal(0, 0.6, 2)
            + (0, rng.uniform(-1, 8) * (0.4 + 0.6 * place))
        )
        tip = root + np.array((outward * rng.uniform(4, 8), -rng.uniform(0, 5) * place))
        line = np.rint(np.array((root, tip)) * 16).astype(int)
        layer = picture.copy()
        cv2.polylines(layer, [line], False, tuple(color), 1, cv2.LINE_AA, 4)
        picture[:] = 0.5 * picture + 0.5 * layer
