"""Mask measures."""

from __future__ import annotations

import cv2
import numpy as np


def resize(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """Stretch to `width` x `height`, INTER_AREA when both sides shrink, else INTER_LINEAR, like MediaPipe."""
    shrinks = width < image.shape[1] and height < image.shape[0]
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def overlap(predicted: np.ndarray, target: np.ndarray) -> tuple[int, int]:
    """Pixels in the intersection and in the union of two bool masks [H, W]."""
    return int(np.count_nonzero(predicted & target)), int(np.count_nonzero(predicted | target))


def iou(intersection: int, union: int) -> float:
    """Intersection over union; two empty masks agree: 1.0."""
    return intersection / union if union else 1.0
