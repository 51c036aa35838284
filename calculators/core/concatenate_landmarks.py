"""ConcatenateLandmarkListCalculator and ConcatenateNormalizedLandmarkListCalculator."""

from typing import Any

from calculators.core.concatenate_vector import ConcatenateVectorCalculator
from calculators.core.families import ELEMENTS, register_family


class ConcatenateLandmarksCalculator(ConcatenateVectorCalculator):
    """Joins lists of landmarks, in the order of the inputs, into one list.

    Inputs:
        0: landmark list; as many inputs as wanted.

    Outputs:
        0: landmark list.

    Options:
        mediapipe.ConcatenateVectorCalculatorOptions
        only_emit_if_all_present: True sends nothing where an input has no packet, default false.

    Example:
        node {
          calculator: "ConcatenateLandmarksCalculator"
          input_stream: "face_landmarks"
          input_stream: "iris_landmarks"
          output_stream: "all_landmarks"
        }
    """

    @classmethod
    def taken(cls) -> tuple[type, ...]:
        return (cls.element,)

    def join(self, values: list[Any]) -> Any:
        return self.element(landmark=[landmark for value in values for landmark in value.landmark])


for _name in ("LandmarkList", "NormalizedLandmarkList"):
    _kind = f"Concatenate{_name}Calculator"
    register_family(ConcatenateLandmarksCalculator, _kind, element=ELEMENTS[_name])
