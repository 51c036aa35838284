"""Finds the shapes of faces and the light on them, once for all products of make-up."""

import numpy as np

from calculators.face.lit_face import LitFace, lit_faces
from calculators.face.types import Face
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
FACES = "FACES"
SHAPES = "SHAPES"


@register
class FaceShapesCalculator(Calculator):
    """Finds the shapes of faces and the light on them, once for all products of make-up.

    Faces that are too small to paint, or whose points are no numbers, are left out. Eyes, lips and skin are
    looked at when the first product asks for them.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3] without make-up; the colour of skin is measured.
        FACES: the faces of the frame, a list of Face.

    Outputs:
        SHAPES: list of `lit_face.LitFace`, of each frame; empty without a face.

    Example:
        node {
          calculator: "FaceShapesCalculator"
          input_stream: "IMAGE:image"
          input_stream: "FACES:faces"
          output_stream: "SHAPES:shapes"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[FACES].set(list[Face])
        contract.outputs[SHAPES].set(list[LitFace])
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        image, faces = context.inputs[IMAGE], context.inputs[FACES]
        if image.is_empty:
            return
        shapes = lit_faces(image.value, [] if faces.is_empty else faces.value)
        context.outputs[SHAPES].add(shapes, context.input_timestamp)
