"""Nails moved, turned and stretched in a frame, as pure functions."""

import math
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from calculators.nails.maps import Map
from calculators.nails.nail import Nail

Affine = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: x becomes a x + b y + c, y becomes d x + e y + f. Plain numbers, as arrays are slower."""

Box = tuple[int, int, int, int]
Size = tuple[int, int]

CUT: Final = 0.5
"""Mask value from which on a nail at the frame's border goes on beyond it."""

ROUNDING: Final = 1e-6
"""So far beyond a pixel, in pixels, is none of the next one."""


def shift(x: float, y: float) -> Affine:
    """Moves by x and y."""
    return 1.0, 0.0, x, 0.0, 1.0, y


def stretching(center: tuple[float, float], angle: float, along: float, across: float) -> Affine:
    """Stretches along and across a direction; the centre stays where it is."""
    cos, sin = math.cos(angle), math.sin(angle)
    a, e = along * cos * cos + across * sin * sin, along * sin * sin + across * cos * cos
    b = (along - across) * cos * sin
    x, y = center
    return a, b, x - a * x - b * y, b, e, y - b * x - e * y


def pose_change(before: Nail, now: Nail) -> Affine:
    """Takes a nail's place, angle, length and width to another's."""
    along = max(now.length, 1.0) / max(before.length, 1.0)
    across = max(now.width, 1.0) / max(before.width, 1.0)
    a, b, _, d, e, _ = stretching((0.0, 0.0), before.angle, along, across)
    cos, sin = math.cos(now.angle - before.angle), math.sin(now.angle - before.angle)
    a, b, d, e = cos * a - sin * d, cos * b - sin * e, sin * a + cos * d, sin * b + cos * e
    x, y = before.center
    return a, b, now.center[0] - a * x - b * y, d, e, now.center[1] - d * x - e * y


def moved_box(nail: Nail, affine: Affine, frame_size: Size) -> Box | None:
    """Left, top, right and bottom of a moved nail's mask within the frame (width, height); None outside."""
    a, b, c, d, e, f = affine
    height, width = nail.mask.shape
    corners = [(x, y) for x in (nail.left, nail.left + width - 1) for y in (nail.top, nail.top + height - 1)]
    left, right = _span([a * x + b * y + c for x, y in corners], frame_size[0])
    top, bottom = _span([d * x + e * y + f for x, y in corners], frame_size[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _span(places: list[float], size: int) -> tuple[int, int]:
    """The pixels of a frame that some places touch: begin and end."""
    begin, end = math.floor(min(places) + ROUNDING), math.ceil(max(places) - ROUNDING) + 1
    return max(begin, 0), min(end, size)


def moved_mask(nail: Nail, affine: Affine, box: Box) -> Map:
    """The nail's mask after an affine map, in a part of the frame: left, top, right and bottom."""
    left, top, right, bottom = box
    a, b, c, d, e, f = affine
    c += a * nail.left + b * nail.top - left
    f += d * nail.left + e * nail.top - top
    matrix = np.array(((a, b, c), (d, e, f)))
    return np.asarray(cv2.warpAffine(nail.mask, matrix, (right - left, bottom - top)), np.float32)


def leaves_frame(nail: Nail, frame_size: Size) -> bool:
    """Whether a nail is cut off by the frame's border."""
    mask = nail.mask
    return bool(
        (nail.left <= 0 and mask[:, 0].max() >= CUT)
        or (nail.top <= 0 and mask[0].max() >= CUT)
        or (nail.left + mask.shape[1] >= frame_size[0] and mask[:, -1].max() >= CUT)
        or (nail.top + mask.shape[0] >= frame_size[1] and mask[-1].max() >= CUT)
    )


def with_steady_mask(nail: Nail, seen: Nail, before: Nail, weight: float, frame_size: Size) -> Nail:
    """The nail with the mask that is seen, mixed with the one of before, each moved to where the nail is.

    Args:
        nail: at its calmed place.
        seen: as it is seen.
        before: calmed, in the frame before.
        weight: the largest one of the mask of before, in [0, 1).
        frame_size: (width, height).
    """
    moves = shift(nail.center[0] - seen.center[0], nail.center[1] - seen.center[1])
    box = moved_box(seen, moves, frame_size)
    if box is None:
        return nail
    mask = moved_mask(seen, moves, box)
    if weight:
        difference = moved_mask(before, pose_change(before, nail), box)
        difference -= mask
        # Where the two contradict each other, the new one is right: something covers the nail.
        mask += np.float32(weight) * difference * (1 - difference * difference)
    return replace(nail, mask=mask, left=box[0], top=box[1])
