"""Paints the nails in a video on the GPU."""

from calculators.color.look_input import LOOK, accept_look
from calculators.nails.nail import Nail
from calculators.nails.polish_choice import CoatChoice
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.polishing import PolishDrawing
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
NAILS = "NAILS"


@register
class GlNailPolishCalculator(Calculator):
    """Paints nails on the GPU with the polish of a look, under the light of the frame.

    The twin of NailPolishCalculator. Highlights, tips and particles are laid out in each nail's own
    coordinates and turn with it. A frame without nails passes unchanged, and so does every pixel whose mask
    is 0.

    Inputs:
        IMAGE: frames on the GPU.
        NAILS: the nails of the frame, a list of Nail.
        LOOK: optional; a tryon.Look from which on another polish is used.

    Outputs:
        IMAGE: the painted frames, on the GPU.

    Input side packets:
        LOOK: optional; the tryon.Look to begin with.

    Example:
        node {
          calculator: "GlNailPolishCalculator"
          input_stream: "IMAGE:gpu_image"
          input_stream: "NAILS:nails"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_gpu_image"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(GpuImage)
        contract.inputs[NAILS].set(list[Nail])
        accept_look(contract, needed=True)
        contract.outputs[IMAGE].set(GpuImage)
        contract.timestamp_offset = 0
        contract.uses_gpu = True

    def open(self, context: CalculatorContext) -> None:
        self._choice = CoatChoice()
        self._gl = gl_context()
        with self._gl as gl:
            self._drawing = PolishDrawing(gl)
        if LOOK in context.input_side_packets:
            self._choice.choose(context.input_side_packets[LOOK].value)

    def process(self, context: CalculatorContext) -> None:
        if LOOK in context.inputs and not context.inputs[LOOK].is_empty:
            self._choice.choose(context.inputs[LOOK].value)
        image, nails, coats = context.inputs[IMAGE], context.inputs[NAILS], self._choice.coats
        if image.is_empty:
            return
        if nails.is_empty or all(nail.finger not in coats for nail in nails.value):
            context.outputs[IMAGE].add_packet(image.packet)
            return
        with self._gl:
            painted = self._drawing.draw(image.value, nails.value, coats)
        context.outputs[IMAGE].add(painted, context.input_timestamp)
