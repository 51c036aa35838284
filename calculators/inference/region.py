"""Parts of pictures as tensors, as pure functions."""

import math
from dataclasses import astuple, dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from tryon import GraphError

Size = tuple[int, int]
Insets = tuple[float, float, float, float]


@dataclass(frozen=True)
class Region:
    """A rotated rectangle in a picture, in pixels.

    Attributes:
        center_x, center_y: the middle; (0, 0) is the picture's top left corner.
        width, height: along the rectangle's own sides.
        rotation: clockwise as seen, in radians.
    """

    center_x: float
    center_y: float
    width: float
    height: float
    rotation: float = 0.0


def pad_region(region: Region, size: Size) -> tuple[Region, Insets]:
    """Widens a region at two sides to the proportions of `size` (width, height).

    Returns:
        The new region, and how much of it was added: (left, top, right, bottom) as fractions of its sides.

    Raises:
        GraphError: the region is empty.
    """
    if region.width <= 0 or region.height <= 0:
        raise GraphError(
            "ROI width and height must be > 0 to keep the aspect ratio; the region is "
            f"{region.width:g} x {region.height:g} pixels."
        )
    wanted, given = size[1] / size[0], region.height / region.width
    if wanted > given:
        bar = (1 - given / wanted) / 2
        return replace(region, height=region.width * wanted), (0.0, bar, 0.0, bar)
    bar = (1 - wanted / given) / 2
    return replace(region, width=region.height / wanted), (bar, 0.0, bar, 0.0)


def region_matrix(region: Region, image_size: Size) -> list[float]:
    """The 4 x 4 matrix, row by row, from fractions of the region to fractions of the picture."""
    width, height = image_size
    cos, sin = math.cos(region.rotation), math.sin(region.rotation)
    x_x, x_y = region.width * cos / width, -region.height * sin / width
    y_x, y_y = region.width * sin / height, region.height * cos / height
    offset_x = region.center_x / width - (x_x + x_y) / 2
    offset_y = region.center_y / height - (y_x + y_y) / 2
    rows = [
        (x_x, x_y, 0.0, offset_x),
        (y_x, y_y, 0.0, offset_y),
        (0.0, 0.0, region.width / width, 0.0),
        (0.0, 0.0, 0.0, 1.0),
    ]
    return [value for row in rows for value in row]


def crop_region(
    image: NDArray[Any], region: Region, size: Size, replicates_border: bool
) -> NDArray[np.uint8]:
    """A region of a picture, scaled to `size` (width, height).

    Args:
        image: uint8 [height, width] or [height, width, 1, 3 or 4]; a fourth channel is dropped.
        region: may lie outside the picture in part.
        size: of the result.
        replicates_border: what is outside the picture repeats its border; False leaves it black.

    Returns:
        uint8 [height, width, 1 or 3].

    Raises:
        GraphError: the picture has another shape or type, or a number of the region is not finite.
    """
    channels = image.shape[2] if image.ndim == 3 else 1
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or channels not in (1, 3, 4) or not image.size:
        raise GraphError(
            f"Unsupported format: the picture is {image.dtype} {list(image.shape)}; "
            "it must be uint8 [h, w, 1, 3 or 4] and not empty."
        )
    if not all(map(math.isfinite, astuple(region))):
        raise GraphError(f"The numbers of the region must be finite; it is {region}.")
    cos, sin = math.cos(region.rotation) / 2, math.sin(region.rotation) / 2
    across = np.array([cos, sin]) * region.width
    down = np.array([-sin, cos]) * region.height
    center = np.array([region.center_x, region.center_y])
    corners = [center - across + down, center - across - down, center + across - down, center + across + down]
    targets = [(0, size[1]), (0, 0), (size[0], 0), size]
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), np.array(targets, np.float32))
    border = cv2.BORDER_REPLICATE if replicates_border else cv2.BORDER_CONSTANT
    result = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
    if channels == 4:
        result = cv2.cvtColor(result, cv2.COLOR_RGBA2RGB)
    return result.reshape(size[1], size[0], -1).astype(np.uint8, copy=False)


def scaled_tensor(
    image: NDArray[Any], low: float, high: float, dtype: DTypeLike = np.float32
) -> NDArray[Any]:
    """A picture as a tensor in which 0 became `low` and 255 became `high`.

    Args:
        image: [height, width, channels] of any type.
        low, high: finite numbers.
        dtype: of the result; integers are rounded, and cut to what the type holds.

    Returns:
        A new array [1, height, width, channels].
    """
    tensor = np.multiply(image[np.newaxis], np.float32((high - low) / 255), dtype=np.float32)
    if low:
        tensor += np.float32(low)
    if np.issubdtype(dtype, np.integer):
        limits = np.iinfo(np.dtype(dtype))
        tensor = np.clip(np.rint(tensor), limits.min, limits.max)
    return tensor.astype(dtype, copy=False)
