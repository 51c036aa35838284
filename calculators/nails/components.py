"""Nails in the network's maps, as pure functions."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calculators.nails.maps import Labels, Map, Numbers, nail_pixels

RIVAL: Final = 0.5
"""How probable a nail's next best finger must be, compared with its best, to take the best's place."""


def find_components(foreground: Map, threshold: float, connectivity: int, min_area: float) -> Labels:
    """Connected parts of the foreground.

    Args:
        foreground: [h, w], probability.
        threshold: from which on a pixel is foreground.
        connectivity: 4 or 8 neighbours of a pixel.
        min_area: of a part, as a share of the map.

    Returns:
        [h, w], 0 is background, 1 to n are the parts that are large enough.
    """
    is_nail = (foreground >= np.float32(threshold)).view(np.uint8)
    _, found = cv2.connectedComponents(is_nail, connectivity=connectivity)
    labels = np.asarray(found, np.int32)
    areas = np.bincount(labels.ravel()[nail_pixels(labels)])
    return numbered_anew(labels, areas >= min_area * foreground.size)


def numbered_anew(labels: Labels, keeps: NDArray[np.bool_]) -> Labels:
    """The labels without those that are not kept (0 never is), the others counted from 1 again."""
    if keeps[1:].all():
        return labels
    numbers = np.zeros(len(keeps), np.int32)
    numbers[1:][keeps[1:]] = np.arange(1, np.count_nonzero(keeps[1:]) + 1)
    return np.asarray(numbers[labels])


def mean_foreground(labels: Labels, foreground: Map) -> Numbers:
    """The mean probability of the background and of each nail."""
    places = nail_pixels(labels)
    found = labels.ravel()[places]
    areas = np.bincount(found)
    return np.asarray(np.bincount(found, foreground.ravel()[places]) / np.maximum(areas, 1))


def name_fingers(shares: Map, min_score: float) -> list[int | None]:
    """The finger of each nail, so that two nails claim the same one only if both are sure.

    Args:
        shares: [nails, 10], the mean probability of each of `nail.CLASSES`.
        min_score: the smallest probability of a finger that is named.

    Returns:
        An index into `nail.CLASSES` for each nail, or None.
    """
    fingers: list[int | None] = [None] * len(shares)
    taken: set[int] = set()
    order = np.argsort(-shares.max(axis=1, initial=0), kind="stable")
    for nail, ranking, values in zip(
        order.tolist(),
        np.argsort(-shares[order], axis=1, kind="stable").tolist(),
        shares[order].tolist(),
        strict=True,
    ):
        best = ranking[0]
        if values[best] >= min_score:
            rivals = (finger for finger in ranking if values[finger] >= RIVAL * values[best])
            fingers[nail] = finger = next((finger for finger in rivals if finger not in taken), best)
            taken.add(finger)
    return fingers
