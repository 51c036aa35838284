"""Losses of the face detector, backend-agnostic."""

from __future__ import annotations

from keras import ops

from training.data_detector import COORDS, COORDS_FROM, COUNTS, HEAT, WEIGHT

FOCUS = 2.0
BOX_WEIGHT, OVERLAP_WEIGHT, KEYPOINT_WEIGHT = 2.0, 2.0, 1.0


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
    """L1 of the ways in sizes of the face and of the logarithms of its sides, and what the boxes lack of
    an intersection over union of 1 (Yu et al., UnitBox, 2016, section 3.1), in the cells near a middle.

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
    losses += OVERLAP_WEIGHT * (1 - overlap(boxes[..., :4], wanted[..., :4]))
    return ops.sum(weight * losses) / ops.maximum(ops.sum(weight), 1.0)


def overlap(boxes, others):
    """Intersection over union of boxes, float32 [N, H, W].

    Args:
        boxes, others: float32 [N, H, W, 4]: ways to the middle in cells, logarithms of the sides in sides of
            the input.
    """
    width = ops.cast(ops.shape(boxes)[2], boxes.dtype)
    (low, high, area), (other_low, other_high, other_area) = (
        (box[..., :2] - sides / 2, box[..., :2] + sides / 2, ops.prod(sides, axis=-1))
        # Cells without a face may say anything, but infinity times their weight of 0 would be no number.
        for box, sides in ((box, width * ops.exp(ops.minimum(box[..., 2:], 5.0))) for box in (boxes, others))
    )
    sides = ops.relu(ops.minimum(high, other_high) - ops.maximum(low, other_low))
    shared = ops.prod(sides, axis=-1)
    return shared / (area + other_area - shared)
