"""Losses of the nail network on one level of its outputs, backend-agnostic.

Duke et al., "Nail Polish Try-On", CVPR workshops 2019, section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import ops

WORST = 0.1
"""Share of the pixels, those with the highest loss, that loss max-pooling counts."""

DICE_WEIGHT = 2.0

BISECTIONS = 16
"""Steps towards the threshold: to a 65,000th of the highest loss."""

FINGER_WEIGHT, DIRECTION_WEIGHT = 0.2, 0.5
"""Shares in the sum. With equal ones the finger's loss, by far the largest at first, drove the foreground to
one half everywhere, where the worst tenth of the pixels holds it."""

NAIL_WEIGHT = 20.0
"""How much more a nail's pixel counts where losses are not max-pooled."""


def level_loss(stride: int, pooling: bool = True) -> Callable:
    """The loss of the output at a stride: foreground, plus finger and direction if it has them.

    Args:
        stride: of the output.
        pooling: loss max-pooling for the foreground; else nails weigh `NAIL_WEIGHT`.

    Returns:
        A function of the target, float32 [N, H, W, 4] as from `training.augment_nails`, and of logits,
        float32 [N, H / stride, W / stride, 2 or 14] (background and foreground, ten fingers, direction), to
        a scalar.
    """
    foreground_loss = max_pooled_loss if pooling else weighted_loss

    def loss(target, logits):
        foreground = target[..., :1]
        if stride > 1:
            foreground = ops.average_pool(foreground, stride, stride)
        total = foreground_loss(foreground[..., 0], logits[..., :2])
        if logits.shape[-1] == 2:
            return total
        # Fingers have no mean: the pixel in the middle stands for its square.
        middle = target[:, stride // 2 :: stride, stride // 2 :: stride]
        total += FINGER_WEIGHT * finger_loss(middle[..., 1], logits[..., 2:12])
        return total + DIRECTION_WEIGHT * direction_loss(middle[..., 2:], logits[..., 12:])

    return loss


def max_pooled_loss(foreground, logits):
    """Cross-entropy of the `WORST` of all pixels of the batch, plus that of all of them, plus soft Dice.

    Rota Bulo et al., "Loss Max-Pooling for Semantic Image Segmentation", CVPR 2017, section 3, in the form
    of the nail paper: nails are a hundredth of a picture, and what is easy would drown them. The other two
    are ours. The worst tenth alone is smallest at one half everywhere as long as nothing is known; the mean
    and Dice (Milletari et al., V-Net, 2016, section 3) lead away from there many times faster.

    Args:
        foreground: float32 [N, H, W] in [0, 1].
        logits: float32 [N, H, W, 2], background and foreground.
    """
    losses = ops.reshape(cross_entropy(foreground, logits), (-1,))
    chosen = ops.cast(losses >= _threshold(ops.stop_gradient(losses)), losses.dtype)
    pooled = ops.sum(chosen * losses) / ops.sum(chosen)
    return pooled + ops.mean(losses) + DICE_WEIGHT * dice(foreground, logits)


def dice(foreground, logits):
    """Soft Dice, 0 where all is right, mean of the pictures. Arguments as `max_pooled_loss`."""
    found = ops.sigmoid(logits[..., 1] - logits[..., 0])
    overlap = ops.sum(found * foreground, axis=(1, 2))
    total = ops.sum(found, axis=(1, 2)) + ops.sum(foreground, axis=(1, 2))
    return ops.mean(1.0 - (2.0 * overlap + 1.0) / (total + 1.0))


def _threshold(losses):
    """What `WORST` of the values reach, by bisection: sorting a million takes a fifth of a step."""
    wanted = WORST * ops.cast(ops.shape(losses)[0], losses.dtype)
    low, high = ops.zeros_like(losses[0]), ops.max(losses)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        enough = ops.sum(ops.cast(losses >= middle, losses.dtype)) >= wanted
        low, high = ops.where(enough, middle, low), ops.where(enough, high, middle)
    return low


def weighted_loss(foreground, logits):
    """Cross-entropy, nails weighing `NAIL_WEIGHT`: the paper's baseline. Arguments as `max_pooled_loss`."""
    weight = 1.0 + (NAIL_WEIGHT - 1.0) * foreground
    return ops.sum(weight * cross_entropy(foreground, logits)) / ops.sum(weight)


def cross_entropy(foreground, logits):
    """Of every pixel, float32 [N, H, W]; `foreground` may be soft."""
    odds = logits[..., 1] - logits[..., 0]
    return ops.softplus(odds) - foreground * odds


def finger_loss(finger, logits):
    """Negative log likelihood of the fingers, averaged over the pixels where they are known.

    Args:
        finger: float32 [N, H, W], -1 where unknown.
        logits: float32 [N, H, W, 10].
    """
    known = ops.cast(finger >= 0, logits.dtype)
    index = ops.cast(ops.maximum(finger, 0.0), "int32")
    losses = keras.losses.sparse_categorical_crossentropy(index, logits, from_logits=True)
    return ops.sum(known * losses) / ops.maximum(ops.sum(known), 1.0)


def direction_loss(direction, predicted):
    """Squared distance of the directions, averaged over the pixels where they are known.

    Args:
        direction: float32 [N, H, W, 2], unit vectors, zeros where unknown.
        predicted: float32 [N, H, W, 2].
    """
    known = ops.sum(ops.square(direction), axis=-1)
    losses = ops.sum(ops.square(direction - predicted), axis=-1)
    return ops.sum(known * losses) / ops.maximum(ops.sum(known), 1.0)
