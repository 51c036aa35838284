"""Losses on logits, backend-agnostic."""

from __future__ import annotations

import keras
from keras import ops


def mask_loss(target, logits):
    """Binary cross-entropy plus soft Dice, averaged over the pictures.

    Args:
        target: float32 [N, H, W, 1] in [0, 1]; values between are soft edges.
        logits: float32 [N, H, W, 1] before the sigmoid.

    Returns:
        A float32 scalar. Dice (Milletari et al., V-Net, 2016, section 3) is taken per picture, so that small
        heads count as much as large ones; 1 pixel is added above and below, so that a picture without hair
        is well defined.
    """
    cross_entropy = ops.mean(keras.losses.binary_crossentropy(target, logits, from_logits=True))
    mask = ops.sigmoid(logits)
    overlap = ops.sum(target * mask, axis=(1, 2, 3))
    total = ops.sum(target, axis=(1, 2, 3)) + ops.sum(mask, axis=(1, 2, 3))
    dice = (2.0 * overlap + 1.0) / (total + 1.0)
    return cross_entropy + ops.mean(1.0 - dice)
