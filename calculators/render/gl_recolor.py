"""Paint a part of a picture with one colour on the GPU."""

import numpy as np

from calculators.image import image_pb2
from calculators.image.recolor import paint_options
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.painting import PaintDrawing
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"


@register
class GlRecolorCalculator(Calculator):
    """Paints the masked part of pictures on the GPU with one colour: light pixels more, dark ones less.

    The twin of RecolorCalculator.

    Inputs:
        IMAGE: frames on the GPU.
        MASK: uint8 or float32 masks [h, w] or [h, w, channels], 0 to 1 (255), scaled to the frame. At a
            timestamp without one the frame passes unchanged.

    Outputs:
        IMAGE: the painted frames, on the GPU.

    Options:
        mediapipe.RecolorCalculatorOptions
        mask_channel: RED (default), the first channel, or ALPHA, the fourth, of a mask with several.
        color: { r g b } of 0 to 255; required.
        invert_mask: paint where the mask is 0; default false.
        adjust_with_luminance: the darker a pixel, the less paint; default true.

    Example:
        node {
          calculator: "GlRecolorCalculator"
          input_stream: "IMAGE:gpu_image"
          input_stream: "MASK:hair_mask"
          output_stream: "IMAGE:recolored_gpu_image"
          node_options {
            [type.googleapis.com/mediapipe.RecolorCalculatorOptions] {
              color { r: 0 g: 0 b: 255 }
              mask_channel: RED
            }
          }
        }
    """

    Options = image_pb2.RecolorCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(GpuImage)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[IMAGE].set(GpuImage)
        contract.timestamp_offset = 0
        contract.uses_gpu = True

    def open(self, context: CalculatorContext) -> None:
        self._paint = paint_options(context.options(self.Options))
        self._gl = gl_context()
        with self._gl as gl:
            self._drawing = PaintDrawing(gl)

    def process(self, context: CalculatorContext) -> None:
        image, mask = context.inputs[IMAGE], context.inputs[MASK]
        if image.is_empty:
            return
        painted = image.value
        if not mask.is_empty:
            with self._gl:
                painted = self._drawing.draw(painted, mask.value, *self._paint)
        context.outputs[IMAGE].add(painted, context.input_timestamp)
