"""Paint on skin and lips in OKLab: the colour changes, what the eye sees as texture and shading stays."""

from typing import Final

import numpy as np

from calculators.color.light import FloatArray

# Chroma follows lightness down into shadows, and at most this far up into highlights.
MOST_CHROMA: Final = 1.15
# How fast paint gets lighter where skin is lighter than as a whole.
HIGHLIGHTS: Final = 0.7
# The part of what a place's own colour differs from those around it that shows through paint.
OWN_COLOR: Final = 0.35


def paint_over(
    lab: FloatArray, bare: FloatArray, color: FloatArray, contrast: float = 1.0, own: float = OWN_COLOR
) -> FloatArray:
    """What opaque paint makes of skin: the paint's colour, with the shading and the texture of the skin.

    Paint changes how much light skin throws back, not how much falls on it: lightness is multiplied, so that
    a place that is half as light as others is so with paint, too.

    Args:
        lab: OKLab [height, width, 3].
        bare: OKLab of the skin as a whole, [3], which becomes `color`.
        color: OKLab of the paint in this light, [3] or [height, width, 3].
        contrast: 1 keeps the contrast that the skin has, less evens it out.
        own: the part of the skin's own differences of colour that stays.
    """
    light = np.maximum(lab[..., :1], 1e-3) * np.float32(1 / max(float(bare[0]), 0.05))
    # Highlights rise less than their share, or paint would look lighter than its shade.
    light = np.minimum(light, 1 + np.float32(HIGHLIGHTS) * (light - 1))
    if contrast != 1:
        light = light ** np.float32(contrast)
    fade = np.minimum(light, MOST_CHROMA)
    colors = fade * color[..., 1:] + np.float32(own) * (lab[..., 1:] - bare[1:])
    return np.concatenate((np.minimum(light * color[..., :1], 1), colors), axis=-1)


def mix(lab: FloatArray, paint: FloatArray, share: FloatArray) -> FloatArray:
    """Goes over from one picture to another where a mask, [height, width], is."""
    return np.asarray(lab + (paint - lab) * share[..., None])


def middle(lab: FloatArray, mask: FloatArray) -> FloatArray:
    """The middle of the colours where a mask is strong, OKLab [3]."""
    inside = lab[mask >= 0.6 * max(float(mask.max()), 1e-3)]
    return np.asarray(np.median(inside[:: max(len(inside) // 800, 1)], axis=0), np.float32)
