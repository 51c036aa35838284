"""MobileNetV2, an encoder whose ImageNet weights are published.

Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018 (arXiv:1801.04381),
table 2, with width multiplier 1.0. Layers are named as in `keras.applications.MobileNetV2`, after a prefix.
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras import layers

from models.weights import WeightsError, fitting, read_layers

STAGES = (
    # expansion, channels, repeats, stride of the first
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""Stages 2 to 8; stage 1 is a convolution of stride 2 with 32 channels."""


def encode(image, stages: int, prefix: str = "", dilated: tuple[int, ...] = (), folded: bool = False):
    """Add the first stages of the encoder to a functional model.

    Args:
        image: tensor [N, H, W, 3], RGB in [-1, 1]; sides even wherever a stride of 2 follows.
        stages: how many of the 8 stages.
        prefix: of the names of the layers.
        folded: have no batch normalisation but biases: that of published weights is folded into them. It
            counts for a quarter of a training step on the CPU where it stays as it is.
        dilated: stages that keep the resolution: stride 1, and dilation 2 in their depthwise convolutions.

    Returns:
        The features that each stage ends with, a list of `stages` tensors.
    """

    def normalise(x, name: str):
        if folded:
            return x
        return layers.BatchNormalization(momentum=0.99, epsilon=1e-3, name=prefix + name)(x)

    def relu(x, name: str):
        return layers.ReLU(6.0, name=prefix + name)(x)

    x = layers.Conv2D(32, 3, 2, "same", use_bias=folded, name=f"{prefix}Conv1")(image)
    x = relu(normalise(x, "bn_Conv1"), "Conv1_relu")
    features, block = [x], 0
    for stage, (expansion, channels, repeats, first) in enumerate(STAGES[: stages - 1], start=2):
        dilation = 2 if stage in dilated else 1
        for repeat in range(repeats):
            name, before = f"block_{block}_" if block else "expanded_conv_", x
            stride = first if repeat == 0 and dilation == 1 else 1
            if expansion != 1:
                x = layers.Conv2D(expansion * x.shape[-1], 1, use_bias=folded, name=f"{prefix}{name}expand")(
                    x
                )
                x = relu(normalise(x, f"{name}expand_BN"), f"{name}expand_relu")
            x = layers.DepthwiseConv2D(
                3, stride, "same", use_bias=folded, dilation_rate=dilation, name=f"{prefix}{name}depthwise"
            )(x)
            x = relu(normalise(x, f"{name}depthwise_BN"), f"{name}depthwise_relu")
            x = layers.Conv2D(channels, 1, use_bias=folded, name=f"{prefix}{name}project")(x)
            x = normalise(x, f"{name}project_BN")
            if repeat:
                x = layers.Add(name=f"{prefix}{name}add")([before, x])
            block += 1
        features.append(x)
    return features


def load_encoders(model: keras.Model, source: str, prefixes: tuple[str, ...]) -> int:
    """Copy published weights into the encoders of `model`.

    Args:
        model: holds layers that `encode` made.
        source: "imagenet" to have `keras.applications` download them, or the path of a file with layers of
            its names: a .h5 that it has downloaded, or a .weights.h5 from `training.imagenet`.
        prefixes: of the encoders in `model`.

    Returns:
        How many layers were filled.

    Raises:
        WeightsError: if the weights cannot be downloaded or read, or are another network's.
    """
    weights = _download() if source == "imagenet" else read_layers(Path(source))
    filled = 0
    for layer in model.layers:
        prefix = next((p for p in prefixes if layer.name.startswith(p)), None)
        if prefix is None or not layer.weights:
            continue
        arrays = fitting(weights, layer, layer.name.removeprefix(prefix))
        if arrays is None:
            raise WeightsError(
                f"{source}: has no layer {layer.name.removeprefix(prefix)} of MobileNetV2's shape"
            )
        layer.set_weights(arrays)
        filled += 1
    return filled


def _download() -> dict[str, list[np.ndarray]]:
    try:
        encoder = keras.applications.MobileNetV2((224, 224, 3), include_top=False, weights="imagenet")
    except Exception as error:  # keras.utils.get_file raises a bare Exception for any failed download
        raise WeightsError(
            f"cannot download the ImageNet weights: {error}; give the path of a file, or leave encoder out"
        ) from error
    return {layer.name: layer.get_weights() for layer in encoder.layers if layer.weights}
