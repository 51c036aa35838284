"""Hair segmentation for video, after "Real-time Hair Segmentation and Recoloring on Mobile GPUs".

Tkachenka et al., Google, 2019 (arXiv:1907.06740), section 3: an hourglass with skip connections, a first
convolution with a large kernel and stride 4, bottlenecks with a strong squeeze, and densely connected layers
that sharpen the edges; the paper has those at full resolution, this network at half.
"""

from __future__ import annotations

import keras
from keras import layers

STRIDE = 32
"""The deepest level halves the picture this often; both sides of the input must be multiples of it."""


def hair_segmenter(
    input_size: int | None = 256,
    widths: tuple[int, ...] = (24, 64, 96, 128),
    squeezed: tuple[int, ...] = (16, 24, 32, 48),
    depths: tuple[int, ...] = (1, 2, 5, 4),
    edge_width: int = 8,
    inner_size: int | None = None,
    skips: bool = True,
    dense: bool = True,
) -> keras.Model:
    """Build the hair segmentation network with random weights.

    Args:
        input_size: side of the square input in pixels, a multiple of 32; `None` leaves both sides open. The
            weights do not depend on it.
        widths: channels at strides 4, 8, 16 and 32.
        squeezed: channels inside the bottlenecks of the same levels.
        depths: bottlenecks in the encoder at the same levels.
        edge_width: channels that each layer of the edges adds.
        inner_size: side of the square, a multiple of 32, to which the input is scaled before the first layer
            and from which the mask is scaled back; `None` leaves the scale as it is.
        skips: connect encoder and decoder level by level (the paper's ablation leaves them out).
        dense: sharpen the edges by densely connected layers (the paper's ablation leaves them out).

    Returns:
        A model from float32 [N, H, W, 4] (RGB / 255, then the previous frame's mask in [0, 1], zeros on the
        first frame) to float32 [N, H, W, 1], the probability of hair in [0, 1]. The layer named `logits`
        holds the values before the sigmoid.

    Raises:
        ValueError: if the side that the first layer sees is not a positive multiple of 32.
    """
    side = inner_size or input_size
    if side is not None and (side <= 0 or side % STRIDE):
        raise ValueError(f"the network's side must be a positive multiple of {STRIDE}, got {side}")
    frame = x = layers.Input((input_size, input_size, 4), name="frame_and_previous_mask")
    if inner_size is not None:
        x = layers.Resizing(inner_size, inner_size, name="to_inner")(x)
    picture = x

    # Encoder
    x = _conv_bn(picture, widths[0], 8, "stem", strides=4)
    levels = []
    for level, (width, squeeze, depth) in enumerate(zip(widths, squeezed, depths, strict=True)):
        if level:
            x = _conv_bn(x, width, 3, f"down{level}", strides=2)
        for i in range(depth):
            x = _bottleneck(x, squeeze, f"encoder{level}_{i}")
        levels.append(x)

    # The whole picture's context, added at the deepest level: it tells a head seen from behind from a cat.
    context = layers.GlobalAveragePooling2D(keepdims=True, name="context_pool")(x)
    context = layers.Conv2D(widths[-1], 1, activation="relu", name="context")(context)
    x = layers.Add(name="context_add")([x, context])

    # Decoder
    for level in reversed(range(len(widths) - 1)):
        x = layers.Conv2D(widths[level], 1, use_bias=False, name=f"up{level}_conv")(x)
        x = layers.BatchNormalization(name=f"up{level}_bn")(x)
        x = layers.UpSampling2D(interpolation="bilinear", name=f"up{level}")(x)
        if skips:
            x = layers.Add(name=f"skip{level}")([x, levels[level]])
        x = _bottleneck(x, squeezed[level], f"decoder{level}")

    # Edges at stride 2: thin, densely connected layers beside a fresh look at the picture. A level at full
    # resolution more would cost a fifth of the time and could give 0.5 % of IoU at the very most.
    x = _conv_bn(x, edge_width, 1, "to_half")
    x = layers.UpSampling2D(interpolation="bilinear", name="up_half")(x)
    if dense:
        half = _conv_bn(picture, edge_width, 3, "half", strides=2)
        x = layers.Concatenate(name="half_concat")([x, half])
        y = _conv_bn(x, edge_width, 3, "half_dense")
        x = layers.Concatenate(name="half_dense_concat")([x, y])
    x = layers.Conv2D(1, 1, name="half_logits")(x)
    if inner_size is None:
        x = layers.UpSampling2D(interpolation="bilinear", name="logits")(x)
    else:
        x = layers.Resizing(input_size, input_size, name="logits")(x)
    mask = layers.Activation("sigmoid", name="mask")(x)
    return keras.Model(frame, mask, name="hair_segmenter")


def _conv_bn(x, width: int, kernel: int, name: str, strides: int = 1):
    x = layers.Conv2D(width, kernel, strides, "same", use_bias=False, name=f"{name}_conv")(x)
    x = layers.BatchNormalization(name=f"{name}_bn")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def _bottleneck(x, squeeze: int, name: str):
    """Squeeze with 1x1, look around with 3x3, expand with 1x1, add (the paper's figure 2)."""
    y = _conv_bn(x, squeeze, 1, f"{name}_squeeze")
    y = _conv_bn(y, squeeze, 3, f"{name}_look")
    y = layers.Conv2D(x.shape[-1], 1, use_bias=False, name=f"{name}_expand_conv")(y)
    # Each block starts as the identity, which keeps the first steps of a deep network calm.
    y = layers.BatchNormalization(gamma_initializer="zeros", name=f"{name}_expand_bn")(y)
    x = layers.Add(name=f"{name}_add")([x, y])
    return layers.ReLU(name=f"{name}_relu")(x)
