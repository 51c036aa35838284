"""Textures for numbers that are others in each frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from calculators.render.context import GlContext

if TYPE_CHECKING:
    import moderngl

# The shortest side of a texture.
ROOM: Final = 64


class Sheet:
    """A texture for numbers that are others in each frame, and as many as there are.

    Args:
        gl: the context.
        channels: numbers a texel, 1 to 4.
    """

    def __init__(self, gl: GlContext, channels: int = 4) -> None:
        self._gl = gl
        self._channels = channels
        self._texture: moderngl.Texture | None = None

    def holding(self, values: npt.NDArray[np.float32]) -> moderngl.Texture:
        """The texture with values, [rows, columns, channels], in its corner; the context is entered."""
        rows, columns = values.shape[:2]
        if self._texture is None or self._texture.width < columns or self._texture.height < rows:
            # Powers of two: Mesa's software compiles shaders anew for textures with other sides.
            room = [max(ROOM, 1 << (side - 1).bit_length()) for side in (rows, columns)]
            self._texture = self._gl.floats(np.zeros((*room, self._channels), np.float32))
        self._texture.write(np.ascontiguousarray(values, np.float32), viewport=(0, 0, columns, rows))
        return self._texture
