"""Where the landmark network looks for each face in the next frame."""

from calculators.face.rects import landmarks_rect
from calculators.face.types import Face
from calculators.formats.rect_pb2 import NormalizedRect
from tryon import Calculator, CalculatorContext, CalculatorContract, register

FACES = "FACES"
IMAGE_SIZE = "IMAGE_SIZE"
NORM_RECTS = "NORM_RECTS"


@register
class FaceLandmarksToRectCalculator(Calculator):
    """Makes of each face the rectangle in which the landmark network sees it: its crop in the next frame.

    A square, upright with respect to the outer eye corners, about the middle of the landmarks' box, 1.5 times
    as large as its larger side.

    Inputs:
        FACES: list of `types.Face`.
        IMAGE_SIZE: (width, height) of the frame.

    Outputs:
        NORM_RECTS: list of NormalizedRect; rect_id is the face's id.

    Example:
        node {
          calculator: "FaceLandmarksToRectCalculator"
          input_stream: "FACES:faces"
          input_stream: "IMAGE_SIZE:image_size"
          output_stream: "NORM_RECTS:next_rects"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[FACES].set(list[Face])
        contract.inputs[IMAGE_SIZE].set(tuple)
        contract.outputs[NORM_RECTS].set(list[NormalizedRect])
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        size = context.inputs[IMAGE_SIZE].value
        rects = [landmarks_rect(face.landmarks, size, face.id) for face in context.inputs[FACES].value]
        context.outputs[NORM_RECTS].add(rects, context.input_timestamp)
