"""The light on a face, and what a colour looks like in it."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from calculators.color.light import LUMA, ByteArray, FloatArray
from calculators.color.oklab import LAB_FROM_LMS, LMS_FROM_RGB, parse_color
from calculators.color.oklab_picture import LINEAR, picture_to_oklab
from calculators.face.parts import CHIN, SIDES, FaceShape

# The light of a face's skin in full light; the dimmest that one is taken to be, and how much that counts.
BARE: Final = 0.3
DIMMEST: Final = 0.08
LOCAL: Final = 0.4
# How far around a place skin is looked at, in sizes of the face.
AROUND: Final = 0.025
# What skin is taken to be where none can be seen, and the least that it varies: OKLab.
SKIN: Final = (0.7, 0.05, 0.05)
LEAST: Final = (0.05, 0.012, 0.012)


@dataclass(frozen=True)
class FaceLight:
    """The light on a face.

    Attributes:
        scene: RGB of the light of the frame, [3]: 1 is full and white.
        level: how bright the face is in it, [0, 1].
        skin: the middle of the colours of its skin, OKLab [3].
        spread: how much they vary, [3]: half of them differ by less.
    """

    scene: FloatArray
    level: float
    skin: FloatArray
    spread: FloatArray

    def worn(self, color: str) -> FloatArray:
        """What a colour, "#RRGGBB", looks like on this face, OKLab [3]."""
        linear = np.minimum(_linear(color) * self.scene * np.float32(self.level), 1)
        return np.asarray(LAB_FROM_LMS @ np.cbrt(LMS_FROM_RGB @ linear), np.float32)


@cache
def _linear(color: str) -> FloatArray:
    return np.asarray(LINEAR[list(parse_color(color))])


def face_light(image: ByteArray, shape: FaceShape, scene: FloatArray) -> FaceLight:
    """Measures the light on a face.

    Args:
        image: RGB uint8 [height, width, 3], the frame.
        shape: where the face is.
        scene: the light of the frame, see `scene_light`.
    """
    places = _skin_places(shape)
    steps = np.linspace(-AROUND, AROUND, 3) * shape.size
    around = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(1, -1, 2)
    pixels = np.rint(places[:, None] + around).astype(int).reshape(-1, 2)
    inside = ((pixels >= 0) & (pixels < shape.frame)).all(axis=-1)
    if not inside.any():
        return FaceLight(scene, 1.0, np.array(SKIN, np.float32), np.array(LEAST, np.float32))
    columns, rows = pixels[inside].T
    lab = picture_to_oklab(image[rows, columns][None])[0]
    middle = len(lab) // 2
    skin = np.partition(lab, middle, axis=0)[middle]
    spread = np.maximum(np.partition(np.abs(lab - skin), middle, axis=0)[middle], LEAST)
    # OKLab's lightness is the cube root of light.
    white = float(scene @ LUMA[0])
    level = min(max(float(skin[0]) ** 3 / (BARE * max(white, 1e-3)), DIMMEST), 1.0) ** LOCAL
    return FaceLight(scene, level, skin, spread.astype(np.float32))


def _skin_places(shape: FaceShape) -> FloatArray:
    """Where skin can be seen on most faces: the cheeks, the nose, the chin and the lower forehead."""
    places = [
        shape.place((27, 1), (29, 1)),
        shape.place((CHIN, 1), (57, 1)),
        shape.place((21, 1), (22, 1)) - 0.18 * shape.size * shape.down,
    ]
    for side in SIDES:
        jaw, wing, corner = side.jaw, side.wing, side.mouth
        places += [
            shape.place((jaw[2], 7), (wing, 8), (corner, 5)),
            shape.place((jaw[3], 3), (side.lower[1], 3), (wing, 4)),
            shape.place((jaw[1], 4), (side.lower[1], 4), (wing, 2)),
            shape.place((jaw[5], 1), (corner, 1)),
        ]
    return np.array(places, np.float32)
