"""Painting a part of a picture with one colour on the GPU, with the results of `image.recoloring`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calculators.image.recoloring import Color, mask_plane
from calculators.render.context import GlContext
from calculators.render.gpu_image import GpuImage, Picture, upload
from calculators.render.recoloring import GREY
from calculators.render.shader import SHADERS, Shader


class PaintDrawing:
    """`recolor` on the GPU, within a grey level of it.

    Args:
        gl: the context, entered.

    Raises:
        GraphError: the driver does not take the shader.
    """

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._shader = Shader(gl, SHADERS / "recolor.frag")

    def draw(
        self,
        image: GpuImage,
        mask: NDArray[Any],
        color: Color,
        channel: int = 0,
        inverts: bool = False,
        keeps_dark: bool = True,
    ) -> GpuImage:
        """A picture that goes over to `color` where the mask is, as of `recolor`; the context is entered.

        Raises:
            GraphError: the mask has another shape or type.
        """
        plane = mask_plane(mask, channel)
        if plane.dtype == np.uint8:
            plane = plane * np.float32(1 / 255)
        target = GpuImage(self._gl, image.size, Picture.FRAME)
        self._shader.draw(
            target,
            image=image,
            mask=upload(self._gl, plane),
            shares=(1.0, 0.0) if inverts else (0.0, 1.0),
            paint=tuple(level / 255 for level in color),
            keeps_dark=float(keeps_dark),
            weights=GREY,
        )
        return target
