"""ConcatenateFloatVectorCalculator and its siblings for other element types."""

from typing import Any, ClassVar

from calculators.core import core_pb2
from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus


class ConcatenateVectorCalculator(Calculator):
    """Joins lists and single elements, in the order of the inputs, into one list.

    Inputs:
        0: list, or one element; as many inputs as wanted.

    Outputs:
        0: list.

    Options:
        mediapipe.ConcatenateVectorCalculatorOptions
        only_emit_if_all_present: True sends nothing where an input has no packet, default false.

    Example:
        node {
          calculator: "ConcatenateVectorCalculator"
          input_stream: "left"
          input_stream: "right"
          output_stream: "both"
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
            source.set(*cls.taken())
        contract.outputs[0].set(cls.taken()[-1])
        contract.timestamp_offset = 0

    @classmethod
    def taken(cls) -> tuple[type, ...]:
        """What an input may hold; the last is what the output holds."""
        return cls.element, list_of(cls.element)

    def open(self, context: CalculatorContext) -> None:
        self._wants_all = context.options(self.Options).only_emit_if_all_present

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        present = [source.value for source in context.inputs if not source.is_empty]
        if self._wants_all and len(present) < len(context.inputs):
            return None
        context.outputs[0].add(self.join(present), context.input_timestamp)
        return None

    def join(self, values: list[Any]) -> Any:
        """All in one."""
        return [item for value in values for item in (value if isinstance(value, list) else [value])]


for _name in (
    "Bool",
    "ClassificationList",
    "Detection",
    "Float",
    "Image",
    "Int32",
    "Landmark",
    "LandmarkList",
    "NormalizedLandmarkList",
    "String",
    "Tensor",
    "UInt64",
):
    _kind = f"Concatenate{_name}VectorCalculator"
    register_family(ConcatenateVectorCalculator, _kind, element=ELEMENTS[_name])
