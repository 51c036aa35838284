"""Colours and fills brows; their own hairs stay to be seen."""

from calculators.color.look_makeup import BROWS
from calculators.face.brows_paint import paint_brows
from calculators.face.makeup import MakeupCalculator
from tryon import register


@register
class BrowsCalculator(MakeupCalculator):
    """Colours and fills brows; their own hairs stay to be seen.

    A frame without a face passes as the packet that it came in, and so does every frame where the look has no
    "brows".

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
          calculator: "BrowsCalculator"
          input_stream: "IMAGE:image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_image"
        }
    """

    category = BROWS
    paint = staticmethod(paint_brows)
