"""ConcatenateLandmarkListCalculator and ConcatenateNormalizedLandmarkListCalculator."""

from typing import ClassVar

from calculators.core import core_pb2
from calculators.core.families import ELEMENTS, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus


class ConcatenateLandmarksCalculator(Calculator):
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

    Options = core_pb2.ConcatenateVectorCalculatorOptions
    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs = contract.inputs.all_of("")
        if not inputs:
            raise GraphError("At least one untagged input stream is needed.")
        for source in inputs:
            source.set(cls.element)
        contract.outputs[0].set(cls.element)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._wants_all = context.options(self.Options).only_emit_if_all_present

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        present = [source.value for source in context.inputs if not source.is_empty]
        if self._wants_all and len(present) < len(context.inputs):
            return None
        landmarks = [landmark for value in present for landmark in value.landmark]
        context.outputs[0].add(self.element(landmark=landmarks), context.input_timestamp)
        return None


for _name in ("LandmarkList", "NormalizedLandmarkList"):
    _kind = f"Concatenate{_name}Calculator"
    register_family(ConcatenateLandmarksCalculator, _kind, element=ELEMENTS[_name])
