"""Pictures on the GPU, as packets."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from calculators.render.context import GlContext
from tryon import GraphError

if TYPE_CHECKING:
    import moderngl


Parts: TypeAlias = npt.NDArray[np.float32]

WHOLE: Final[Parts] = np.array([[0, 0, 1, 1]], np.float32)
# Cells a side of the grid in which masks are looked at for parts that are 0.
GRID: Final = 64


class Picture(Enum):
    """What a picture shows; the value is how many components its texture has."""

    MASK = 1
    FRAME = 4


class GpuImage:
    """An RGB frame or a mask, in bytes, in a texture of its size. Nobody draws into one that was sent.

    The texture's first row is the picture's uppermost. When nobody holds the picture any more, the texture
    is used for another one.

    Args:
        gl: the context, entered.
        size: width, height.
        picture: what it shows.
        parts: rectangles beyond which a mask is 0, [n, 4]: left, top, right, bottom in parts of its sides.

    Raises:
        GraphError: it is larger than a texture of the driver may be.
    """

    def __init__(self, gl: GlContext, size: tuple[int, int], picture: Picture, parts: Parts = WHOLE) -> None:
        self._gl = gl
        self.size = size
        self.picture = picture
        self.parts = parts
        self._pixels: npt.NDArray[Any] | None = None
        self._surface = gl.take_surface(size, picture.value)

    def __del__(self) -> None:
        surface = getattr(self, "_surface", None)  # none was there to take
        if surface is not None:
            self._gl.give_back(surface)

    @property
    def texture(self) -> moderngl.Texture:
        """What shaders read."""
        return self._surface.texture

    @property
    def framebuffer(self) -> moderngl.Framebuffer:
        """What shaders draw into, before the picture is sent."""
        return self._surface.framebuffer

    def pixels(self) -> npt.NDArray[Any]:
        """The picture in memory: RGB uint8 [height, width, 3], or a float32 mask [height, width] in [0, 1].

        Read back at the first call; what was uploaded is given as it was. From any thread.
        """
        with self._gl:
            if self._pixels is None:
                width, height = self.size
                raw = np.empty((height, width, self.picture.value), np.uint8)
                self._gl.finish()  # reading would wait, too, and nothing else would run
                self.framebuffer.read_into(raw, components=self.picture.value, alignment=1)
                if self.picture is Picture.FRAME:
                    self._pixels = np.asarray(cv2.cvtColor(raw, cv2.COLOR_RGBA2RGB))
                else:
                    self._pixels = raw[..., 0] * np.float32(1 / 255)
            return self._pixels

    def part(self, place: tuple[slice, slice]) -> npt.NDArray[np.uint8]:
        """A part of a frame in memory, RGB uint8 [height, width, 3], not to be changed.

        Only the part is read back, and nothing of a frame that was uploaded. From any thread.

        Args:
            place: its rows and columns.
        """
        with self._gl:
            if self._pixels is not None:
                return np.asarray(self._pixels[place])
            rows, columns = place
            height, width = rows.stop - rows.start, columns.stop - columns.start
            raw = np.empty((height, width, self.picture.value), np.uint8)
            viewport = columns.start, rows.start, width, height
            self._gl.finish()
            self.framebuffer.read_into(raw, viewport, components=self.picture.value, alignment=1)
            return np.asarray(cv2.cvtColor(raw, cv2.COLOR_RGBA2RGB))


def upload(gl: GlContext, pixels: npt.NDArray[Any]) -> GpuImage:
    """Brings a picture to the GPU.

    Args:
        gl: the context, entered.
        pixels: a frame, RGB uint8 [height, width, 3], or a mask, float32 [height, width] in [0, 1], which is
            rounded to bytes.

    Raises:
        GraphError: it is neither, or larger than a texture may be.
    """
    if pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.size:
        picture, raw = Picture.FRAME, cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)
    elif pixels.dtype == np.float32 and pixels.ndim == 2 and pixels.size:
        picture, raw = Picture.MASK, cv2.convertScaleAbs(pixels, alpha=255)
    else:
        raise GraphError(
            "A picture for the GPU is a frame, uint8 [height, width, 3], or a mask, float32 [height, width], "
            f"not {pixels.dtype} {list(pixels.shape)}."
        )
    image = GpuImage(gl, (pixels.shape[1], pixels.shape[0]), picture)
    image.texture.write(np.asarray(raw), alignment=1)
    image._pixels = pixels
    return image


def parts_of(reached: npt.NDArray[np.float32]) -> Parts:
    """Where a mask is not 0: a few tens of rectangles.

    Args:
        reached: float32 [height, width], 0 or more.

    Returns:
        Rectangles in parts of its sides, see `GpuImage`.
    """
    columns, rows = (min(side, GRID) for side in reached.shape[::-1])
    cells = np.asarray(cv2.resize(reached, (columns, rows), interpolation=cv2.INTER_AREA)) > 0
    # Each row's runs of cells: a run begins where a cell differs from the one before, and ends likewise.
    changes = np.diff(np.pad(cells, ((0, 0), (1, 1))), axis=1)
    row, column = np.nonzero(changes)
    left, right, top = column[::2] / columns, column[1::2] / columns, row[::2]
    return np.asarray(np.stack((left, top / rows, right, (top + 1) / rows), axis=1), np.float32)
