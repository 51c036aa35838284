"""Read the landmark network's tensors."""

import numpy as np

from calculators.face import tracking_pb2
from calculators.face.rects import crop_to_frame
from calculators.face.types import Face
from calculators.formats.rect_pb2 import NormalizedRect
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

TENSORS = "TENSORS"
NORM_RECT = "NORM_RECT"
IMAGE_SIZE = "IMAGE_SIZE"
FACE = "FACE"
MIN_PRESENCE = 0.5
INPUT_SIZE = 128
LANDMARKS_SHAPE = (1, 68, 2)


@register
class TensorsToFaceCalculator(Calculator):
    """Puts the landmarks of a crop into the frame; where the network sees no face, there is none.

    Inputs:
        TENSORS: list of two float32 tensors in any order: landmarks [1, 68, 2] in shares of the crop, and
            presence [1, 1] in [0, 1].
        NORM_RECT: NormalizedRect, where ImageToTensorCalculator took the crop; its rect_id becomes the
            face's id.
        IMAGE_SIZE: (width, height) of the frame.

    Outputs:
        FACE: `types.Face`; nothing where the face is lost.

    Options:
        tryon.TensorsToFaceCalculatorOptions
        min_presence: smallest presence of a face, in [0, 1], default 0.5.
        input_size: side of the network's square input in pixels, >= 1, default 128.

    Example:
        node {
          calculator: "TensorsToFaceCalculator"
          input_stream: "TENSORS:tensors"
          input_stream: "NORM_RECT:rect"
          input_stream: "IMAGE_SIZE:image_size"
          output_stream: "FACE:face"
          node_options {
            [type.googleapis.com/tryon.TensorsToFaceCalculatorOptions] { min_presence: 0.5 }
          }
        }
    """

    Options = tracking_pb2.TensorsToFaceCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[TENSORS].set(list)
        contract.inputs[NORM_RECT].set(NormalizedRect)
        contract.inputs[IMAGE_SIZE].set(tuple)
        contract.outputs[FACE].set(Face)
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        if not 0 <= options.min_presence <= 1:
            raise GraphError(f"min_presence is {options.min_presence:g}; it must be in 0 to 1.")
        if options.HasField("input_size") and options.input_size < 1:
            raise GraphError(f"input_size is {options.input_size}; it must be at least 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._min_presence = options.min_presence if options.HasField("min_presence") else MIN_PRESENCE
        self._input_size = options.input_size if options.HasField("input_size") else INPUT_SIZE

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        tensors = context.inputs[TENSORS].value
        by_shape = {tensor.shape: tensor for tensor in tensors}
        if len(tensors) != 2 or by_shape.keys() != {LANDMARKS_SHAPE, (1, 1)}:
            shapes = [list(tensor.shape) for tensor in tensors]
            raise GraphError(
                f"The tensors must be landmarks [1, 68, 2] and presence [1, 1]; they are {shapes}."
            )
        presence, points = float(by_shape[1, 1][0, 0]), by_shape[LANDMARKS_SHAPE][0]
        # Not a number is no face either.
        if not presence >= self._min_presence or not np.isfinite(points).all():
            return
        rect = context.inputs[NORM_RECT].value
        landmarks = crop_to_frame(points, rect, context.inputs[IMAGE_SIZE].value, self._input_size)
        face = Face(landmarks, presence, rect.rect_id if rect.HasField("rect_id") else None)
        context.outputs[FACE].add(face, context.input_timestamp)
