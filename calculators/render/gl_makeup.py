"""What the nodes for make-up on the GPU have in common."""

from collections.abc import Sequence

from calculators.color.look_pb2 import LookEffect
from calculators.face.lit_face import LitFace
from calculators.face.makeup import IMAGE, MakeupCalculator
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.making_up import makeup_drawing
from tryon import CalculatorContext, CalculatorContract


class GlMakeupCalculator(MakeupCalculator):
    """Puts a product of make-up on the faces in a video on the GPU; the twin of each says which it is."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        super().get_contract(contract)
        contract.inputs[IMAGE].set(GpuImage)
        contract.outputs[IMAGE].set(GpuImage)
        contract.uses_gpu = True

    def open(self, context: CalculatorContext) -> None:
        super().open(context)
        self._gl = gl_context()
        with self._gl as gl:
            self._drawing = makeup_drawing(gl)

    def painted(self, image: GpuImage, faces: Sequence[LitFace], effects: Sequence[LookEffect]) -> GpuImage:
        with self._gl:
            return self._drawing.draw(image, faces, effects, type(self).paint)
