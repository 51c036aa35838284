"""Puts foundation on faces: an even tone in a shade, with the texture of the skin."""

from calculators.color.look_makeup import FOUNDATION
from calculators.face.foundation_paint import paint_foundation
from calculators.face.makeup import MakeupCalculator
from tryon import register


@register
class FoundationCalculator(MakeupCalculator):
    """Puts foundation on faces: an even tone in a shade, with the texture of the skin.

    A frame without a face passes as the packet that it came in, and so does every frame where the look has no
    "foundation".
    What is not skin (eyes, lips, brows, hair, glasses) stays as it is, as far as its colour tells.

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
          calculator: "FoundationCalculator"
          input_stream: "IMAGE:image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    category = FOUNDATION
    paint = staticmethod(paint_foundation)
