"""Darkens and lengthens lashes."""

from calculators.color.look_makeup import MASCARA
from calculators.face.makeup import MakeupCalculator
from calculators.face.mascara_paint import paint_mascara
from tryon import register


@register
class MascaraCalculator(MakeupCalculator):
    """Darkens and lengthens lashes.

    A frame without a face passes as the packet that it came in, and so does every frame where the look has no
    "mascara".

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
          calculator: "MascaraCalculator"
          input_stream: "IMAGE:image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    category = MASCARA
    paint = staticmethod(paint_mascara)
