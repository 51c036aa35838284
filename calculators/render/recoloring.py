"""Recolouring hair on the GPU, with the results of `color.lut` and `hair.refine`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL.ImageFilter import Color3DLUT

from calculators.color.cube import lut_table
from calculators.color.lut import SHADOW, SecondColor
from calculators.render.context import GlContext
from calculators.render.gpu_image import GpuImage, Parts, Picture, parts_of, upload
from calculators.render.shader import SHADERS, Shader

if TYPE_CHECKING:
    import moderngl

FloatArray = npt.NDArray[np.float32]

# What red, green and blue give to OpenCV's grey levels.
GREY: Final = (9798 / 32768, 19235 / 32768, 3735 / 32768)
NOWHERE: Final = np.zeros((1, 1), np.float32)


class LutDrawing:
    """`apply_lut` on the GPU: within a grey level of it, and pixels that no mask covers bit for bit.

    Args:
        gl: the context, entered.

    Raises:
        GraphError: the driver does not take a shader.
    """

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._plain = Shader(gl, SHADERS / "lut.frag")
        self._pattern = Shader(gl, SHADERS / "lut_pattern.frag")
        self._first, self._second = _Table(gl), _Table(gl)
        self._nowhere = upload(gl, NOWHERE)

    def draw(
        self,
        image: GpuImage,
        lut: Color3DLUT,
        mask: GpuImage,
        second: SecondColor | None = None,
        shadow: FloatArray | None = None,
    ) -> GpuImage:
        """Recolours the pixels under a mask, as `apply_lut` does; the context is entered."""
        target = GpuImage(self._gl, image.size, Picture.FRAME)
        self._gl.context.copy_framebuffer(target.framebuffer, image.framebuffer)
        given: dict[str, Any] = {"image": image, "mask": mask, "lut": self._first.holding(lut)}
        if second is None and shadow is None:
            self._plain.draw(target, mask.parts, **given)
            return target
        self._pattern.draw(
            target,
            mask.parts,
            **given,
            second_lut=self._second.holding(second.lut if second else lut),
            share=upload(self._gl, second.share) if second else self._nowhere,
            shadow=self._nowhere if shadow is None else upload(self._gl, shadow),
            darkest=SHADOW,
        )
        return target


class _Table:
    """The texture of a colour table, written when another table comes."""

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._lut: Color3DLUT | None = None
        self._texture: moderngl.Texture3D | None = None

    def holding(self, lut: Color3DLUT) -> moderngl.Texture3D:
        if self._texture is None or lut is not self._lut:
            self._lut, self._texture = lut, self._gl.table(lut_table(lut), self._texture)
        return self._texture


class RefinementDrawing:
    """The last step of `refine_mask` on the GPU: what its maps make of the frame.

    Args:
        gl: the context, entered.

    Raises:
        GraphError: the driver does not take the shader.
    """

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._shader = Shader(gl, SHADERS / "mask_refinement.frag")
        self._slope: moderngl.Texture | None = None
        self._offset: moderngl.Texture | None = None

    def draw(self, image: GpuImage, slope: FloatArray, offset: FloatArray) -> GpuImage:
        """The refined mask, of the frame's size.

        Args:
            image: a frame. The context is entered.
            slope, offset: from `refinement_maps`.
        """
        target = GpuImage(self._gl, image.size, Picture.MASK, possible_parts(slope, offset))
        target.framebuffer.clear()
        self._slope = self._gl.map(slope, self._slope)
        self._offset = self._gl.map(offset, self._offset)
        self._shader.draw(
            target, target.parts, image=image, slope=self._slope, offset=self._offset, weights=GREY
        )
        return target


def possible_parts(slope: FloatArray, offset: FloatArray) -> Parts:
    """Where a refined mask may be more than 0, whatever the frame shows: a few tens of rectangles.

    Args:
        slope, offset: from `refinement_maps`.
    """
    # The largest numbers that a pixel of a cell can lie between.
    steepest = cv2.dilate(255 * np.maximum(slope, 0), np.ones((5, 5), np.uint8))
    steepest = cv2.resize(steepest, offset.shape[::-1], interpolation=cv2.INTER_NEAREST)
    reached = np.asarray(steepest + cv2.dilate(offset, np.ones((3, 3), np.uint8)) > 0, np.float32)
    return parts_of(reached)
