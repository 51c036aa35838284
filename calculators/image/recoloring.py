"""Painting a part of a picture with one colour, as a pure function."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tryon import GraphError

Color = tuple[int, int, int]


def recolor(
    image: NDArray[np.uint8],
    mask: NDArray[Any],
    color: Color,
    channel: int = 0,
    inverts: bool = False,
    keeps_dark: bool = True,
) -> NDArray[np.uint8]:
    """A picture that goes over to `color` where the mask is.

    Args:
        image: RGB uint8 [height, width, 3].
        mask: uint8 or float32 [h, w] or [h, w, channels]; 1 (255) is painted, 0 stays. Scaled to the
            picture's size where it differs.
        color: red, green, blue of 0 to 255.
        channel: of a mask with several.
        inverts: 0 is painted, 1 stays.
        keeps_dark: the darker a pixel, the less it is painted: shadows and strands stay.

    Returns:
        A new picture.

    Raises:
        GraphError: the picture or the mask has another shape or type.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise GraphError(f"The picture must be uint8 [h, w, 3], not {image.dtype} {list(image.shape)}.")
    plane = mask_plane(mask, channel)
    height, width = image.shape[:2]
    # MediaPipe enlarges and shrinks the mask linearly.
    weight = cv2.resize(plane, (width, height)).astype(np.float32, copy=False)
    if plane.dtype == np.uint8:
        weight /= 255
    if inverts:
        weight = 1 - weight
    if keeps_dark:
        weight *= cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) * np.float32(1 / 255)
    paint = np.repeat(np.full((1, width, 3), color, np.uint8), height, axis=0)
    return cv2.blendLinear(image, paint, 1 - weight, weight).astype(np.uint8, copy=False)


def mask_plane(mask: NDArray[Any], channel: int) -> NDArray[Any]:
    """The channel of a mask that counts, uint8 or float32 [h, w]; of a mask with one, that one.

    Raises:
        GraphError: the mask has another shape or type, or no such channel.
    """
    if mask.ndim == 3:
        if channel >= mask.shape[2] > 1:
            raise GraphError(f"The mask has {mask.shape[2]} channels and none with index {channel}.")
        mask = mask[..., channel if mask.shape[2] > 1 else 0]
    if mask.ndim != 2 or mask.dtype not in (np.uint8, np.float32) or not mask.size:
        raise GraphError(f"The mask must be uint8 or float32 [h, w], not {mask.dtype} {list(mask.shape)}.")
    return np.ascontiguousarray(mask)
