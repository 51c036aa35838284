"""Masks from model outputs and masks over time, as pure functions."""

from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from tryon import GraphError

Mask = NDArray[np.float32]
Activation = Literal["NONE", "SIGMOID", "SOFTMAX"]

UNCERTAINTY = (5.68842, -0.748699, -57.8051, 291.309, -624.717)
"""MediaPipe's polynomial of (p - 0.5)^2, lowest power (1) first; see `smooth_mask`."""


def mask_from_tensor(tensor: NDArray[Any], activation: Activation = "NONE", channel: int = 1) -> Mask:
    """The mask that a segmentation model computed.

    Args:
        tensor: float32 [1, h, w, c] or [h, w, c] with one or two channels.
        activation: "NONE" takes the values as they are (of one channel, without a copy); "SIGMOID" and
            "SOFTMAX" turn logits into [0, 1].
        channel: the foreground where there are two channels.

    Returns:
        float32 [h, w].

    Raises:
        GraphError: the tensor has another shape or type, or one channel with "SOFTMAX".
    """
    shape = list(tensor.shape)
    is_image = tensor.ndim == 3 or (tensor.ndim == 4 and shape[0] == 1)
    if tensor.dtype != np.float32 or not is_image or shape[-1] not in (1, 2):
        raise GraphError(f"A mask tensor must be float32 [1, h, w, 1 or 2], not {tensor.dtype} {shape}.")
    layers = tensor.reshape(shape[-3:])
    if activation == "SOFTMAX":
        if shape[-1] != 2:
            raise GraphError("SOFTMAX needs two channels and the tensor has one; use SIGMOID or NONE.")
        # Of two classes, the softmax is the sigmoid of the difference.
        return _logistic(layers[..., 1 - channel] - layers[..., channel])
    layer = layers[..., channel if shape[-1] == 2 else 0]
    return _logistic(-layer) if activation == "SIGMOID" else np.ascontiguousarray(layer)


def _logistic(negated: NDArray[np.float32]) -> Mask:
    """1 / (1 + exp(negated)), written into `negated`."""
    cv2.exp(negated, negated)
    negated += 1
    return np.reciprocal(negated, out=negated)


def smooth_mask(mask: Mask, previous: Mask, ratio: float) -> Mask:
    """Calms a mask over time: where it is uncertain (near 0.5) it goes towards the previous one.

    Args:
        mask: float32 [h, w] in [0, 1].
        previous: the mask before, of the same shape.
        ratio: how far a pixel at 0.5 goes: 0 not at all, 1 all the way.

    Returns:
        A new float32 [h, w] in [0, 1].

    Raises:
        GraphError: the shapes differ.
    """
    if mask.shape != previous.shape:
        raise GraphError(
            f"The mask is {list(mask.shape)}, the previous mask {list(previous.shape)}; they must agree."
        )
    # The uncertainty is 1 - (1 - H)^2 with the entropy H in bits. As in the reference it is computed by
    # a polynomial, in place: 0.2 ms for 256 x 256.
    square = mask - np.float32(0.5)
    square *= square
    certainty = square * UNCERTAINTY[-1]
    for coefficient in UNCERTAINTY[-2::-1]:
        certainty += coefficient
        certainty *= square
    np.minimum(certainty, 1, out=certainty)
    weight = np.subtract(1, certainty, out=certainty)
    weight *= ratio
    result = previous - mask
    result *= weight
    result += mask
    return result
