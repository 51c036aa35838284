"""Networks for faces whose answers are known, written without TensorFlow: red is a face.

The picture of a face is a red square. The detector finds it where one cell of 8 x 8 pixels is red; the
landmarks of a crop lie about the middle of what is red in it.
"""

from collections.abc import Sequence

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from tests.calculators.face.faces import shape
from tests.calculators.nails.network import Builtin, Network, Options

SURE = 40.0


def red_is_face(side: float) -> bytes:
    """A detector: float32 [1, 224, 224, 3] to boxes [1, 784, 12] and scores [1, 784, 1].

    Every cell gives a square box about its middle, `side` of the input, its eyes level. A cell's score says
    whether it is red.
    """
    network = Network()
    image = network.tensor("image", (1, 224, 224, 3))
    cells = network.tensor("cells", (1, 28, 28, 3))
    network.add(Builtin.AVERAGE_POOL_2D, [image], cells, Options.Pool2DOptions, _pool(8))
    # Red as -1 to 1, green and blue take away
    odds = network.linear(cells, (1, 28, 28, 1), [(SURE, -SURE, -SURE)], -2.5 * SURE)
    heat = network.tensor("heat", (1, 28, 28, 1))
    network.add(Builtin.LOGISTIC, [odds], heat)
    points = np.array([(-0.2, -0.1), (0.2, -0.1), (0, 0.1), (0, 0.3)]) * side
    values = [0, 0, np.log(side), np.log(side), *points.ravel().tolist()]
    raw = network.convolved(cells, (1, 28, 28, 12), np.zeros((12, 1, 1, 3)), values)
    outputs = [_reshaped(network, raw, (1, 784, 12)), _reshaped(network, heat, (1, 784, 1))]
    return network.packed([image], outputs)


def middle_of_red(side: float, share: float) -> bytes:
    """Landmarks: float32 [1, 128, 128, 3] to landmarks [1, 68, 2] and presence [1, 1].

    Args:
        side: of the square that holds the landmarks, in shares of the crop.
        share: how much of the crop is red; presence is 0.5 where half of that is.
    """
    network = Network()
    image = network.tensor("image", (1, 128, 128, 3))
    small = network.tensor("small", (1, 16, 16, 3))
    network.add(Builtin.AVERAGE_POOL_2D, [image], small, Options.Pool2DOptions, _pool(8))
    # From -1 ... 1 to 0 ... 1, and the sum of red places over the red area
    places = (np.arange(16) + 0.5) / 16 / 2 / (256 * share)
    kernels = np.zeros((136, 16, 16, 3))
    kernels[0::2, :, :, 0] = places
    kernels[1::2, :, :, 0] = places[:, None]
    offsets = ((side * shape()) + kernels[:2].sum((1, 2, 3))).ravel().tolist()
    moved = network.convolved(small, (1, 1, 1, 136), kernels, offsets)
    area = np.zeros((1, 16, 16, 3))
    area[..., 0] = SURE / 2 / 256
    odds = network.convolved(small, (1, 1, 1, 1), area, [SURE / 2 - SURE * share / 2])
    presence = network.tensor("presence", (1, 1, 1, 1))
    network.add(Builtin.LOGISTIC, [odds], presence)
    return network.packed(
        [image], [_reshaped(network, moved, (1, 68, 2)), _reshaped(network, presence, (1, 1))]
    )


def _pool(size: int) -> schema.Pool2DOptionsT:
    options = schema.Pool2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideW = options.strideH = options.filterWidth = options.filterHeight = size
    return options


def _reshaped(network: Network, source: int, shape: Sequence[int]) -> int:
    output = network.tensor("reshaped", shape)
    options = schema.ReshapeOptionsT()
    options.newShape = list(shape)
    network.add(Builtin.RESHAPE, [source], output, Options.ReshapeOptions, options)
    return output
