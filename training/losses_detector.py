"""Losses of the face detector, backend-agnostic."""

from __future__ import annotations

from keras import ops

from training.data_detector import COORDS, COORDS_FROM, COUNTS, HEAT, WEIGHT

FOCUS = 2.0
BOX_WEIGHT, KEYPOINT_WEIGHT = 2.0, 1.0


def score_loss(target, logits):
    """Quality focal loss (Li et al., "Generalized Focal Loss", 2020, section 3), a sum over cells by face.

    The target is no class but how near the middle of a face is: cells beside it want a lower score.

    Args:
        target: float32 [N, H, W, 15].
        logits: float32 [N, H, W, 1].
    """
    heat, counts, logits = target[..., HEAT], target[..., COUNTS], logits[..., 0]
    entropy = ops.softplus(logits) - heat * logits
    focus = ops.abs(ops.sigmoid(logits) - heat) ** FOCUS
    faces = ops.sum(ops.cast(heat >= 1.0, logits.dtype) * counts)
    return ops.sum(counts * focus * entropy) / ops.maximum(faces, 1.0)


def box_loss(target, boxes):
    """L1 of the ways in sizes of the face, and of the logarithms of its sides, in the cells near a middle.

    Args:
        target: float32 [N, H, W, 15].
        boxes: float32 [N, H, W, 12].
    """
    weight, wanted = target[..., WEIGHT], target[..., COORDS_FROM : COORDS_FROM + COORDS]
    width = ops.shape(target)[2]
    # Logarithms are of sides of the input, ways are in cells: the face's size in cells.
    size = ops.exp((wanted[..., 2:3] + wanted[..., 3:4]) / 2) * ops.cast(width, boxes.dtype)
    apart = ops.abs(boxes - wanted)
    middle = ops.mean(apart[..., :2] / size, axis=-1)
    sides = ops.mean(apart[..., 2:4], axis=-1)
    keypoints = ops.mean(apart[..., 4:] / size, axis=-1)
    losses = BOX_WEIGHT * (2 * middle + sides) + KEYPOINT_WEIGHT * keypoints
    return ops.sum(weight * losses) / ops.maximum(ops.sum(weight), 1.0)
