"""Dye the hair in a picture, so that a network also knows blue, pink, grey and white hair."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

STRONGEST = 75.0
"""Distance of the strongest colour from grey, in levels of Cr and Cb."""

OWN = 0.3
"""How much of the differences in colour within the hair stay."""


def dye(picture: np.ndarray, rng: Generator) -> np.ndarray:
    """Give the hair another colour, and another lightness within what its strands and shine allow.

    Args:
        picture: uint8 [H, W, 4], RGB and the mask (0..255): what is hair, in part or whole.
        rng: all randomness: a hue, a strength from grey to glaring, a lightness.

    Returns:
        A picture of the same form, the mask as it was. Where there is no hair, no pixel changes.
    """
    luma, red, blue = cv2.split(cv2.cvtColor(np.ascontiguousarray(picture[..., :3]), cv2.COLOR_RGB2YCrCb))
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0, STRONGEST)
    luma = cv2.convertScaleAbs(luma, alpha=rng.uniform(0.6, 1.3), beta=rng.uniform(0, 60))
    tints = [
        cv2.convertScaleAbs(plane, alpha=OWN, beta=128 * (1 - OWN) + strength * part)
        for plane, part in ((red, np.cos(angle)), (blue, np.sin(angle)))
    ]
    dyed = cv2.cvtColor(cv2.merge([luma, *tints]), cv2.COLOR_YCrCb2RGB)
    # Dye does not end within a pixel, and a network could learn to look for such an end.
    weight = cv2.GaussianBlur(picture[..., 3], (3, 3), 0).astype(np.float32) / 255
    weight[picture[..., 3] == 0] = 0
    colours = cv2.blendLinear(dyed, np.ascontiguousarray(picture[..., :3]), weight, 1 - weight)
    return np.dstack([np.where(weight[..., None] > 0, colours, picture[..., :3]), picture[..., 3]])
