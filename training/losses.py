"""Losses on logits, backend-agnostic."""

from __future__ import annotations

import keras
from keras import ops

EDGE_WEIGHT = 2.0
"""How much more a pixel at an outline counts than one elsewhere."""

EDGE_WINDOW = 5
"""Side in pixels of the square in which the target has to change for a pixel to be at an outline."""


def mask_loss(target, logits):
    """Edge-weighted binary cross-entropy plus soft Dice, averaged over the pictures.

    Args:
        target: float32 [N, H, W, 1] in [0, 1]; values between are soft edges, or a teacher's doubt.
        logits: float32 [N, H, W, 1] before the sigmoid.

    Returns:
        A float32 scalar. Dice (Milletari et al., V-Net, 2016, section 3) is taken per picture, so that small
        heads count as much as large ones; 1 pixel is added above and below, so that a picture without hair
        is well defined. The weight of outlines follows Ronneberger et al., U-Net, 2015, equation 2, with the
        spread of the target in a window in the place of their distances.
    """
    weight = 1.0 + EDGE_WEIGHT * edges(target)
    cross_entropy = keras.losses.binary_crossentropy(target, logits, from_logits=True)
    cross_entropy = ops.sum(weight[..., 0] * cross_entropy) / ops.sum(weight)
    mask = ops.sigmoid(logits)
    overlap = ops.sum(target * mask, axis=(1, 2, 3))
    total = ops.sum(target, axis=(1, 2, 3)) + ops.sum(mask, axis=(1, 2, 3))
    dice = (2.0 * overlap + 1.0) / (total + 1.0)
    return cross_entropy + ops.mean(1.0 - dice)


def edges(target):
    """How far the target changes within `EDGE_WINDOW` pixels, in [0, 1], of the target's shape."""
    pooled = ops.max_pool(ops.concatenate([target, -target], axis=-1), EDGE_WINDOW, 1, "same")
    return pooled[..., :1] + pooled[..., 1:]
