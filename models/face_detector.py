"""The face detector: where faces are in a whole frame, their boxes and four key points each.

Anchor-free, one stride: every cell of 8 x 8 pixels says how likely it holds the middle of a face (Zhou et
al., "Objects as Points", 2019, section 3) and where that face's box and key points are, measured from the
cell's own middle. An encoder of inverted residual blocks (Sandler et al., MobileNetV2, 2018, section 3.3)
sees the whole frame at stride 32; two steps bring that back to stride 8 (Lin et al., feature pyramids, 2017).
"""

from __future__ import annotations

import keras
from keras import layers

INPUT_SIZE = 224
STRIDE = 8
KEYPOINTS = 4
"""Right eye, left eye, tip of the nose, mouth; right is the owner's, seen on the left."""

COORDS = 4 + 2 * KEYPOINTS
SCORE_LOGITS, BOX_LOGITS = "score_logits", "box_logits"

BLOCKS = (
    # channels, expansion, stride
    (24, 3, 2),
    (24, 3, 1),
    (40, 3, 2),
    (40, 3, 1),
    (40, 3, 1),
    (64, 3, 2),
    (64, 3, 1),
    (64, 3, 1),
    (96, 3, 2),
    (96, 2, 1),
    (96, 2, 1),
)
"""After a convolution of stride 2 with 16 channels. Blocks 4, 7 and 10 end strides 8, 16 and 32."""

RARE = -4.6
"""The logit of a face's share of all cells, where scores start (Lin et al., focal loss, 2017, section 4)."""

USUAL_SIZE = -1.2
"""The logarithm of a face's side in sides of the input, where boxes start."""


def face_detector(input_size: int = INPUT_SIZE) -> keras.Model:
    """The network, 255 thousand parameters.

    Args:
        input_size: side of the square input, a multiple of 32.

    Returns:
        A model from `image`, float32 [N, S, S, 3] (RGB in [-1, 1]), to two outputs over the cells, row by
        row: `boxes`, float32 [N, (S / 8)^2, 12]: the way from the cell's middle to the face's (x, y), the
        logarithms of the face's width and height, and the ways from the cell's middle to each key point
        (x, y), all in sides of the input; and `scores`, the probability that the middle of a face is here,
        float32 [N, (S / 8)^2, 1]. The layers `score_logits` and `box_logits`, float32 [N, S / 8, S / 8, 1 or
        12], hold the same before the sigmoid, and with ways in cells.

    Raises:
        ValueError: if the size is no multiple of 32.
    """
    if input_size < 32 or input_size % 32:
        raise ValueError(f"input_size must be a multiple of 32, got {input_size}")
    image = keras.Input((input_size, input_size, 3), name="image")
    x = _conv(image, 16, 3, "stem", stride=2)
    features = []
    for number, (channels, expansion, stride) in enumerate(BLOCKS):
        x = _block(x, channels, expansion, stride, f"block_{number}")
        features.append(x)
    x = _merge(x, features[7], 64, "merge_16")
    x = _merge(x, features[4], 48, "merge_8")
    cells = (input_size // STRIDE) ** 2
    score = layers.Conv2D(
        1, 1, kernel_initializer=_small(), bias_initializer=_constant(RARE), name=SCORE_LOGITS
    )(_separable(x, 48, "score"))
    box = layers.Conv2D(COORDS, 1, kernel_initializer=_small(), bias_initializer=_sizes, name=BOX_LOGITS)(
        _separable(x, 48, "box")
    )
    way = STRIDE / input_size
    box = layers.Rescaling([way, way, 1.0, 1.0, *[way] * (2 * KEYPOINTS)], name="in_sides")(box)
    score = layers.Activation("sigmoid", name="probability")(score)
    return keras.Model(
        image,
        [
            layers.Reshape((cells, COORDS), name="boxes")(box),
            layers.Reshape((cells, 1), name="scores")(score),
        ],
        name="face_detector",
    )


def _block(x, channels: int, expansion: int, stride: int, name: str):
    """An inverted residual block: wide in the middle, where each channel is filtered by itself."""
    before = x
    x = _conv(x, expansion * x.shape[-1], 1, f"{name}_expand")
    x = _depthwise(x, stride, f"{name}_depthwise")
    x = _conv(x, channels, 1, f"{name}_project", activate=False)
    if stride == 1 and before.shape[-1] == channels:
        x = layers.Add(name=f"{name}_add")([before, x])
    return x


def _merge(x, finer, channels: int, name: str):
    """What was seen at twice the stride, enlarged, together with the finer features."""
    x = layers.UpSampling2D(2, interpolation="bilinear", name=f"{name}_enlarge")(
        _conv(x, channels, 1, f"{name}_reduce", activate=False)
    )
    finer = _conv(finer, channels, 1, f"{name}_lateral", activate=False)
    x = layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([x, finer]))
    return _separable(x, channels, name)


def _separable(x, channels: int, name: str):
    return _conv(_depthwise(x, 1, f"{name}_filter"), channels, 1, f"{name}_mix")


def _conv(x, channels: int, kernel: int, name: str, stride: int = 1, activate: bool = True):
    x = layers.Conv2D(channels, kernel, stride, "same", use_bias=False, name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=0.98, epsilon=1e-3, name=f"{name}_bn")(x)
    return layers.ReLU(name=f"{name}_conv_relu")(x) if activate else x


def _depthwise(x, stride: int, name: str):
    x = layers.DepthwiseConv2D(3, stride, "same", use_bias=False, name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=0.98, epsilon=1e-3, name=f"{name}_bn")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def _small() -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=0.01)


def _constant(value: float) -> keras.initializers.Initializer:
    return keras.initializers.Constant(value)


def _sizes(shape, dtype=None):
    """Biases of the boxes: no way from the cell, faces of a usual size."""
    return keras.ops.convert_to_tensor([0.0, 0.0, USUAL_SIZE, USUAL_SIZE, *[0.0] * (shape[0] - 4)], dtype)
