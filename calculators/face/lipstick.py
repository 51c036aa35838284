"""Puts lipstick on lips: in the colours and finish of a look, with the lips' own texture."""

from calculators.color.look_makeup import LIPSTICK
from calculators.face.lipstick_paint import paint_lipstick
from calculators.face.makeup import MakeupCalculator
from tryon import register


@register
class LipstickCalculator(MakeupCalculator):
    """Puts lipstick on lips: in the colours and finish of a look, with the lips' own texture.

    A frame without a face passes as the packet that it came in, and so does every frame where the look has no
    "lipstick".
    The opening of the mouth and teeth stay bare, and so does a hand before the lips where colours tell.

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
          calculator: "LipstickCalculator"
          input_stream: "IMAGE:image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    category = LIPSTICK
    paint = staticmethod(paint_lipstick)
