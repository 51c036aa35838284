"""Brings pictures back from the GPU."""

import numpy as np

from calculators.render.gpu_image import GpuImage
from tryon import Calculator, CalculatorContext, CalculatorContract, register


@register
class GpuBufferToImageFrameCalculator(Calculator):
    """Brings pictures back from the GPU into memory; one that came from there costs nothing.

    `tryon run --renderer gpu` puts such nodes where they are needed.

    Inputs:
        0: pictures on the GPU.

    Outputs:
        0: frames, RGB uint8 [height, width, 3], or masks, float32 [height, width] in [0, 1].

    Example:
        node {
          calculator: "GpuBufferToImageFrameCalculator"
          input_stream: "gpu_buffer"
          output_stream: "image_frame"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(GpuImage)
        contract.outputs[0].set(np.ndarray)
        contract.timestamp_offset = 0
        contract.uses_gpu = True

    def process(self, context: CalculatorContext) -> None:
        if not context.inputs[0].is_empty:
            context.outputs[0].add(context.inputs[0].value.pixels(), context.input_timestamp)
