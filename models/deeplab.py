"""DeepLabv3 on a dilated ResNet-101, with one output: the baseline of the transfer-learning study.

Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation", 2017 (arXiv:1706.05587):
dilated convolutions instead of strides, and parallel dilated convolutions (ASPP). The encoder is He et al.,
"Deep Residual Learning for Image Recognition", 2015 (arXiv:1512.03385), table 1, layer for layer that of
`keras.applications.ResNet101`, so that its weights fit.
"""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers, ops

from models.weights import WeightsError, load_by_name

RESNET101 = (3, 4, 23, 3)
"""Blocks in each of the four stages."""

IMAGENET = (
    "https://storage.googleapis.com/tensorflow/keras-applications/resnet/"
    "resnet101_weights_tf_dim_ordering_tf_kernels_notop.h5"
)
IMAGENET_MD5 = "88cf7a10940856eca736dc7b7e228a21"

BLUE_GREEN_RED_MEANS = (103.939, 116.779, 123.68)
"""Of ImageNet's pictures, 0 to 255; the encoder's weights were trained on pictures less them."""

MOMENTUM = 0.9
"""Of the running statistics of batch normalisation; PyTorch, which the study used, calls it 0.1."""


def deeplab(
    input_size: int | None = None,
    weights: str | None = None,
    output_stride: int = 8,
    depths: tuple[int, int, int, int] = RESNET101,
) -> keras.Model:
    """Build DeepLabv3.

    Args:
        input_size: side of the square input in pixels, a multiple of `output_stride`; `None` leaves both
            sides open.
        weights: of the encoder: `None` for random ones, "imagenet" to download those of
            `keras.applications.ResNet101`, or the path of a file of them. The rest always starts at random.
        output_stride: 8 dilates the last two stages as torchvision does, 16 the last one, 32 none.
        depths: blocks in each of the four stages.

    Returns:
        A model from float32 [N, H, W, 3] (RGB / 255) to float32 [N, H, W, 1] in [0, 1]. The layer named
        `logits` holds the values before the sigmoid.

    Raises:
        ValueError: if `input_size` or `output_stride` is not one of the above.
        WeightsError: if the weights cannot be fetched or read, or do not fill the encoder.
    """
    if input_size is not None and (input_size <= 0 or input_size % output_stride):
        raise ValueError(f"input_size must be a positive multiple of {output_stride}, got {input_size}")

    # Layers
    image = layers.Input((input_size, input_size, 3), name="image")
    bgr = ops.flip(image, axis=-1)
    centred = layers.Rescaling(255.0, [-mean for mean in BLUE_GREEN_RED_MEANS], name="centre")(bgr)
    features = encode(centred, output_stride, depths)
    encoder = keras.Model(image, features)
    rate = 96 // output_stride
    x = _aspp(features, (rate, 2 * rate, 3 * rate))
    x = _conv_bn(x, 3, "head")
    small = layers.Conv2D(1, 1, name="small_logits")(x)
    logits = layers.UpSampling2D(output_stride, interpolation="bilinear", name="logits")(small)

    # Functional model
    model = keras.Model(image, layers.Activation("sigmoid", name="mask")(logits), name="deeplab")

    # Weights
    if weights is not None:
        path = download_imagenet() if weights == "imagenet" else Path(weights)
        filled = set(load_by_name(encoder, path))
        empty = [layer.name for layer in encoder.layers if layer.weights and layer.name not in filled]
        if empty:
            raise WeightsError(
                f"{path}: not the weights of this encoder: {len(empty)} layers stay empty ({empty[0]}, ...)"
            )
    return model


def encode(image, output_stride: int = 8, depths: tuple[int, int, int, int] = RESNET101):
    """Add the encoder to a functional model.

    Args:
        image: tensor [N, H, W, 3], BGR less the means.
        output_stride: 8, 16 or 32, as in `deeplab`.
        depths: blocks in each of the four stages.

    Returns:
        Features [N, H / output_stride, W / output_stride, 2048].
    """
    x = layers.ZeroPadding2D(3, name="conv1_pad")(image)
    x = layers.Conv2D(64, 7, 2, name="conv1_conv")(x)
    x = layers.ReLU(name="conv1_relu")(_normalise(x, "conv1_bn"))
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, 2, name="pool1_pool")(x)
    for stage, blocks in enumerate(dilations(output_stride, depths)):
        for block, (stride, dilation) in enumerate(blocks):
            name = f"conv{stage + 2}_block{block + 1}"
            x = _block(x, 64 * 2**stage, stride, dilation, name, project=block == 0)
    return x


def dilations(output_stride: int, depths: tuple[int, int, int, int]) -> list[list[tuple[int, int]]]:
    """Stride and dilation of every block, by stage.

    A stage that would pass the output stride keeps its size; what follows its first block is dilated twice as
    much instead, as in torchvision.

    Raises:
        ValueError: if `output_stride` is not 8, 16 or 32.
    """
    if output_stride not in (8, 16, 32):
        raise ValueError(f"output_stride must be 8, 16 or 32, got {output_stride}")
    stages, reached, dilation = [], 4, 1
    for stage, depth in enumerate(depths):
        stride, before = 1 if stage == 0 else 2, dilation
        if reached * stride > output_stride:
            stride, dilation = 1, dilation * stride
        reached *= stride
        stages.append([(stride, before), *[(1, dilation)] * (depth - 1)])
    return stages


def download_imagenet(url: str = IMAGENET, md5: str = IMAGENET_MD5) -> Path:
    """Fetch the encoder's ImageNet weights into Keras's cache, unless they are there.

    Raises:
        WeightsError: if they cannot be fetched.
    """
    try:
        return Path(keras.utils.get_file(url.rpartition("/")[2], url, cache_subdir="models", file_hash=md5))
    except Exception as error:  # get_file raises a bare Exception
        raise WeightsError(
            f"the ImageNet weights could not be downloaded ({error}); fetch {url} elsewhere "
            "and put it into ~/.keras/models, or give its path as weights"
        ) from error


def _block(x, width: int, stride: int, dilation: int, name: str, project: bool):
    """Bottleneck; the stride is in the first convolution, as in Keras's weights."""
    shortcut = x
    if project:
        shortcut = layers.Conv2D(4 * width, 1, stride, name=f"{name}_0_conv")(x)
        shortcut = _normalise(shortcut, f"{name}_0_bn")
    x = layers.Conv2D(width, 1, stride, name=f"{name}_1_conv")(x)
    x = layers.ReLU(name=f"{name}_1_relu")(_normalise(x, f"{name}_1_bn"))
    x = layers.Conv2D(width, 3, padding="same", dilation_rate=dilation, name=f"{name}_2_conv")(x)
    x = layers.ReLU(name=f"{name}_2_relu")(_normalise(x, f"{name}_2_bn"))
    x = _normalise(layers.Conv2D(4 * width, 1, name=f"{name}_3_conv")(x), f"{name}_3_bn")
    x = layers.Add(name=f"{name}_add")([shortcut, x])
    return layers.ReLU(name=f"{name}_out")(x)


def _aspp(x, rates: tuple[int, int, int]):
    """Look around at several distances and at the whole picture (the paper's figure 5)."""
    branches = [_conv_bn(x, 1, "aspp0")]
    branches += [_conv_bn(x, 3, f"aspp{i}", rate) for i, rate in enumerate(rates, start=1)]
    whole = layers.GlobalAveragePooling2D(keepdims=True, name="aspp_pool")(x)
    whole = _conv_bn(whole, 1, "aspp4")
    branches.append(whole * ops.ones_like(branches[0]))
    x = layers.Concatenate(name="aspp_concat")(branches)
    return layers.Dropout(0.5, name="aspp_dropout")(_conv_bn(x, 1, "aspp"))


def _conv_bn(x, kernel: int, name: str, dilation: int = 1):
    x = layers.Conv2D(
        256, kernel, padding="same", dilation_rate=dilation, use_bias=False, name=f"{name}_conv"
    )(x)
    x = layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=f"{name}_bn")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def _normalise(x, name: str):
    return layers.BatchNormalization(momentum=MOMENTUM, epsilon=1.001e-5, name=name)(x)
