"""The maps that the network for nails makes, as pure functions."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calculators.nails.nail import CLASSES
from tryon import GraphError

Map = NDArray[np.float32]
Numbers = NDArray[np.float64]
Labels = NDArray[np.int32]
Padding = tuple[float, float, float, float]

ALMOST_WHOLE: Final = 1e-3
"""So far from a border between pixels, in pixels, padding counts as ending there."""


def find_maps(tensors: list[Map]) -> tuple[Map, Map, Map]:
    """The network's three outputs, told apart by their last dimension.

    Returns:
        Foreground [H, W], fingers [H / 4, W / 4, 10] and direction [H / 4, W / 4, 2].

    Raises:
        GraphError: the tensors are others.
    """
    by_channels = {tensor.shape[-1]: tensor for tensor in tensors if tensor.ndim == 4 and len(tensor) == 1}
    if len(tensors) == len(by_channels) == 3 and set(by_channels) == {1, len(CLASSES), 2}:
        foreground, fingers, direction = (by_channels[count][0] for count in (1, len(CLASSES), 2))
        small = tuple(-(-side // 4) for side in foreground.shape[:2])
        if fingers.shape[:2] == direction.shape[:2] == small:
            return foreground[..., 0], fingers, direction
    shapes = ", ".join(str(list(tensor.shape)) for tensor in tensors) or "none"
    raise GraphError(
        f"The tensors are {shapes}; a network for nails gives three: foreground [1, H, W, 1], fingers "
        f"[1, H / 4, W / 4, {len(CLASSES)}] and direction [1, H / 4, W / 4, 2]. Check model_path."
    )


def without_padding(values: Map, padding: Padding) -> Map:
    """Takes letterbox padding off, so that the map spans the frame exactly.

    Where the padding ends within a pixel, the map is sampled anew (linearly) at about the same scale.

    Args:
        values: [h, w] or [h, w, channels].
        padding: left, top, right and bottom, as fractions of the map's sides.

    Raises:
        GraphError: the padding leaves nothing.
    """
    left, top, right, bottom = padding
    if min(padding) < 0 or left + right >= 1 or top + bottom >= 1:
        raise GraphError(
            "The padding (left, top, right, bottom) is "
            f"{', '.join(f'{part:g}' for part in padding)}; it must be fractions >= 0 that leave something."
        )
    return _part(_part(values, top, bottom, 0), left, right, 1)


def _part(values: Map, before: float, after: float, axis: int) -> Map:
    """The values along an axis between two margins, which are fractions of it."""
    size = values.shape[axis]
    begin, length = before * size, (1 - before - after) * size
    count = max(round(length), 1)
    if abs(begin - round(begin)) < ALMOST_WHOLE and abs(length - count) < ALMOST_WHOLE:
        return values[(slice(None),) * axis + (slice(round(begin), round(begin) + count),)]
    places = np.clip(begin + (np.arange(count) + 0.5) * (length / count) - 0.5, 0, size - 1)
    first = np.minimum(places.astype(int), max(size - 2, 0))
    share = (places - first).astype(np.float32).reshape([-1 if i == axis else 1 for i in range(values.ndim)])
    low, high = values.take(first, axis), values.take(np.minimum(first + 1, size - 1), axis)
    return np.asarray(low + share * (high - low), np.float32)


def nail_pixels(labels: Labels) -> NDArray[np.int64]:
    """The places of all nails' pixels in the flattened labels."""
    return np.flatnonzero(labels > 0)  # Of truth values, which is ten times as fast as of numbers.


def nail_means(labels: Labels, count: int, foreground: Map, values: Map) -> Map:
    """The mean over each nail of a smaller map of the same frame, weighted by the foreground.

    Args:
        labels: [h, w], 0 is background, 1 to `count` are nails.
        count: of nails.
        foreground: [h, w].
        values: [h', w', channels].

    Returns:
        [count, channels].
    """
    height, width, channels = values.shape
    area = height * width
    places = nail_pixels(labels)
    rows, columns = np.divmod(places, labels.shape[1])
    small = (rows * height // labels.shape[0]) * width + columns * width // labels.shape[1]
    small += (labels.ravel()[places] - 1) * area
    weights = np.bincount(small, foreground.ravel()[places], count * area)
    # The few places that are not 0, nail by nail. A matrix product over all of them wakes other threads.
    used = np.flatnonzero(weights > 0)
    begins = np.searchsorted(used, np.arange(count) * area)
    parts = np.empty((len(used), channels + 1))
    parts[:, -1] = weights[used]
    parts[:, :-1] = values.reshape(-1, channels)[used % area] * parts[:, -1:]
    sums = np.add.reduceat(parts, begins) if count else parts
    return np.asarray(sums[:, :-1] / sums[:, -1:], np.float32)
