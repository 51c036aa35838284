"""Nails in the network's maps, as pure functions."""

import cv2
import numpy as np
from numpy.typing import NDArray

from calculators.nails.maps import Labels, Map, Numbers, nail_pixels


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
