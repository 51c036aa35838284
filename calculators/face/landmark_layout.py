"""What the points of an annotation are: a table each, so that another annotation is another table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LandmarkLayout:
    """Which point is what. Left and right are the person's own.

    Attributes:
        name: of the annotation.
        parts: the points of each part by its name, in the order of their line; together every point once.
        flip: the point that stands in the place of each one in the mirrored picture.
        contour: points on the outline of the face. The others are inner ones.
        eye_corners: outer corners of the right and of the left eye; their distance is the inter-ocular one.
        eyes: points of the right and of the left eye; their means are the pupils.
    """

    name: str
    parts: Mapping[str, tuple[int, ...]]
    flip: tuple[int, ...]
    contour: tuple[int, ...]
    eye_corners: tuple[int, int]
    eyes: tuple[tuple[int, ...], tuple[int, ...]]

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self.flip)

    @property
    def inner(self) -> tuple[int, ...]:
        """Points that are not on the outline."""
        return tuple(point for point in range(self.count) if point not in self.contour)

    def inter_ocular(self, points: NDArray[np.floating[Any]]) -> float:
        """Distance of the outer eye corners of float [n, 2], in its unit."""
        right, left = self.eye_corners
        return float(np.linalg.norm(points[left] - points[right]))

    def inter_pupil(self, points: NDArray[np.floating[Any]]) -> float:
        """Distance of the eyes' centres of float [n, 2], in its unit."""
        right, left = self.eyes
        return float(np.linalg.norm(points[list(left)].mean(0) - points[list(right)].mean(0)))


def _line(first: int, last: int) -> tuple[int, ...]:
    """The numbers from the first to the last one, which may be the smaller."""
    step = 1 if last >= first else -1
    return tuple(range(first, last + step, step))


IBUG_68 = LandmarkLayout(
    name="ibug_68",
    parts={
        "jaw": _line(0, 16),
        "right_brow": _line(17, 21),
        "left_brow": _line(22, 26),
        "nose_bridge": _line(27, 30),
        "nose_base": _line(31, 35),
        "right_eye": _line(36, 41),
        "left_eye": _line(42, 47),
        "outer_lips": _line(48, 59),
        "inner_lips": _line(60, 67),
    },
    flip=(
        *_line(16, 0),
        *_line(26, 17),
        *_line(27, 30),
        *_line(35, 31),
        *(*_line(45, 42), 47, 46),
        *(*_line(39, 36), 41, 40),
        *(*_line(54, 48), *_line(59, 55)),
        *(*_line(64, 60), *_line(67, 65)),
    ),
    contour=_line(0, 16),
    eye_corners=(36, 45),
    eyes=(_line(36, 41), _line(42, 47)),
)
"""iBUG's 68 points, the annotation of 300-W (Sagonas et al., "300 Faces in-the-Wild Challenge", 2013): 51
inner ones and 17 on the outline."""

LAYOUTS = {layout.name: layout for layout in (IBUG_68,)}
"""By name."""
