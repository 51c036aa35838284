"""Brings hair masks to the frame's resolution on the GPU."""

import numpy as np

from calculators.hair import hair_pb2
from calculators.hair.mask_refinement import checked_options
from calculators.hair.refine import refinement_maps
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.recoloring import RefinementDrawing
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"


@register
class GlMaskRefinementCalculator(Calculator):
    """Brings a hair mask to the frame's size on the GPU and lays its outline along edges and strands.

    The twin of MaskRefinementCalculator. What is measured on small pictures is measured in memory; each pixel
    of the frame is the GPU's.

    Inputs:
        IMAGE: frames on the GPU.
        MASK: float32 masks in [0, 1], as a model gives them.

    Outputs:
        MASK: masks of the frame's size, on the GPU.

    Options:
        tryon.MaskRefinementCalculatorOptions
        radius: half width of the window in which hair and what is beside it are compared, in 256ths of the
            frame's sides, 1 to 32, default 8.
        contrast: difference in colour from which on the frame is trusted more than the mask, from 0.01 (a
            faint one) to 1 (black and white), default 0.03.
        low: values up to this become 0, in [0, high), default 0.1.
        high: values from this on become 1, in (low, 1], default 0.85.

    Example:
        node {
          calculator: "GlMaskRefinementCalculator"
          input_stream: "IMAGE:gpu_image"
          input_stream: "MASK:small_mask"
          output_stream: "MASK:gpu_mask"
          node_options: {
            [type.googleapis.com/tryon.MaskRefinementCalculatorOptions] { radius: 8 }
          }
        }
    """

    Options = hair_pb2.MaskRefinementCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(GpuImage)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[MASK].set(GpuImage)
        contract.timestamp_offset = 0
        contract.uses_gpu = True
        checked_options(contract.options(cls.Options))

    def open(self, context: CalculatorContext) -> None:
        self._options = checked_options(context.options(self.Options))
        self._gl = gl_context()
        with self._gl as gl:
            self._drawing = RefinementDrawing(gl)

    def process(self, context: CalculatorContext) -> None:
        image, mask = context.inputs[IMAGE], context.inputs[MASK]
        if image.is_empty or mask.is_empty:
            return
        options = self._options
        slope, offset = refinement_maps(
            image.value.pixels(), mask.value, options.radius, options.contrast, options.low, options.high
        )
        with self._gl:
            refined = self._drawing.draw(image.value, slope, offset)
        context.outputs[MASK].add(refined, context.input_timestamp)
