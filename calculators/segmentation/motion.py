"""Masks over time along the movement of the picture, as pure functions."""

from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from calculators.segmentation.mask import Mask

Grey = NDArray[np.uint8]
Flow = NDArray[np.float32]
Number = TypeVar("Number", np.uint8, np.float32)

SIDE: Final = 64
"""Side of the squares between which movement is looked for: what noise and single hairs do is too fine."""

AGREEMENT: Final = 0.2
"""Difference between two masks from which on they are two opinions rather than one that trembles."""

CHANGE: Final = 10.0
"""Grey levels that the picture may change, beyond what moved, before the mask of before is forgotten."""


def thumbnail(image: NDArray[np.uint8]) -> Grey:
    """The grey square [64, 64] of an RGB picture in which `find_flow` looks for movement."""
    small = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def find_flow(now: Grey, before: Grey) -> Flow:
    """From where each pixel came: float32 [64, 64, 2], x and y in pixels of the thumbnails."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    return np.asarray(search.calc(now, before, np.zeros((SIDE, SIDE, 2), np.float32)), np.float32)


def move(values: NDArray[Number], flow: Flow) -> NDArray[Number]:
    """What is at each place once all has moved along; float32 or uint8 [h, w], of any size."""
    height, width = values.shape
    x, y = (np.asarray(cv2.resize(part, (width, height)), np.float32) for part in cv2.split(flow))
    x *= np.float32(width / SIDE)
    y *= np.float32(height / SIDE)
    x += np.arange(width, dtype=np.float32)
    y += np.arange(height, dtype=np.float32)[:, None]
    moved = cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, values.dtype)


def steady_mask(mask: Mask, previous: Mask, now: Grey, before: Grey, strength: float) -> Mask:
    """Mixes a mask with the one before, moved to where the picture moved.

    The mask before has a say where the two nearly agree and where the new one is in doubt, but none where the
    picture shows something else than before: at a cut, and where hair uncovers what was behind it.

    Args:
        mask: float32 [h, w] in [0, 1].
        previous: the result before, of the same shape.
        now: thumbnail of the picture.
        before: thumbnail of the picture before.
        strength: the largest weight of the mask before, in [0, 1).

    Returns:
        A new float32 [h, w] in [0, 1].
    """
    flow = find_flow(now, before)
    error = cv2.blur(cv2.absdiff(now, move(before, flow)).astype(np.float32), (5, 5))
    same = strength * np.exp(-((error / CHANGE) ** 2))
    difference = move(previous, flow)
    difference -= mask
    weight = difference * difference
    weight *= np.float32(-1 / AGREEMENT**2)
    cv2.exp(weight, dst=weight)
    doubt = 1 - mask
    doubt *= mask
    doubt *= 4
    np.maximum(weight, doubt, out=weight)
    weight *= cv2.resize(same, mask.shape[::-1])
    weight *= difference
    weight += mask
    return weight
