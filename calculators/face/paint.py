"""Paint on skin and lips in OKLab: the colour changes, what the eye sees as texture and shading stays."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.oklab_picture import blend, oklab_to_values, picture_to_oklab
from calculators.face.axes import IndexArray

# Chroma follows lightness down into shadows, and at most this far up into highlights.
MOST_CHROMA: Final = 1.15
# How fast paint gets lighter where skin is lighter than as a whole.
HIGHLIGHTS: Final = 0.7
# The part of what a place's own colour differs from those around it that shows through paint.
OWN_COLOR: Final = 0.35
# An RGB pixel as one value.
PIXEL: Final = np.dtype("V3")
# A mask that is less changes no pixel.
FAINT: Final = 1 / 512


def paint_over(
    lab: FloatArray, bare: FloatArray, color: FloatArray, contrast: float = 1.0, own: float = OWN_COLOR
) -> FloatArray:
    """What opaque paint makes of skin: the paint's colour, with the shading and the texture of the skin.

    Paint changes how much light skin throws back, not how much falls on it: lightness is multiplied, so that
    a place that is half as light as others is so with paint, too.

    Args:
        lab: OKLab [height, width, 3], L not below 0.
        bare: OKLab of the skin as a whole, [3], which becomes `color`.
        color: OKLab of the paint in this light, [3].
        contrast: 1 keeps the contrast that the skin has, less evens it out.
        own: the part of the skin's own differences of colour that stays.
    """
    light = np.asarray(cv2.extractChannel(lab, 0), np.float32)
    light *= np.float32(1 / max(float(bare[0]), 0.05))
    # Highlights rise less than their share, or paint would look lighter than its shade.
    less = np.float32(HIGHLIGHTS) * light
    less += np.float32(1 - HIGHLIGHTS)
    light = np.minimum(light, less, out=less)
    if contrast != 1:
        light = np.asarray(cv2.pow(light, contrast))
    painted = lab.copy()
    cv2.insertChannel(np.minimum(light, np.float32(MOST_CHROMA)), painted, 0)
    red = color[1], own, 0, -own * bare[1]
    yellow = color[2], 0, own, -own * bare[2]
    painted = np.asarray(
        cv2.transform(painted, np.array(((0, 0, 0, 0), red, yellow), np.float32)), np.float32
    )
    light *= color[0]
    cv2.insertChannel(np.minimum(light, 1, out=light), painted, 0)
    return painted


def places(mask: FloatArray, least: float) -> IndexArray:
    """Where a mask is more than `least`, as places in the flattened array, [n]."""
    # np.flatnonzero takes half as much time again.
    return np.asarray((mask > np.float32(least)).ravel().nonzero()[0])


def mix(lab: FloatArray, paint: FloatArray, share: FloatArray) -> FloatArray:
    """Goes over from one picture to another where a mask, [height, width], is."""
    return np.asarray(lab + (paint - lab) * np.asarray(cv2.merge((share, share, share))))


def middle(pixels: ByteArray, mask: FloatArray) -> FloatArray:
    """The middle of the colours where a mask is strong, OKLab [3], of RGB uint8 pixels [height, width, 3]."""
    inside = places(mask, 0.6 * max(float(mask.max()), 1e-3))
    inside = inside[:: max(len(inside) // 800, 1)]
    lab = picture_to_oklab(np.ascontiguousarray(pixels).reshape(-1, 3).take(inside, axis=0)[None])[0]
    # Three times as fast as along the other axis.
    return np.asarray(np.partition(np.ascontiguousarray(lab.T), len(lab) // 2)[:, len(lab) // 2])


def repaint(
    canvas: ByteArray,
    place: tuple[slice, slice],
    mask: FloatArray,
    coat: Callable[[FloatArray], FloatArray],
) -> None:
    """Lays paint on a part of a picture where a mask is; only there it is reckoned.

    Args:
        canvas: RGB uint8 [height, width, 3], changed in place.
        place: the rows and columns of the part.
        mask: how opaque the paint is in the part, [height, width] in [0, 1].
        coat: what opaque paint makes of pixels, OKLab [1, n, 3] to OKLab.
    """
    inside = places(mask, FAINT)
    if not len(inside):
        return
    pixels = canvas[place].reshape(-1, 3)
    before = pixels.take(inside, axis=0)[None]
    after = oklab_to_values(coat(picture_to_oklab(before)))
    # NumPy puts whole pixels faster than rows of three values.
    pixels.view(PIXEL)[inside] = blend(before, after, mask.take(inside)[None])[0].view(PIXEL)
    canvas[place] = pixels.reshape(*mask.shape, 3)
