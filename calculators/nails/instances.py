"""Nails of a frame from the network's maps, as pure functions."""

import math
from typing import Final

import cv2
import numpy as np

from calculators.nails.maps import Labels, Map

TINY: Final = 1e-6
"""Probabilities are taken as at least this, and at most 1 minus this, so that logits are finite."""

FAINTEST: Final = -4.0
"""Logits are taken as at least this, and at most minus this: what is far from the edge does not move it."""

REACH: Final = 2
"""How far beyond a nail's pixels its edge fades, in pixels of the map."""

SLOPE: Final = 0.25
"""Of the mask at its outline for each unit of the logit: a probability's."""


def nail_logits(
    foreground: Map, labels: Labels, label: int, box: tuple[int, int, int, int], threshold: float
) -> tuple[Map, int, int]:
    """How sure the network is of one nail, in the part of the map round it.

    Args:
        foreground: [h, w], probability.
        labels: [h, w], 0 is background, the others are nails.
        label: of the nail.
        box: left, top, width and height of the nail.
        threshold: probability that becomes 0.

    Returns:
        Logits, > 0 inside the nail, far below 0 on other nails and away from this one; the column and the
        row of the map where they begin.
    """
    left, top, width, height = box
    margin = REACH + 1
    x, y = max(left - margin, 0), max(top - margin, 0)
    part = slice(y, top + height + margin), slice(x, left + width + margin)
    near = labels[part]
    mine = near == label
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * REACH + 1, 2 * REACH + 1))
    allowed = cv2.dilate(mine.view(np.uint8), disc)
    allowed[(near != label) & (near > 0)] = 0
    # Maximum and minimum, as np.clip takes several times as long on the few pixels of a nail.
    probability = np.minimum(np.maximum(foreground[part], TINY), 1 - TINY)
    logits = np.log(probability / (1 - probability)) - np.float32(math.log(threshold / (1 - threshold)))
    logits = np.minimum(np.maximum(logits, FAINTEST), -FAINTEST)
    logits[allowed == 0] = FAINTEST
    return logits, x, y


def enlarged_mask(
    logits: Map, x: int, y: int, map_size: tuple[int, int], frame_size: tuple[int, int]
) -> tuple[Map, int, int]:
    """A nail's mask in the frame.

    The middle of the map's upper left pixel lies on that of the frame's, as ImageToTensorCalculator puts it.
    Logits are enlarged rather than probabilities, whose edge would go through the pixels' middles in steps;
    the edge is as sharp in a larger frame as it is in the map.

    Args:
        logits: [h, w], a part of the map.
        x, y: column and row of the map where the part begins.
        map_size: (width, height).
        frame_size: (width, height).

    Returns:
        The mask in [0, 1], and the column and row of the frame where it begins.
    """
    height, width = logits.shape
    scale_x, scale_y = frame_size[0] / map_size[0], frame_size[1] / map_size[1]
    left, right = _span(x, width, map_size[0], frame_size[0])
    top, bottom = _span(y, height, map_size[1], frame_size[1])
    matrix = np.array([[1 / scale_x, 0, left / scale_x - x], [0, 1 / scale_y, top / scale_y - y]])
    enlarged = cv2.warpAffine(
        logits,
        matrix,
        (right - left, bottom - top),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return ramp(np.asarray(enlarged, np.float32), max(scale_x, 1.0)), left, top


def _span(begin: int, count: int, map_size: int, frame_size: int) -> tuple[int, int]:
    """The frame's pixels that some pixels of the map cover: begin and end."""
    scale = frame_size / map_size
    end = frame_size if begin + count == map_size else int((begin + count - 1) * scale) + 1
    first = int(np.ceil(begin * scale))
    return min(first, frame_size - 1), max(min(end, frame_size), first + 1)


def ramp(logits: Map, sharpness: float = 1.0) -> Map:
    """Logits as a mask: 0.5 at 0, exactly 0 and 1 a little away from it."""
    mask = logits * np.float32(SLOPE * sharpness)
    mask += np.float32(0.5)
    return np.asarray(np.minimum(np.maximum(mask, 0, out=mask), 1, out=mask), np.float32)


def extent(logits: Map, angle: float) -> tuple[float, float]:
    """How long a nail is along a direction, and how wide across it, in pixels of the map.

    Both are those of the upright rectangle round the nail once it is turned, to a fraction of a pixel, as
    the edges are soft.
    """
    height, width = logits.shape
    side = int(math.hypot(width, height)) + 3
    cos, sin, middle = math.cos(angle), math.sin(angle), side // 2
    x, y = (width - 1) / 2 - middle * (cos - sin), (height - 1) / 2 - middle * (sin + cos)
    upright = cv2.warpAffine(
        logits,
        np.array(((cos, -sin, x), (sin, cos, y))),
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(FAINTEST,),
    )
    # The most that is seen in each column, then in each row: a sum of these is exact within soft pixels, too.
    most = ramp(np.concatenate([upright.max(axis=0), upright.max(axis=1)]))
    return float(most[:side].sum()), float(most[side:].sum())


def centroid(mask: Map) -> tuple[float, float] | None:
    """The middle of a mask, None where it is empty."""
    moments = cv2.moments(mask)
    total = moments["m00"]
    return (moments["m10"] / total, moments["m01"] / total) if total > 0 else None
