"""Draws a line along the lashes, with or without a wing."""

from calculators.color.look_makeup import EYELINER
from calculators.face.eyeliner_paint import paint_eyeliner
from calculators.face.makeup import MakeupCalculator
from tryon import register


@register
class EyelinerCalculator(MakeupCalculator):
    """Draws a line along the lashes, with or without a wing.

    A frame without a face passes as the packet that it came in, and so does every frame where the look has no
    "eyeliner".

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        SHAPES: the faces of the frame, a list of LitFace, from FaceShapesCalculator.
        LOOK: optional; a tryon.Look from which on another one is used.

    Outputs:
        IMAGE: RGB uint8 frames [height, width, 3].

    Input side packets:
        LOOK: optional; the tryon.Look to begin with.

    Example:
        node {
          calculator: "EyelinerCalculator"
          input_stream: "IMAGE:image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    category = EYELINER
    paint = staticmethod(paint_eyeliner)
