"""Contact sheets of labelled nails, to be looked at: arrows from base to tip, fingers as L1 (thumb) to R5."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from training.nail_labels_match import Verdict
from training.nail_labels_shape import NailShape

VIEW = 340
COLUMNS = 5
MARGIN = 6.0
"""Of the cut-out round the nails, in nails (roots of the area)."""

KNOWN, UNKNOWN = (60, 255, 60), (255, 80, 80)


def draw_tile(
    image: np.ndarray, name: str, nails: Sequence[NailShape], verdicts: Sequence[Verdict]
) -> np.ndarray:
    """The part of an RGB picture round its nails, uint8 [VIEW, VIEW, 3], with what is known of them."""
    centers = np.array([nail.center for nail in nails])
    low, high = centers.min(axis=0), centers.max(axis=0)
    side = float((high - low).max()) + MARGIN * max(nail.size for nail in nails)
    side = min(side, max(image.shape[:2]))
    scale = VIEW / side
    shift = VIEW / 2 - scale * np.clip((low + high) / 2, side / 2, np.array(image.shape[1::-1]) - side / 2)
    tile = cv2.warpAffine(image, np.array([[scale, 0, shift[0]], [0, scale, shift[1]]]), (VIEW, VIEW))
    for nail, verdict in zip(nails, verdicts, strict=True):
        x, y = scale * np.array(nail.center) + shift
        if verdict.direction:
            length = 0.9 * scale * nail.size
            dx, dy = length * verdict.direction[0], length * verdict.direction[1]
            cv2.arrowedLine(
                tile, _pixel(x - dx, y - dy), _pixel(x + dx, y + dy), KNOWN, 1, cv2.LINE_AA, tipLength=0.3
            )
        else:
            cv2.circle(tile, _pixel(x, y), 3, UNKNOWN, -1)
        if verdict.finger is None:
            text, colour = verdict.finger_doubt[:9], UNKNOWN
        else:
            text, colour = f"{'LR'[verdict.finger // 5]}{verdict.finger % 5 + 1}", KNOWN
        for ink, width in (((0, 0, 0), 3), (colour, 1)):
            cv2.putText(tile, text, _pixel(x + 5, y - 3), 0, 0.42, ink, width, cv2.LINE_AA)
    cv2.putText(tile, name, (4, VIEW - 6), 0, 0.4, (255, 255, 255), 1, cv2.LINE_AA)
    return tile


def _pixel(x: float, y: float) -> tuple[int, int]:
    return round(x), round(y)


def join_tiles(tiles: Sequence[np.ndarray]) -> np.ndarray:
    """Tiles side by side, `COLUMNS` in a row; one row of blanks if there are none."""
    blank = np.zeros((VIEW, VIEW, 3), np.uint8)
    rows = [tiles[i : i + COLUMNS] for i in range(0, max(len(tiles), 1), COLUMNS)]
    return np.vstack([np.hstack([*row, *[blank] * (COLUMNS - len(row))]) for row in rows])
