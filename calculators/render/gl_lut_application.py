"""Recolours on the GPU what a mask covers."""

from typing import Final

import numpy as np
from PIL.ImageFilter import Color3DLUT

from calculators.color.lut import SecondColor
from calculators.color.lut_application import given_value
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.recoloring import LutDrawing
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"
LUT = "LUT"
SECOND_LUT = "SECOND_LUT"
SHARE = "SHARE"
SHADOW = "SHADOW"
OPTIONAL: Final = {SECOND_LUT: Color3DLUT, SHARE: np.ndarray, SHADOW: np.ndarray}


@register
class GlLutApplicationCalculator(Calculator):
    """Recolours frames on the GPU with a colour table where a mask says so.

    The twin of LutApplicationCalculator. Where there is no mask or no table at a timestamp, the frame passes
    as it is.

    Inputs:
        IMAGE: frames on the GPU.
        MASK: masks on the GPU, any size: 0 keeps a pixel bit for bit, 1 recolours it fully.
        LUT: the table, a PIL.ImageFilter.Color3DLUT over [0, 1].
        SECOND_LUT: optional; a second table, for a part of what the mask covers.
        SHARE: optional; which part: float32 in [0, 1], any size, 0 is the first table, 1 the second.
        SHADOW: optional; float32 in [0, 1], any size: 0 leaves the new colours, 1 makes them nearly black.

    Outputs:
        IMAGE: the recoloured frames, on the GPU.

    Example:
        node {
          calculator: "GlLutApplicationCalculator"
          input_stream: "IMAGE:gpu_image"
          input_stream: "MASK:gpu_mask"
          input_stream: "LUT:lut"
          output_stream: "IMAGE:recolored_gpu_image"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(GpuImage)
        contract.inputs[MASK].set(GpuImage)
        contract.inputs[LUT].set(Color3DLUT)
        for tag, kind in OPTIONAL.items():
            if tag in contract.inputs:
                contract.inputs[tag].set(kind)
        contract.outputs[IMAGE].set(GpuImage)
        contract.timestamp_offset = 0
        contract.uses_gpu = True

    def open(self, context: CalculatorContext) -> None:
        self._gl = gl_context()
        with self._gl as gl:
            self._drawing = LutDrawing(gl)

    def process(self, context: CalculatorContext) -> None:
        image, mask, lut = context.inputs[IMAGE], context.inputs[MASK], context.inputs[LUT]
        if image.is_empty:
            return
        frame = image.value
        if not (mask.is_empty or lut.is_empty):
            second_lut, share, shadow = (given_value(context, tag) for tag in OPTIONAL)
            second = None if second_lut is None or share is None else SecondColor(second_lut, share)
            with self._gl:
                frame = self._drawing.draw(frame, lut.value, mask.value, second, shadow)
        context.outputs[IMAGE].add(frame, context.input_timestamp)
