"""Make rectangles of detections."""

import math
from typing import Final

from calculators.face import detection_pb2
from calculators.face.rects import detection_rect
from calculators.formats.detection_pb2 import Detection
from calculators.formats.rect_pb2 import NormalizedRect
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

DETECTIONS = "DETECTIONS"
IMAGE_SIZE = "IMAGE_SIZE"
NORM_RECTS = "NORM_RECTS"
START: Final = "rotation_vector_start_keypoint_index"
END: Final = "rotation_vector_end_keypoint_index"
RADIANS: Final = "rotation_vector_target_angle"
DEGREES: Final = "rotation_vector_target_angle_degrees"


@register
class DetectionsToRectsCalculator(Calculator):
    """Makes rectangles of detections, which turn with two of their key points.

    Inputs:
        DETECTIONS: list of Detection with relative boxes.
        IMAGE_SIZE: (width, height) of the frame.

    Outputs:
        NORM_RECTS: list of NormalizedRect, one a detection; nothing for an empty list.

    Options:
        mediapipe.DetectionsToRectsCalculatorOptions
        rotation_vector_start_keypoint_index: key point where the vector starts; without it there is no
            rotation.
        rotation_vector_end_keypoint_index: key point where it ends.
        rotation_vector_target_angle: its angle in an upright object in radians, counter-clockwise.
        rotation_vector_target_angle_degrees: the same in degrees; one of the two is given.

    Example:
        node {
          calculator: "DetectionsToRectsCalculator"
          input_stream: "DETECTIONS:detections"
          input_stream: "IMAGE_SIZE:image_size"
          output_stream: "NORM_RECTS:rects"
          node_options {
            [type.googleapis.com/mediapipe.DetectionsToRectsCalculatorOptions] {
              rotation_vector_start_keypoint_index: 0
              rotation_vector_end_keypoint_index: 1
              rotation_vector_target_angle_degrees: 0
            }
          }
        }
    """

    Options = detection_pb2.DetectionsToRectsCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[DETECTIONS].set(list[Detection])
        contract.inputs[IMAGE_SIZE].set(tuple)
        contract.outputs[NORM_RECTS].set(list[NormalizedRect])
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        if options.HasField(START) != options.HasField(END):
            raise GraphError(f"Give both {START} and {END}, or none of them.")
        if options.HasField(START) and options.HasField(RADIANS) == options.HasField(DEGREES):
            raise GraphError(f"A rotation needs one of {RADIANS} and {DEGREES}.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._start = getattr(options, START) if options.HasField(START) else None
        self._end = getattr(options, END) if options.HasField(END) else None
        self._target = getattr(options, RADIANS) + math.radians(getattr(options, DEGREES))

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs) or not context.inputs[DETECTIONS].value:
            return
        size = context.inputs[IMAGE_SIZE].value
        rects = [
            detection_rect(detection, size, self._start, self._end, self._target)
            for detection in context.inputs[DETECTIONS].value
        ]
        context.outputs[NORM_RECTS].add(rects, context.input_timestamp)
