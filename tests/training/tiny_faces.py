"""Drawn faces with .pts files."""

from pathlib import Path

import cv2
import numpy as np


def face_points(center: tuple[float, float] = (60, 60), side: float = 60) -> np.ndarray:
    """68 points, in pixels with the first pixel's centre at (0.5, 0.5): float32 [68, 2], the eyes level."""
    angle = np.linspace(np.pi, 0, 17)
    jaw = np.stack([np.cos(angle), np.sin(angle)], -1)
    rows = {"brow": -0.6, "eye": -0.35, "nose": 0.1, "mouth": 0.5}
    points = [*jaw]
    for x in (-0.5, 0.5):
        points += [(x + 0.08 * k, rows["brow"]) for k in range(-2, 3)]
    points += [(0, -0.3 + 0.12 * k) for k in range(4)] + [(0.08 * k, rows["nose"]) for k in range(-2, 3)]
    for x in (-0.4, 0.4):
        points += [(x - 0.15 * np.cos(t), rows["eye"] - 0.05 * np.sin(t)) for t in np.arange(6) * np.pi / 3]
    for width, count in ((0.3, 12), (0.22, 8)):
        turn = np.arange(count) * 2 * np.pi / count
        points += [(-width * np.cos(t), rows["mouth"] - 0.4 * width * np.sin(t)) for t in turn]
    return (np.array(points) * side / 2 + center).astype(np.float32)


def write_points(path: Path, points: np.ndarray) -> None:
    """As 300-W has them: pixels' centres counted from 0."""
    rows = "".join(f"{x:.3f} {y:.3f}\n" for x, y in points - 0.5)
    path.write_text(f"version: 1\nn_points: {len(points)}\n{{\n{rows}}}\n")


def write_faces(folder: Path, names: list[str], size: int = 120) -> Path:
    """Pictures of faces of which no two are alike, each NAME.png with its NAME.pts."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        rng = np.random.default_rng(number)
        points = face_points((size / 2 + rng.uniform(-5, 5), size / 2), side=size * rng.uniform(0.45, 0.55))
        image = cv2.resize(rng.integers(0, 256, (8, 8, 3), np.uint8), (size, size))
        for x, y in points:
            cv2.circle(image, (round(float(x)), round(float(y))), 2, (255, 255, 255), -1)
        cv2.imwrite(str(folder / f"{name}.png"), image)
        write_points(folder / f"{name}.pts", points)
    return folder
