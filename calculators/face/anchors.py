"""The places that a detector's boxes are measured from, as pure functions."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calculators.face import detection_pb2

Anchors = NDArray[np.float32]


def ssd_anchors(options: detection_pb2.SsdAnchorsCalculatorOptions) -> Anchors:
    """The anchors of all cells, layer by layer, row by row.

    As in SSD (Liu et al., 2016, section 2.2) and MediaPipe. Layers of the same stride share their cells.

    Returns:
        float32 [n, 4]: x and y of the middle, width and height, in shares of the detector's input.
    """
    strides = list(options.strides)
    anchors: list[Sequence[float]] = []
    layer = 0
    while layer < len(strides):
        same = [
            i
            for i in range(layer, len(strides))
            if strides[layer : i + 1] == [strides[layer]] * (i - layer + 1)
        ]
        sizes = [size for i in same for size in _sizes(options, i)]
        columns = math.ceil(options.input_size_width / strides[layer])
        rows = math.ceil(options.input_size_height / strides[layer])
        for row in range(rows):
            for column in range(columns):
                x, y = (column + options.anchor_offset_x) / columns, (row + options.anchor_offset_y) / rows
                anchors += [(x, y, width, height) for width, height in sizes]
        layer = same[-1] + 1
    return np.array(anchors, np.float32).reshape(-1, 4)


def _sizes(options: detection_pb2.SsdAnchorsCalculatorOptions, layer: int) -> list[tuple[float, float]]:
    """Width and height of a layer's anchors."""
    scale, last = _scale(options, layer), layer == len(options.strides) - 1
    shapes = [(ratio, scale) for ratio in options.aspect_ratios]
    if options.interpolated_scale_aspect_ratio > 0:
        larger = 1.0 if last else _scale(options, layer + 1)
        shapes.append((options.interpolated_scale_aspect_ratio, math.sqrt(scale * larger)))
    if options.fixed_anchor_size:
        return [(1.0, 1.0)] * len(shapes)
    return [(size * math.sqrt(ratio), size / math.sqrt(ratio)) for ratio, size in shapes]


def _scale(options: detection_pb2.SsdAnchorsCalculatorOptions, layer: int) -> float:
    low, high, layers = options.min_scale, options.max_scale, len(options.strides)
    return (low + high) / 2 if layers == 1 else low + (high - low) * layer / (layers - 1)
