"""Calm landmarks over time."""

from calculators.formats import landmark_pb2, rect_pb2
from calculators.landmarks import landmarks_pb2
from calculators.landmarks.points import UNIT
from calculators.landmarks.smoothing import Smoother
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

NORM_LANDMARKS = "NORM_LANDMARKS"
LANDMARKS = "LANDMARKS"
IMAGE_SIZE = "IMAGE_SIZE"
OBJECT_SCALE_ROI = "OBJECT_SCALE_ROI"
NORM_FILTERED_LANDMARKS = "NORM_FILTERED_LANDMARKS"
FILTERED_LANDMARKS = "FILTERED_LANDMARKS"


@register
class LandmarksSmoothingCalculator(Calculator):
    """Calms the points of one object over time: jitter goes, fast movements stay.

    A timestamp without landmarks starts anew: the object was lost.

    Inputs:
        NORM_LANDMARKS: NormalizedLandmarkList; exactly one of it and LANDMARKS is connected.
        LANDMARKS: LandmarkList, in pixels or in the world's units.
        IMAGE_SIZE: (width, height) of the picture, needed with NORM_LANDMARKS.
        OBJECT_SCALE_ROI: optional; the object's rectangle, whose size is the unit of velocities:
            NormalizedRect with NORM_LANDMARKS, else Rect. At a timestamp without one it is the extent of the
            points.

    Outputs:
        NORM_FILTERED_LANDMARKS: NormalizedLandmarkList, with NORM_LANDMARKS; visibility and presence are
            those of the input.
        FILTERED_LANDMARKS: LandmarkList, with LANDMARKS.

    Options:
        mediapipe.LandmarksSmoothingCalculatorOptions
        no_filter: {} passes the points as they are.
        velocity_filter: { window_size velocity_scale min_allowed_object_scale disable_value_scaling }: the
            faster a point, the more the new one counts.
        one_euro_filter: { frequency min_cutoff beta derivate_cutoff min_allowed_object_scale
            disable_value_scaling }: a low-pass filter whose cutoff rises with the velocity. One of the three
            is given.

    Example:
        node {
          calculator: "LandmarksSmoothingCalculator"
          input_stream: "NORM_LANDMARKS:landmarks"
          input_stream: "IMAGE_SIZE:image_size"
          output_stream: "NORM_FILTERED_LANDMARKS:calm_landmarks"
          node_options {
            [type.googleapis.com/mediapipe.LandmarksSmoothingCalculatorOptions] {
              one_euro_filter { min_cutoff: 0.05 beta: 80 derivate_cutoff: 1 }
            }
          }
        }
    """

    Options = landmarks_pb2.LandmarksSmoothingCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs, outputs = contract.inputs, contract.outputs
        if (NORM_LANDMARKS in inputs) == (LANDMARKS in inputs):
            raise GraphError("Connect exactly one of the input streams NORM_LANDMARKS and LANDMARKS.")
        if NORM_LANDMARKS in inputs:
            inputs[NORM_LANDMARKS].set(landmark_pb2.NormalizedLandmarkList)
            inputs[IMAGE_SIZE].set(tuple)
            outputs[NORM_FILTERED_LANDMARKS].set(landmark_pb2.NormalizedLandmarkList)
        else:
            inputs[LANDMARKS].set(landmark_pb2.LandmarkList)
            outputs[FILTERED_LANDMARKS].set(landmark_pb2.LandmarkList)
        if OBJECT_SCALE_ROI in inputs:
            inputs[OBJECT_SCALE_ROI].set(
                rect_pb2.NormalizedRect if NORM_LANDMARKS in inputs else rect_pb2.Rect
            )
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._smoother = Smoother(context.options(self.Options))
        is_normalized = NORM_LANDMARKS in context.inputs
        self._input = NORM_LANDMARKS if is_normalized else LANDMARKS
        self._output = NORM_FILTERED_LANDMARKS if is_normalized else FILTERED_LANDMARKS

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[self._input].is_empty:
            self._smoother.reset()
            return
        has_roi = OBJECT_SCALE_ROI in context.inputs and not context.inputs[OBJECT_SCALE_ROI].is_empty
        landmarks = self._smoother(
            context.inputs[self._input].value,
            context.input_timestamp,
            size=context.inputs[IMAGE_SIZE].value if self._input == NORM_LANDMARKS else UNIT,
            roi=context.inputs[OBJECT_SCALE_ROI].value if has_roi else None,
        )
        context.outputs[self._output].add(landmarks, context.input_timestamp)
