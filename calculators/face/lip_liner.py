"""Draws a line along the border of the lips."""

from calculators.color.look_makeup import LIP_LINER
from calculators.face.lip_liner_paint import paint_lip_liner
from calculators.face.makeup import MakeupCalculator
from tryon import register


@register
class LipLinerCalculator(MakeupCalculator):
    """Draws a line along the border of the lips.

    A frame without a face passes as the packet that it came in, and so does every frame where the look has no
    "lip_liner".

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
          calculator: "LipLinerCalculator"
          input_stream: "IMAGE:image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    category = LIP_LINER
    paint = staticmethod(paint_lip_liner)
