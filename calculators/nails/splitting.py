"""Nails that touch and were found as one, taken apart, as pure functions."""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calculators.nails.maps import Labels, Map, nail_pixels

Patch = NDArray[np.uint8]

UNANIMOUS: Final = 0.8
"""Share of the most probable finger from which on a compact part is one nail without a closer look."""

COMPACT: Final = 0.92
"""Share of its convex hull that a single nail fills."""

SMALLEST_PART: Final = 0.2
"""Smallest nail that is taken off, as a share of the pixels that were found as one."""

GAIN: Final = 0.02
"""By how much more of their convex hulls nails must fill once they are apart."""

ROUGHNESS: Final = 0.4
"""The same for nails of few pixels, whose outlines are all steps: times the root of their number."""

CORE: Final = 0.75
"""Depth, as a share of the largest one, from which on pixels are a nail's core."""


def split_components(labels: Labels, count: int, shares: Map, fingers: Map) -> tuple[Labels, int]:
    """Takes apart what two fingers each hold a large part of, or what has a waist, if that makes it compact.

    A single nail in whose two halves the network sees two fingers is compact as it is, and stays whole.

    Args:
        labels: [h, w], 0 is background, 1 to `count` are parts.
        count: of parts.
        shares: [count, 10], the mean probability of each finger.
        fingers: [h', w', 10], the probability of each finger in a smaller map.

    Returns:
        The labels, a new array where they changed, and how many there are.
    """
    result = labels
    for label, (x, y, width, height) in enumerate(bounding_boxes(labels, count), start=1):
        box = slice(y, y + height), slice(x, x + width)
        part = (labels[box] == label).view(np.uint8)
        filled = solidity(part)
        aim = filled + GAIN + ROUGHNESS / math.sqrt(np.count_nonzero(part))
        if filled >= COMPACT and shares[label - 1].max() >= UNANIMOUS:
            continue
        rows = (np.arange(y, y + height) * fingers.shape[0]) // labels.shape[0]
        columns = (np.arange(x, x + width) * fingers.shape[1]) // labels.shape[1]
        best = fingers[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].argmax(axis=2)
        named = best[np.ix_(rows - rows[0], columns - columns[0])]
        for seeds in (finger_seeds(part, named), core_seeds(part)):
            nails = grow(part, seeds)
            if len(nails) > 1 and _mean_solidity(nails) >= aim:
                result = labels.copy() if result is labels else result
                for nail in nails[1:]:
                    count += 1
                    result[box][nail > 0] = count
                break
    return result, count


def bounding_boxes(labels: Labels, count: int) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each label from 1 to `count`, none of which is missing."""
    if not count:
        return []
    places = nail_pixels(labels)
    found = labels.ravel()[places].astype(np.uint16)
    places = places[np.argsort(found, kind="stable")]
    begins = np.cumsum(np.bincount(found, minlength=count + 1))[:-1]
    rows, columns = np.divmod(places, labels.shape[1])
    x, y = np.minimum.reduceat(columns, begins), np.minimum.reduceat(rows, begins)
    right, bottom = np.maximum.reduceat(columns, begins), np.maximum.reduceat(rows, begins)
    boxes = np.stack([x, y, right - x + 1, bottom - y + 1], axis=1)
    return [(left, top, width, height) for left, top, width, height in boxes.tolist()]


def solidity(part: Patch) -> float:
    """Share of its convex hull that a part fills; 1 for the thinnest ones."""
    contours, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(contours)))
    return sum(map(cv2.contourArea, contours)) / hull if hull else 1.0


def finger_seeds(part: Patch, named: NDArray[np.int64]) -> list[Patch]:
    """For each finger the largest region of its pixels, where that is a large share of the part.

    Args:
        part: [h, w], 1 inside.
        named: [h, w], the finger seen at each pixel.
    """
    inside = part > 0
    votes = np.bincount(named[inside])
    regions = (_largest((inside & (named == finger)).view(np.uint8)) for finger in np.flatnonzero(votes))
    return _large(list(regions), part)


def core_seeds(part: Patch) -> list[Patch]:
    """The cores of a part's wide places."""
    depth = cv2.distanceTransform(cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3)
    core = (depth[1:-1, 1:-1] >= CORE * depth.max()).view(np.uint8)
    count, labels = cv2.connectedComponents(core)
    return [(labels == label).view(np.uint8) for label in range(1, count)]


def grow(part: Patch, seeds: list[Patch]) -> list[Patch]:
    """Gives each pixel of a part to the nearest seed; only the whole part if one of them gets few."""
    if len(seeds) < 2:
        return [part]
    distances = [cv2.distanceTransform(1 - seed, cv2.DIST_L2, 3) for seed in seeds]
    nearest = np.argmin(distances, axis=0)
    nails = [part * (nearest == i) for i in range(len(seeds))]
    return nails if len(_large(nails, part)) == len(nails) else [part]


def _largest(part: Patch) -> Patch:
    """The largest connected region of a part."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part)
    return np.asarray(labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()).view(np.uint8)


def _large(regions: list[Patch], part: Patch) -> list[Patch]:
    """The regions that are a large share of the part."""
    smallest = SMALLEST_PART * np.count_nonzero(part)
    return [region for region in regions if np.count_nonzero(region) >= smallest]


def _mean_solidity(nails: list[Patch]) -> float:
    """How much of their convex hulls nails fill, on average over their pixels."""
    return float(np.average([solidity(nail) for nail in nails], weights=[nail.sum() for nail in nails]))
