"""Calm the landmarks of several objects over time."""

from typing import ClassVar

from calculators.formats import landmark_pb2, rect_pb2
from calculators.landmarks import landmarks_pb2
from calculators.landmarks.points import UNIT
from calculators.landmarks.smoothing import Smoother
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

TRACKING_IDS = "TRACKING_IDS"
IMAGE_SIZE = "IMAGE_SIZE"
OBJECT_SCALE_ROI = "OBJECT_SCALE_ROI"


class _ManyObjects(Calculator):
    """The two calculators below, which differ in the kind of landmarks."""

    Options = landmarks_pb2.LandmarksSmoothingCalculatorOptions
    input_tag: ClassVar[str]
    output_tag: ClassVar[str]
    is_normalized: ClassVar[bool]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs = contract.inputs
        if cls.is_normalized:
            landmarks = inputs[cls.input_tag].set(list[landmark_pb2.NormalizedLandmarkList])
            inputs[IMAGE_SIZE].set(tuple)
        else:
            landmarks = inputs[cls.input_tag].set(list[landmark_pb2.LandmarkList])
        inputs[TRACKING_IDS].set(list[int])
        if OBJECT_SCALE_ROI in inputs:
            inputs[OBJECT_SCALE_ROI].set(
                list[rect_pb2.NormalizedRect] if cls.is_normalized else list[rect_pb2.Rect]
            )
        contract.outputs[cls.output_tag].set_same_as(landmarks)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        # Made once here, so that a wrong option ends the run before the first packet.
        Smoother(self._options)
        self._smoothers: dict[int, Smoother] = {}

    def process(self, context: CalculatorContext) -> None:
        inputs = context.inputs
        if inputs[self.input_tag].is_empty:
            self._smoothers = {}
            return
        lists, ids = inputs[self.input_tag].value, inputs[TRACKING_IDS].value
        has_rois = OBJECT_SCALE_ROI in inputs and not inputs[OBJECT_SCALE_ROI].is_empty
        rois = inputs[OBJECT_SCALE_ROI].value if has_rois else [None] * len(lists)
        if not len(lists) == len(ids) == len(rois):
            raise GraphError(
                f"There are {len(lists)} landmark lists, {len(ids)} tracking ids and {len(rois)} rectangles; "
                "each object needs one of each."
            )
        self._smoothers = {key: self._smoothers.get(key) or Smoother(self._options) for key in ids}
        size = inputs[IMAGE_SIZE].value if self.is_normalized else UNIT
        smoothed = [
            self._smoothers[key](landmarks, context.input_timestamp, size, roi)
            for landmarks, key, roi in zip(lists, ids, rois, strict=True)
        ]
        context.outputs[self.output_tag].add(smoothed, context.input_timestamp)


@register
class MultiLandmarksSmoothingCalculator(_ManyObjects):
    """Calms the points of several objects in pictures over time, each by itself.

    An object that is missing at one timestamp starts anew when it comes back.

    Inputs:
        NORM_LANDMARKS: list of NormalizedLandmarkList, one an object.
        TRACKING_IDS: list of int, which object each list is of.
        IMAGE_SIZE: (width, height) of the picture.
        OBJECT_SCALE_ROI: optional; list of NormalizedRect, one an object, whose sizes are the units of
            velocities. At a timestamp without one it is the extent of the points.

    Outputs:
        NORM_FILTERED_LANDMARKS: list of NormalizedLandmarkList.

    Options:
        mediapipe.LandmarksSmoothingCalculatorOptions
        no_filter: {} passes the points as they are.
        velocity_filter: { window_size velocity_scale min_allowed_object_scale disable_value_scaling }.
        one_euro_filter: { frequency min_cutoff beta derivate_cutoff min_allowed_object_scale
            disable_value_scaling }. One of the three is given.

    Example:
        node {
          calculator: "MultiLandmarksSmoothingCalculator"
          input_stream: "NORM_LANDMARKS:hands"
          input_stream: "TRACKING_IDS:hand_ids"
          input_stream: "IMAGE_SIZE:image_size"
          output_stream: "NORM_FILTERED_LANDMARKS:calm_hands"
          node_options {
            [type.googleapis.com/mediapipe.LandmarksSmoothingCalculatorOptions] {
              velocity_filter {}
            }
          }
        }
    """

    input_tag = "NORM_LANDMARKS"
    output_tag = "NORM_FILTERED_LANDMARKS"
    is_normalized = True


@register
class MultiWorldLandmarksSmoothingCalculator(_ManyObjects):
    """Calms the points of several objects in the world over time, each by itself.

    An object that is missing at one timestamp starts anew when it comes back.

    Inputs:
        LANDMARKS: list of LandmarkList, one an object.
        TRACKING_IDS: list of int, which object each list is of.
        OBJECT_SCALE_ROI: optional; list of Rect, one an object, whose sizes are the units of velocities. At a
            timestamp without one it is the extent of the points.

    Outputs:
        FILTERED_LANDMARKS: list of LandmarkList.

    Options:
        mediapipe.LandmarksSmoothingCalculatorOptions
        no_filter: {} passes the points as they are.
        velocity_filter: { window_size velocity_scale min_allowed_object_scale disable_value_scaling }.
        one_euro_filter: { frequency min_cutoff beta derivate_cutoff min_allowed_object_scale
            disable_value_scaling }. One of the three is given.

    Example:
        node {
          calculator: "MultiWorldLandmarksSmoothingCalculator"
          input_stream: "LANDMARKS:hands"
          input_stream: "TRACKING_IDS:hand_ids"
          output_stream: "FILTERED_LANDMARKS:calm_hands"
          node_options {
            [type.googleapis.com/mediapipe.LandmarksSmoothingCalculatorOptions] {
              one_euro_filter { min_cutoff: 1 beta: 5 }
            }
          }
        }
    """

    input_tag = "LANDMARKS"
    output_tag = "FILTERED_LANDMARKS"
    is_normalized = False
