"""Puts eyeshadow on lids, one to five colours by zones; never on the eye itself."""

from calculators.color.look_makeup import EYESHADOW
from calculators.face.eyeshadow_paint import paint_eyeshadow
from calculators.face.makeup import MakeupCalculator
from tryon import register


@register
class EyeshadowCalculator(MakeupCalculator):
    """Puts eyeshadow on lids, one to five colours by zones; never on the eye itself.

    A frame without a face passes as the packet that it came in, and so does every frame where the look has no
    "eyeshadow".

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
          calculator: "EyeshadowCalculator"
          input_stream: "IMAGE:image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    category = EYESHADOW
    paint = staticmethod(paint_eyeshadow)
