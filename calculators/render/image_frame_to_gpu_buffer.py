"""Brings pictures to the GPU."""

import numpy as np

from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage, upload
from tryon import Calculator, CalculatorContext, CalculatorContract, register


@register
class ImageFrameToGpuBufferCalculator(Calculator):
    """Brings pictures to the GPU, where the nodes behind it draw with them.

    `tryon run --renderer gpu` puts such nodes where they are needed.

    Inputs:
        0: frames, RGB uint8 [height, width, 3], or masks, float32 [height, width] in [0, 1].

    Outputs:
        0: the same on the GPU, in bytes.

    Example:
        node {
          calculator: "ImageFrameToGpuBufferCalculator"
          input_stream: "image_frame"
          output_stream: "gpu_buffer"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(np.ndarray)
        contract.outputs[0].set(GpuImage)
        contract.timestamp_offset = 0
        contract.uses_gpu = True

    def open(self, context: CalculatorContext) -> None:
        self._gl = gl_context()

    def process(self, context: CalculatorContext) -> None:
        if not context.inputs[0].is_empty:
            with self._gl as gl:
                context.outputs[0].add(upload(gl, context.inputs[0].value), context.input_timestamp)
