"""Opacity of pictures, as a pure function."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tryon import GraphError


def set_alpha(image: NDArray[Any], alpha: int | NDArray[Any]) -> NDArray[Any]:
    """A picture with a fourth channel.

    Args:
        image: uint8 [height, width, 3 or 4]; a fourth channel is replaced.
        alpha: 0 (transparent) to 255 for all pixels, or a picture of the same height and width: uint8, or
            float32 in [0, 1]; its first channel is used.

    Returns:
        uint8 [height, width, 4].

    Raises:
        GraphError: the picture has another shape or type, or the sizes differ.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] not in (3, 4):
        raise GraphError(f"The picture must be uint8 [h, w, 3 or 4], not {image.dtype} {list(image.shape)}.")
    if isinstance(alpha, np.ndarray):
        if alpha.shape[:2] != image.shape[:2]:
            raise GraphError(
                f"The alpha picture is {list(alpha.shape[:2])} (height, width), "
                f"the picture {list(image.shape[:2])}; scale one of them."
            )
        if alpha.ndim == 3:
            alpha = alpha[..., 0]
        if alpha.dtype != np.uint8:
            # Halves are rounded up, as in the reference.
            alpha = np.floor(np.clip(alpha, 0, 1) * 255 + 0.5)
    result = image.copy() if image.shape[2] == 4 else cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)
    result[..., 3] = alpha
    return result
