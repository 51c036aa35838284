"""The facial landmark network.

After Li et al., "Lightweight Real-time Makeup Try-on in Mobile Browsers with Tiny CNN Models for Facial
Tracking" (ModiFace, CVPR workshops 2019, arXiv:1906.02260), section 3: inverted residual blocks predict one
low-resolution heatmap a landmark, whose expected coordinates are the first stage's answer. The second stage
cuts features out of a shared map round each of them (RoI align, He et al., "Mask R-CNN", ICCV 2017, section
3), and one grouped convolution, a group a landmark, gives a small heatmap of how far the first stage is off.
How many blocks and channels there are is ours: the paper gives the sizes of the models only.
"""

from __future__ import annotations

import keras
import numpy as np
from keras import layers, ops

LANDMARKS, PRESENCE = "landmarks", "presence"

HEATMAPS, REFINEMENT, PRESENCE_LOGIT = "heatmaps", "refinement", "presence_logit"
"""Layers that the losses look at: logits of the first stage, float32 [N, n, cells * cells]; the first
stage's coordinates and then the logits of the second, float32 [N, n, 2 + OFFSETS * OFFSETS]; a logit,
float32 [N, 1]."""

STRIDE = 4
"""Of the heatmaps and of the shared features, in pixels of the input."""

SAMPLES, KERNEL, STEP = 9, 3, 0.5
"""Samples a side that are cut out round a landmark, the grouped convolution's kernel, and the samples'
distance in cells of the shared features."""

OFFSETS = SAMPLES - KERNEL + 1
"""Cells a side of the second stage's heatmaps."""

WIDTHS = {"tiny": 1.0, "half": 1.75, "full": 3.5}
"""Channels against those of the tiny network, by its name."""

DOUBT = -4.0
"""Logits begin there: nearly all cells of a heatmap are empty."""


def landmark_network(
    input_size: int = 128, points: int = 68, width: float | str = "tiny", refine: bool = True
) -> keras.Model:
    """The network.

    Args:
        input_size: side of the square input, a multiple of 16.
        points: how many landmarks.
        width: a key of `WIDTHS`, or channels against those of the tiny network.
        refine: have the second stage.

    Returns:
        A model from `image`, float32 [N, S, S, 3] (RGB in [-1, 1]), to two outputs: `landmarks`, x and y as
        fractions of the picture's sides, float32 [N, points, 2]; and `presence`, float32 [N, 1] in [0, 1]: is
        this the crop of a face.

    Raises:
        ValueError: if the size or the width is not one of these.
    """
    if input_size < 32 or input_size % 16:
        raise ValueError(f"input_size must be a multiple of 16, 32 or more, got {input_size}")
    if isinstance(width, str) and width not in WIDTHS:
        raise ValueError(f"width must be a number or one of {list(WIDTHS)}, got {width!r}")
    times = WIDTHS[width] if isinstance(width, str) else width

    def wide(channels: int) -> int:
        return max(8, 8 * round(times * channels / 8))

    image = keras.Input((input_size, input_size, 3), name="image")
    x = _conv(image, wide(16), 3, "stem", stride=2)
    # Most of the time goes where the maps are large, so the blocks are narrow there.
    fine = _stage(x, wide(24), 2, "stage_4", expansion=2)
    middle = _stage(fine, wide(40), 3, "stage_8", expansion=3)
    coarse = _stage(middle, wide(48), 4, "stage_16", expansion=4)
    x = _join(coarse, middle, wide(40), "join_8", expansion=3)
    shared = _join(x, fine, wide(32), "join_4", expansion=2)

    mean = layers.GlobalAveragePooling2D(name="presence_mean")(coarse)
    hidden = layers.Dense(wide(16), activation="relu", name="presence_hidden")(mean)
    presence = layers.Dense(1, name=PRESENCE_LOGIT)(hidden)

    cells = input_size // STRIDE
    x = layers.Conv2D(points, 1, **_doubtful(), name="heatmap_logits")(shared)
    x = layers.Reshape((cells * cells, points), name="heatmap_cells")(x)
    logits = layers.Permute((2, 1), name=HEATMAPS)(x)
    landmarks = expected_coordinates(logits, cell_centers(cells))
    if refine:
        landmarks = _refine(landmarks, shared, wide(16), cells)
    return keras.Model(
        image,
        [
            layers.Identity(name=LANDMARKS)(landmarks),
            layers.Activation("sigmoid", name=PRESENCE)(presence),
        ],
        name="landmark_network",
    )


def expected_coordinates(logits, centers: np.ndarray):
    """Means of the cells' centres, weighted by the softmax of their logits.

    Args:
        logits: float32 [N, n, cells].
        centers: float32 [cells, 2].

    Returns:
        float32 [N, n, 2].
    """
    return ops.matmul(ops.softmax(logits, axis=-1), centers)


def cell_centers(cells: int) -> np.ndarray:
    """x and y of the centres of a heatmap's cells as fractions of its sides, by row: float32 [cells^2, 2]."""
    y, x = np.mgrid[:cells, :cells].reshape(2, -1)
    return np.stack([(x + 0.5) / cells, (y + 0.5) / cells], -1).astype(np.float32)


def offset_centers(cells: int) -> np.ndarray:
    """What a cell of the second stage's heatmaps adds to a landmark, as fractions: float32 [OFFSETS^2, 2].

    Args:
        cells: of the shared features, a side.
    """
    return (cell_centers(OFFSETS) - np.float32(0.5)) * np.float32(OFFSETS * STEP / cells)


def roi_align(features, centers):
    """Cut square samples out of a feature map round each of some points.

    Two matrix products with bilinear weights: first along the columns of the map, for all points at once,
    then along the rows. What lies beside the map is 0. There are no gathers, and nothing is broadcast over
    two sides: the GPU delegate takes neither.

    Args:
        features: float32 [N, H, H, C].
        centers: x and y as fractions of the map's sides, float32 [N, n, 2].

    Returns:
        float32 [N, n, SAMPLES * SAMPLES, C], row by row; the middle sample lies at the point.
    """
    _, cells, _, channels = features.shape
    points = centers.shape[1]
    down = _bilinear(centers[..., 1:], cells, np.ones(1))
    down = ops.reshape(down, (-1, points * SAMPLES, cells))
    rows = ops.matmul(down, ops.reshape(features, (-1, cells, cells * channels)))
    rows = ops.reshape(rows, (-1, points * SAMPLES, cells, channels))
    # The same weights for all rows of a point.
    across = _bilinear(centers[..., :1], cells, np.ones(SAMPLES))
    across = ops.reshape(across, (-1, points * SAMPLES, SAMPLES, cells))
    return ops.reshape(ops.matmul(across, rows), (-1, points, SAMPLES * SAMPLES, channels))


def _bilinear(centers, cells: int, repeats: np.ndarray):
    """How much each cell counts for each sample along a side: float32 [N, n, repeats * SAMPLES * cells].

    The weight is 1 less the distance, 0 from 1 on; the distance is linear in the centre.
    """
    samples = STEP * (np.arange(SAMPLES) - (SAMPLES - 1) / 2) - 0.5
    shift = np.subtract.outer(samples, np.arange(cells))
    shift = np.multiply.outer(repeats, shift).ravel().astype(np.float32)
    distance = ops.matmul(centers, np.full((1, shift.size), cells, np.float32)) + ops.convert_to_tensor(shift)
    return ops.relu(1.0 - ops.abs(distance))


def _refine(landmarks, shared, channels: int, cells: int):
    """The second stage: landmarks, float32 [N, n, 2], and what a look from near adds to them."""
    points = landmarks.shape[1]
    # What the first stage should have said is for its own losses to say.
    landmarks = ops.stop_gradient(landmarks)
    features = _conv(shared, channels, 1, "shared_features")
    x = roi_align(features, landmarks)
    # A grouped convolution, a group a landmark, is a depthwise one and the mean over the group.
    x = ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (-1, SAMPLES, SAMPLES, points * channels))
    x = layers.DepthwiseConv2D(
        KERNEL, depthwise_initializer="he_uniform", bias_initializer=_constant(DOUBT), name="offset_logits"
    )(x)
    x = ops.mean(ops.reshape(x, (-1, OFFSETS * OFFSETS, points, channels)), axis=-1)
    logits = ops.transpose(x, (0, 2, 1))
    both = layers.Concatenate(name=REFINEMENT)([landmarks, logits])
    return both[..., :2] + expected_coordinates(both[..., 2:], offset_centers(cells))


def _stage(x, channels: int, repeats: int, name: str, expansion: int):
    """Halve the side, then blocks with a connection past them."""
    x = _block(x, channels, f"{name}_0", expansion, stride=2)
    for repeat in range(1, repeats):
        x = _block(x, channels, f"{name}_{repeat}", expansion)
    return x


def _join(deep, fine, channels: int, name: str, expansion: int):
    """Deep features, enlarged, and finer ones: their sum through one block."""
    deep = _conv(deep, channels, 1, f"{name}_deep", activate=False)
    deep = layers.UpSampling2D(2, interpolation="bilinear", name=f"{name}_enlarge")(deep)
    fine = _conv(fine, channels, 1, f"{name}_fine", activate=False)
    return _block(layers.Add(name=f"{name}_sum")([deep, fine]), channels, name, expansion)


def _block(x, channels: int, name: str, expansion: int, stride: int = 1):
    """An inverted residual block (Sandler et al., MobileNetV2, CVPR 2018, section 3.3)."""
    before = x
    x = _conv(x, expansion * x.shape[-1], 1, f"{name}_expand")
    x = layers.DepthwiseConv2D(3, stride, "same", use_bias=False, name=f"{name}_depthwise")(x)
    x = layers.ReLU(name=f"{name}_depthwise_relu")(_normalise(x, f"{name}_depthwise"))
    x = _conv(x, channels, 1, f"{name}_project", activate=False)
    if stride == 1 and before.shape[-1] == channels:
        x = layers.Add(name=f"{name}_add")([before, x])
    return x


def _conv(x, channels: int, kernel: int, name: str, stride: int = 1, activate: bool = True):
    x = layers.Conv2D(channels, kernel, stride, "same", use_bias=False, name=f"{name}_conv")(x)
    x = _normalise(x, name)
    return layers.ReLU(name=f"{name}_relu")(x) if activate else x


def _normalise(x, name: str):
    return layers.BatchNormalization(momentum=0.98, epsilon=1e-3, name=f"{name}_bn")(x)


def _doubtful() -> dict[str, keras.initializers.Initializer]:
    return {
        "kernel_initializer": keras.initializers.RandomNormal(stddev=0.01),
        "bias_initializer": _constant(DOUBT),
    }


def _constant(value: float) -> keras.initializers.Initializer:
    return keras.initializers.Constant(value)
