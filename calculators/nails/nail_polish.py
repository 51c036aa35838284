"""Paints the nails in a video."""

import numpy as np

from calculators.color.look_input import LOOK, accept_look
from calculators.nails.nail import Nail
from calculators.nails.polish import paint_nails
from calculators.nails.polish_choice import CoatChoice
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
NAILS = "NAILS"


@register
class NailPolishCalculator(Calculator):
    """Paints nails with the polish of a look: its colour and finish, under the light of the frame.

    Highlights, tips and particles are laid out in each nail's own coordinates and turn with it. A frame
    without nails passes unchanged, and so does every pixel whose mask is 0.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        NAILS: the nails of the frame, a list of Nail.
        LOOK: optional; a tryon.Look from which on another polish is used.

    Outputs:
        IMAGE: RGB uint8 frames [height, width, 3].

    Input side packets:
        LOOK: optional; the tryon.Look to begin with.

    Example:
        node {
          calculator: "NailPolishCalculator"
          input_stream: "IMAGE:image"
          input_stream: "NAILS:nails"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[NAILS].set(list[Nail])
        accept_look(contract, needed=True)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._choice = CoatChoice()
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
        context.outputs[IMAGE].add(paint_nails(image.value, nails.value, coats), context.input_timestamp)
