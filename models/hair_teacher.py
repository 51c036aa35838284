"""A large hair segmentation network that teaches the small ones; it is not shipped.

A U-Net (Ronneberger et al., 2015, arXiv:1505.04597) on an EfficientNet-Lite encoder.
"""

from __future__ import annotations

import keras
from keras import layers

from models.efficientnet_lite import encode

WIDTHS = (16, 32, 64, 128)
"""Channels of the decoder at strides 2, 4, 8 and 16."""


def hair_teacher(input_size: int | None = 256, variant: str = "lite2") -> keras.Model:
    """Build the teacher with random weights; `efficientnet_lite.load_imagenet` fills its encoder.

    Args:
        input_size: side of the square input in pixels, a multiple of 32; `None` leaves both sides open.
        variant: of the encoder, a key of `efficientnet_lite.SCALES`.

    Returns:
        A model from float32 [N, H, W, 3] (RGB / 255) to float32 [N, H, W, 1], the probability of hair in
        [0, 1]. The layer named `logits` holds the values before the sigmoid.
    """
    image = layers.Input((input_size, input_size, 3), name="image")
    scaled = layers.Rescaling(2.0, -1.0, name="scale")(image)
    *skips, x = encode(scaled, variant)
    for level in reversed(range(len(skips))):
        x = layers.Conv2D(WIDTHS[level], 1, use_bias=False, name=f"up{level}_conv")(x)
        x = layers.UpSampling2D(interpolation="bilinear", name=f"up{level}")(x)
        x = layers.Concatenate(name=f"skip{level}")([x, skips[level]])
        x = layers.Conv2D(WIDTHS[level], 3, padding="same", use_bias=False, name=f"decoder{level}_conv")(x)
        x = layers.BatchNormalization(name=f"decoder{level}_bn")(x)
        x = layers.ReLU(name=f"decoder{level}_relu")(x)
    x = layers.Conv2D(1, 1, name="half_logits")(x)
    logits = layers.UpSampling2D(interpolation="bilinear", name="logits")(x)
    return keras.Model(image, layers.Activation("sigmoid", name="mask")(logits), name="hair_teacher")
