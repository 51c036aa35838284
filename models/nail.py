"""The nail network.

After Duke et al., "Nail Polish Try-On: Realtime Semantic Segmentation of Small Objects for Native and Browser
Smartphone AR Applications" (ModiFace, CVPR workshops 2019, arXiv:1906.02222): a deep MobileNetV2 branch looks
at the picture at half its size, a shallow one at its full size; fusion blocks as in ICNet (Zhao et al., 2018,
section 3.3) bring them together. The outputs are a Laplacian pyramid: each level adds what it sees better to
what the level before has said, enlarged.
"""

from __future__ import annotations

import keras
from keras import layers

from models.mobilenet_v2 import encode

FOREGROUND, FINGERS, DIRECTION = "foreground", "fingers", "direction"
CHANNELS = 2 + 10 + 2
"""Of an output branch: background and foreground, ten fingers, the direction's x and y."""

LEVELS = (16, 8, 4, 1)
"""Strides of the outputs. The last holds background and foreground alone: fingers and directions hardly
change inside a nail, so enlarged from a quarter of the side they lose nothing and cost a tenth."""

DEEP, SHALLOW = "deep_", "shallow_"
"""Prefixes of the branches' layers."""

DEPTHS = {55: 8, 43: 6}
"""Stages of the deep branch by the paper's name of the depth; the 12 layers between are stages 7 and 8."""


def level_name(stride: int) -> str:
    """The layer with a level's logits, float32 [N, H / stride, W / stride, 14, or 2 at stride 1]."""
    return f"level_{stride}"


def nail_segmenter(
    input_size: int | None, depth: int = 55, cascade: bool = True, folded: bool = False
) -> keras.Model:
    """The network.

    Args:
        input_size: side of the square input, a multiple of 32; None leaves it open.
        depth: of the encoder, a key of `DEPTHS`.
        cascade: have the shallow branch. Without it the deep branch's own earlier features take its place,
            which show the picture at half its size.

        folded: encoders without batch normalisation, see `mobilenet_v2.encode`; for training from published
            weights, not from random ones.

    Returns:
        A model from `image`, float32 [N, H, W, 3] (RGB in [-1, 1]), to three outputs: `foreground`, the
        probability of a nail, float32 [N, H, W, 1]; `fingers`, probabilities, float32 [N, H/4, W/4, 10]; and
        `direction` from base to tip (x right, y down), float32 [N, H/4, W/4, 2], of length 1 where the
        network is sure. The last two mean something inside nails only.

    Raises:
        ValueError: if the size or depth is not one of these.
    """
    if input_size is not None and (input_size < 32 or input_size % 32):
        raise ValueError(f"input_size must be a multiple of 32, got {input_size}")
    if depth not in DEPTHS:
        raise ValueError(f"depth must be one of {list(DEPTHS)}, got {depth}")
    image = keras.Input((input_size, input_size, 3), name="image")
    half = layers.AveragePooling2D(2, name="half")(image)
    deep = encode(half, DEPTHS[depth], DEEP, dilated=(7, 8), folded=folded)
    if cascade:
        shallow = encode(image, 4, SHALLOW, folded=folded)
        skips = {16: deep[3], 8: shallow[3], 4: shallow[2], 2: shallow[1]}
    else:
        skips = {16: deep[3], 8: deep[2], 4: deep[1], 2: None}

    x = _conv(deep[-1], 96, 1, "reduce")
    x = _fuse(x, skips[16], 96, "fuse_16", dilation=2)
    logits = _add_level(None, x, CHANNELS, 16)
    x = _fuse(x, skips[8], 64, "fuse_8", dilation=2)
    logits = _add_level(logits, x, CHANNELS, 8)
    x = _fuse(_conv(x, 32, 1, "reduce_4"), skips[4], 32, "fuse_4")
    logits = _add_level(logits, x, CHANNELS, 4)
    x = _fuse(_conv(x, 16, 1, "reduce_2"), skips[2], 16, "fuse_2")
    full = layers.Conv2DTranspose(2, 2, 2, "same", kernel_initializer=_doubtful(), name="full")(x)
    mask = layers.Add(name=level_name(1))([full, _enlarge(logits[..., :2], 4, "mask_4")])

    # The softmax of two, seen from the foreground
    foreground = layers.Subtract(name="odds")([mask[..., 1:], mask[..., :1]])
    return keras.Model(
        image,
        [
            layers.Activation("sigmoid", name=FOREGROUND)(foreground),
            layers.Softmax(name=FINGERS)(logits[..., 2:12]),
            layers.Identity(name=DIRECTION)(logits[..., 12:]),
        ],
        name="nail_segmenter",
    )


def _fuse(x, skip, channels: int, name: str, dilation: int = 1):
    """A fusion block: a convolution on the enlarged deep features, plus a projection of the finer ones.

    Ours besides: another convolution that sees both together. It adds nothing at first, so that weights
    from before it was there still fit.
    """
    x = _enlarge(x, 2, f"{name}_enlarge")
    x = _conv(x, channels, 3, name, dilation, activate=skip is None)
    if skip is not None:
        skip = _conv(skip, channels, 1, f"{name}_project", activate=False)
        x = layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([x, skip]))
    both = _conv(x, channels, 3, f"{name}_refine", activate=False, gamma="zeros")
    return layers.ReLU(name=f"{name}_refine_relu")(layers.Add(name=f"{name}_refine_add")([x, both]))


def _conv(x, channels: int, kernel: int, name: str, dilation: int = 1, activate=True, gamma="ones"):
    x = layers.Conv2D(
        channels, kernel, padding="same", dilation_rate=dilation, use_bias=False, name=f"{name}_conv"
    )(x)
    x = layers.BatchNormalization(momentum=0.98, epsilon=1e-3, gamma_initializer=gamma, name=f"{name}_bn")(x)
    return layers.ReLU(name=f"{name}_conv_relu")(x) if activate else x


def _add_level(before, x, channels: int, stride: int):
    """An output branch: logits, added to those of the level before."""
    if before is None:
        return layers.Conv2D(channels, 1, kernel_initializer=_doubtful(), name=level_name(stride))(x)
    residual = layers.Conv2D(channels, 1, kernel_initializer=_doubtful(), name=f"residual_{stride}")(x)
    return layers.Add(name=level_name(stride))([residual, _enlarge(before, 2, f"logits_{stride}")])


def _doubtful() -> keras.initializers.Initializer:
    """Of the outputs: every pixel starts near one half, so that nothing has to be unlearned first."""
    return keras.initializers.RandomNormal(stddev=0.01)


def _enlarge(x, times: int, name: str):
    return layers.UpSampling2D(times, interpolation="bilinear", name=name)(x)
