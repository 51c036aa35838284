"""Red squares as faces, in pictures with points, and networks that know them exactly."""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from tests.calculators.face.faces import shape
from tests.calculators.face.network import middle_of_red, red_is_face
from tests.training.tiny_faces import write_points

SIZE = 448
SIDE = 16
"""Of a red square, two cells of the detector in such a picture."""

BOX = 64
"""Side of the detector's boxes in pixels."""

CROP = 1.23 * BOX
"""Of the crop that the graph makes of such a box."""

FACE = 2 / 3 * CROP
"""Side of the landmarks' box: that of the crop which they give is the same."""


class Models(NamedTuple):
    landmarks: Path
    detector: Path


def write_models(folder: Path, box: float = BOX / SIZE, red: float = (SIDE / CROP) ** 2) -> Models:
    """The networks, for boxes of so much of the frame's side, and crops of which so much is red."""
    models = Models(folder / "landmarks.tflite", folder / "detector.tflite")
    models.landmarks.write_bytes(middle_of_red(2 / 3, red))
    models.detector.write_bytes(red_is_face(box))
    return models


def true_points(x: float, y: float) -> np.ndarray:
    """What the networks say of a red square about this middle."""
    return (FACE * shape() + (x, y)).astype(np.float32)


def picture(squares: list[tuple[float, float]], side: float = SIDE) -> np.ndarray:
    """Red squares about these middles on black, RGB."""
    image = np.zeros((SIZE, SIZE, 3), np.uint8)
    for x, y in squares:
        image[round(y - side / 2) : round(y + side / 2), round(x - side / 2) : round(x + side / 2), 0] = 255
    return image


def write_face(
    root: Path, name: str, middle: tuple[float, float], image: np.ndarray, shift: tuple[float, float] = (0, 0)
) -> None:
    """A picture whose true points lie `shift` beside those of the square about `middle`."""
    (root / "images").mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(root / f"images/{name}.png"), image[..., ::-1])
    write_points(root / f"images/{name}.pts", true_points(*middle) + np.float32(shift))
