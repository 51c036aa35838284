"""The shine of hair in a colour table: highlights raised or lowered.

Light makes highlights on strands: what is brighter than the hair as a whole. A table that treats these
brightnesses differently works on the highlights that are there, follows them, and costs no time.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
# Highlights rise at most this many times as fast, and one more, with full shine; of their height this much is
# taken when fully matt.
GLOSS: Final = 1.2
MATT: Final = 0.65


def shiny_table(table: FloatArray, intensity: float, shine: float) -> FloatArray:
    """A table with other highlights: a rising curve of the luma, so that lighter strands stay lighter.

    Args:
        table: [size, size, size, 3], indexed blue, green, red.
        intensity: mean luma of the hair, [0, 1].
        shine: from -1, matt, over 0, as it is, to 1, glossy.
    """
    luma = np.asarray(table @ LUMA, np.float32)
    greys = np.arange(len(table))
    body = float(np.interp(intensity, np.linspace(0, 1, len(table)), luma[greys, greys, greys]))
    above = np.maximum(luma - np.float32(body), 0)
    if shine < 0:
        scale = 1 - MATT * -shine * above / np.maximum(luma, 1e-3)
        return np.asarray(table * scale[..., None], np.float32)
    rate = GLOSS * shine
    part = above / max(1 - body, 1e-3)
    gain = above * (rate * (1 - part) / (1 + rate * part))
    # The light that strands throw back is white: so much white raises the luma by the gain.
    white = gain / np.maximum(1 - luma, 1e-3)
    return np.asarray(table + np.minimum(white, 1)[..., None] * (1 - table), np.float32)
