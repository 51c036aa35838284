"""Pictures with faces that are known: grey, a white square is a face."""

from pathlib import Path

import cv2
import numpy as np

from training.data_detector import COLUMNS


def landmarks(left: float, top: float, side: float) -> np.ndarray:
    """68 points whose box is a square, in continuous pixels; brows at its top, chin in the middle below."""
    points = np.full((68, 2), 0.5)
    points[:17] = np.stack(
        [np.linspace(0, 1, 17), np.r_[np.linspace(0.2, 1, 9), np.linspace(0.9, 0.2, 8)]], -1
    )
    points[17:27] = np.stack([np.linspace(0.1, 0.9, 10), np.zeros(10)], -1)
    points[36:42], points[42:48] = (0.3, 0.25), (0.7, 0.25)
    points[30], points[48:] = (0.5, 0.5), (0.5, 0.75)
    return points * side + (left, top)


def write_faces(root: Path, names: list[str], size: int = 96) -> Path:
    """A data set of annotated crops: the face's landmarks fill the middle."""
    (root / "images").mkdir(parents=True)
    side = size / 2.2
    points = landmarks((size - side) / 2, (size - side) / 2, side)
    image = np.full((size, size, 3), 90, np.uint8)
    part = slice(round((size - side) / 2), round((size + side) / 2))
    image[part, part] = 255
    for name in names:
        cv2.imwrite(str(root / f"images/{name}.png"), image)
        lines = "\n".join(f"{x - 0.5:.3f} {y - 0.5:.3f}" for x, y in points)
        (root / f"images/{name}.pts").write_text(f"version: 1\nn_points: 68\n{{\n{lines}\n}}\n")
    return root


def write_pictures(root: Path, names: list[str]) -> Path:
    """Grey pictures of 80 x 60."""
    (root / "images").mkdir(parents=True)
    for name in names:
        cv2.imwrite(str(root / f"images/{name}.png"), np.full((60, 80, 3), 90, np.uint8))
    return root


def write_labels(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
    return path
