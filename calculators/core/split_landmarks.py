"""SplitLandmarkListCalculator and SplitNormalizedLandmarkListCalculator."""

from collections.abc import Sequence
from typing import Any

from calculators.core.families import register_family
from calculators.core.split_vector import SplitVectorCalculator
from calculators.formats import landmark_pb2


class SplitLandmarksCalculator(SplitVectorCalculator):
    """Cuts a list of landmarks into parts.

    Inputs:
        0: landmark list.

    Outputs:
        0: landmark list, or the bare landmark with element_only; one output a range.

    Options:
        mediapipe.SplitVectorCalculatorOptions
        ranges: the parts: begin, end (not included), 0 <= begin < end <= number of landmarks.
        element_only: True sends landmarks, not lists; every range then has length 1. Default false.
        combine_outputs: True joins all ranges, which must not overlap, on one output. Default false.

    Example:
        node {
          calculator: "SplitLandmarksCalculator"
          input_stream: "face_landmarks"
          output_stream: "mouth_landmarks"
          node_options {
            [type.googleapis.com/mediapipe.SplitVectorCalculatorOptions] {
              ranges { begin: 61 end: 62 }
              ranges { begin: 291 end: 292 }
              combine_outputs: true
            }
          }
        }
    """

    needs_ranges = False

    @staticmethod
    def items_of(value: Any) -> Sequence[Any]:
        landmarks: Sequence[Any] = value.landmark
        return landmarks

    @classmethod
    def container_of(cls, items: Sequence[Any]) -> Any:
        return cls.container(landmark=items)


for _name, _element, _container in (
    ("LandmarkList", landmark_pb2.Landmark, landmark_pb2.LandmarkList),
    ("NormalizedLandmarkList", landmark_pb2.NormalizedLandmark, landmark_pb2.NormalizedLandmarkList),
):
    register_family(
        SplitLandmarksCalculator, f"Split{_name}Calculator", element=_element, container=_container
    )
