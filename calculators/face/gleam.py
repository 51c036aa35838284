"""The grain of pigment on skin: flakes that twinkle as the face turns."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from calculators.color.look_pb2 import LookPalette
from calculators.color.look_values import percent
from calculators.face.axes import Axes
from calculators.face.canvas import Canvas
from calculators.face.lit_face import LitFace
from calculators.face.parts import Outline, region
from calculators.face.sparkle import sparkle

# What holds where the look leaves the grain out, in percent; how bright a flake is, in sRGB values; and how
# soft the border of what has grain is, in sizes of the face.
FLAKE: Final = 35.0
BRIGHT: Final = 42.0
SOFT: Final = 0.06


def add_grain(
    canvas: Canvas,
    face: LitFace,
    palette: LookPalette,
    outlines: Sequence[Outline],
    strength: float,
) -> None:
    """Strews flakes inside outlines, as bright as the skin is lit.

    Args:
        canvas: to strew them on.
        face: on it.
        palette: says how coarse the grain is.
        outlines: where it goes.
        strength: how bright it is, [0, 1].
    """
    shape = face.shape
    along = shape.size * np.array((shape.down[1], -shape.down[0]), np.float32)
    axes = Axes(shape.points[30], along, shape.size * shape.down)
    flake = percent(palette, "flake", FLAKE)
    found = region(outlines, shape.frame, SOFT * shape.size)
    if found is None:
        return
    bright = BRIGHT * strength * flake * float(face.light.skin[0])
    grain = cv2.multiply(found.mask, sparkle(axes, found.box, flake), scale=bright, dtype=cv2.CV_8U)
    canvas.add(found.place, np.asarray(grain, np.uint8))
