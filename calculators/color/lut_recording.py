"""Lets recordings hold LUTs."""

from typing import Any

import numpy as np
from PIL.ImageFilter import Color3DLUT

from tryon.recording import make_recordable


def lut_parts(lut: Color3DLUT) -> tuple[list[int], int, str | None, Any]:
    """Size, channels, mode and table."""
    return list(lut.size), lut.channels, lut.mode, lut.table


def lut_from_parts(parts: tuple[list[int], int, str | None, Any]) -> Color3DLUT:
    """The LUT of such parts; Pillow checks them."""
    size, channels, mode, table = parts
    return Color3DLUT(
        (size[0], size[1], size[2]), table, channels, mode, _copy_table=not isinstance(table, np.ndarray)
    )


make_recordable(Color3DLUT, lut_parts, lut_from_parts)
