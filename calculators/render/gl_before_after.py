"""Shows pictures before and after something was done to them, on the GPU."""

from calculators.image.before_after import AFTER, BEFORE, IMAGE, BeforeAfterCalculator
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.splitting import SplitDrawing
from tryon import CalculatorContext, CalculatorContract, register


@register
class GlBeforeAfterCalculator(BeforeAfterCalculator):
    """Shows the left part of a picture on the GPU as it was before, the right part as it is after an effect.

    The twin of BeforeAfterCalculator.

    Inputs:
        BEFORE: frames on the GPU. At a timestamp without one the other frame passes whole.
        AFTER: the same frames with the effect, of the same size; there is no output without one.

    Outputs:
        IMAGE: frames of both parts, on the GPU.

    Options:
        tryon.BeforeAfterCalculatorOptions
        position: where the parts meet, in parts of the width, in [0, 1], default 0.5; 0 shows nothing of the
            picture before, 1 nothing of the one after.
        line_width: of the line between them, in pixels, default 2; 0 draws none.
        line_color: its colour, default "#FFFFFF".

    Example:
        node {
          calculator: "GlBeforeAfterCalculator"
          input_stream: "BEFORE:gpu_image"
          input_stream: "AFTER:recolored_gpu_image"
          output_stream: "IMAGE:split_gpu_image"
          node_options: {
            [type.googleapis.com/tryon.BeforeAfterCalculatorOptions] { position: 0.4 line_width: 4 }
          }
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        super().get_contract(contract)
        for stream in (contract.inputs[BEFORE], contract.inputs[AFTER], contract.outputs[IMAGE]):
            stream.set(GpuImage)
        contract.uses_gpu = True

    def open(self, context: CalculatorContext) -> None:
        super().open(context)
        self._gl = gl_context()
        with self._gl as gl:
            self._drawing = SplitDrawing(gl)

    def shown(self, before: GpuImage, after: GpuImage) -> GpuImage:
        with self._gl:
            return self._drawing.draw(before, after, self._split)
