"""Measuring how bright hair is on the GPU, with the results of `hair.intensity`."""

import numpy as np
import numpy.typing as npt

from calculators.hair.intensity import bright_level, mean_level, sample_size
from calculators.render.context import GlContext
from calculators.render.gpu_image import GpuImage, Picture, upload
from calculators.render.recoloring import GREY
from calculators.render.shader import SHADERS, Shader


class IntensityMeasurement:
    """`hair_intensity` and `scene_light` on the GPU, within a thousandth of them.

    The frame is looked at where they look, but for masks whose sides are no powers of two: there OpenCV may
    take the pixel beside. What comes back is a texel for each block of the mask, 4 KB for one of 256 x 256,
    however large the frame is.

    Args:
        gl: the context, entered.

    Raises:
        GraphError: the driver does not take the shader.
    """

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._shader = Shader(gl, SHADERS / "intensity.frag")
        self._blocks: GpuImage | None = None

    def measure(self, image: GpuImage, mask: npt.NDArray[np.float32]) -> tuple[float | None, float | None]:
        """The mean luma of the hair and the light of the scene; the context is entered.

        Args:
            image: a frame.
            mask: [0, 1], any size.
        """
        size = sample_size(mask)
        if self._blocks is None or self._blocks.size != size:
            self._blocks = GpuImage(self._gl, size, Picture.FRAME)
        self._shader.draw(self._blocks, image=image, mask=upload(self._gl, mask), blocks=size, weights=GREY)
        self._gl.finish()
        raw = self._blocks.framebuffer.read(components=4, alignment=1)
        high, low, share, corner = np.moveaxis(np.frombuffer(raw, np.uint8).reshape(*size[::-1], 4), 2, 0)
        level = (high * np.float32(256) + low) / 257
        weights = share * np.float32(0.5 / 255) * _areas(mask.shape, size)
        return mean_level(level, weights, mask.size), bright_level(corner, mask)


def _areas(shape: tuple[int, ...], size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """How many pixels of a mask are in each block."""
    rows, columns = (
        np.diff(np.arange(count + 1) * side // count) for side, count in zip(shape, size[::-1], strict=True)
    )
    return np.outer(rows, columns).astype(np.float32)
