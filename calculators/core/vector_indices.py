"""IntVectorIndicesCalculator and its siblings for other element types."""

from typing import ClassVar

from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, ProcessStatus

VECTOR = "VECTOR"
INDICES = "INDICES"


class VectorIndicesCalculator(Calculator):
    """Numbers the elements of a list: 0, 1, ...

    Inputs:
        VECTOR: list.

    Outputs:
        INDICES: list of int, as long as VECTOR's.

    Example:
        node {
          calculator: "VectorIndicesCalculator"
          input_stream: "VECTOR:items"
          output_stream: "INDICES:numbers"
        }
    """

    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[VECTOR].set(list_of(cls.element))
        contract.outputs[INDICES].set(list_of(int))
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        indices = list(range(len(context.inputs[VECTOR].value)))
        context.outputs[INDICES].add(indices, context.input_timestamp)
        return None


for _name in ("Int", "NormalizedLandmarkList"):
    register_family(VectorIndicesCalculator, f"{_name}VectorIndicesCalculator", element=ELEMENTS[_name])
