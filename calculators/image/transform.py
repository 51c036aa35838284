"""Geometry of pictures: rotate, flip and scale, as pure functions.

All take uint8 or float32 arrays [height, width] or [height, width, channels] and return a new array of the
same type, or the picture itself where there is nothing to do. Sizes are (width, height).
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[Any]
Size = tuple[int, int]
Insets = tuple[float, float, float, float]

QUARTER_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


def rotate(image: Image, degrees: int) -> Image:
    """Turns a picture counter-clockwise by 90, 180 or 270 degrees; any other angle leaves it as it is."""
    turn = QUARTER_TURNS.get(degrees)
    return image if turn is None else cv2.rotate(image, turn)


def flip(image: Image, horizontally: bool, vertically: bool) -> Image:
    """Swaps left and right, top and bottom, or both."""
    if not horizontally and not vertically:
        return image
    return cv2.flip(image, -1 if horizontally and vertically else int(horizontally))


def resize(image: Image, size: Size, nearest: bool = False) -> Image:
    """Stretches a picture to `size`: the mean over the area when both sides shrink, linear otherwise."""
    height, width = image.shape[:2]
    if size == (width, height):
        return image
    return _resize(image, size, shrinks=size[0] < width and size[1] < height, nearest=nearest)


def fit(
    image: Image,
    size: Size,
    padding_color: Sequence[float] | None = (0, 0, 0),
    nearest: bool = False,
) -> Image:
    """Scales the whole picture into `size`, with bars at two sides (`letterbox_padding` tells how wide).

    Args:
        image: [height, width] or [height, width, channels].
        size: (width, height) of the result.
        padding_color: colour of the bars, missing channels are 0; None repeats the border pixels.
        nearest: no new values, for label pictures.
    """
    scale = min(_factors(image, size))
    width, height = inner = _scaled(image, scale)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    right, bottom = size[0] - width - left, size[1] - height - top
    return cv2.copyMakeBorder(
        _resize(image, inner, shrinks=scale < 1, nearest=nearest),
        *(top, bottom, left, right),
        cv2.BORDER_REPLICATE if padding_color is None else cv2.BORDER_CONSTANT,
        value=tuple(padding_color or ()),
    )


def fill(image: Image, size: Size, nearest: bool = False) -> Image:
    """Cuts a picture to the proportions of `size`, evenly at both ends, and scales the rest to it."""
    height, width = image.shape[:2]
    scale = max(_factors(image, size))
    inner_width = min(width, max(1, round(size[0] / scale)))
    inner_height = min(height, max(1, round(size[1] / scale)))
    left, top = (width - inner_width) // 2, (height - inner_height) // 2
    inner = image[top : top + inner_height, left : left + inner_width]
    return np.ascontiguousarray(resize(inner, size, nearest))


def letterbox_padding(image_size: Size, output_size: Size) -> Insets:
    """The bars that `fit` adds: (left, top, right, bottom) as fractions of the output's width and height."""
    image_aspect, output_aspect = image_size[0] / image_size[1], output_size[0] / output_size[1]
    if image_aspect < output_aspect:
        side = (1 - image_aspect / output_aspect) / 2
        return (side, 0.0, side, 0.0)
    bar = (1 - output_aspect / image_aspect) / 2
    return (0.0, bar, 0.0, bar)


def _factors(image: Image, size: Size) -> tuple[float, float]:
    return size[0] / image.shape[1], size[1] / image.shape[0]


def _scaled(image: Image, scale: float) -> Size:
    """The picture's size times `scale`, rounded, at least one pixel."""
    return max(1, int(image.shape[1] * scale + 0.5)), max(1, int(image.shape[0] * scale + 0.5))


def _resize(image: Image, size: Size, shrinks: bool, nearest: bool) -> Image:
    method = cv2.INTER_NEAREST if nearest else cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, size, interpolation=method)
