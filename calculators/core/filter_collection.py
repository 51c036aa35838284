"""FilterNormalizedRectCollectionCalculator and its siblings for other element types."""

from typing import ClassVar

from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus

ITERABLE = "ITERABLE"
CONDITION = "CONDITION"


class FilterCollectionCalculator(Calculator):
    """Keeps the elements of a list for which a list of conditions, as long, says True.

    Inputs:
        ITERABLE: list.
        CONDITION: list of bool; without it at a timestamp nothing is sent.

    Outputs:
        ITERABLE: list of the elements kept, possibly empty.

    Example:
        node {
          calculator: "FilterCollectionCalculator"
          input_stream: "ITERABLE:all_items"
          input_stream: "CONDITION:is_large"
          output_stream: "ITERABLE:large_items"
        }
    """

    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[ITERABLE].set(list_of(cls.element))
        contract.inputs[CONDITION].set(list_of(bool))
        contract.outputs[ITERABLE].set(list_of(cls.element))
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if context.inputs[ITERABLE].is_empty or context.inputs[CONDITION].is_empty:
            return None
        items, condition = context.inputs[ITERABLE].value, context.inputs[CONDITION].value
        if len(items) != len(condition):
            raise GraphError(
                f"Input vector size: {len(items)} doesn't mach condition vector size: {len(condition)}. "
                f"Every element of {ITERABLE} needs its own bool in {CONDITION}."
            )
        kept = [item for item, keep in zip(items, condition, strict=True) if keep]
        context.outputs[ITERABLE].add(kept, context.input_timestamp)
        return None


for _name in ("ClassificationList", "LandmarkList", "NormalizedLandmarkList", "NormalizedRect"):
    register_family(FilterCollectionCalculator, f"Filter{_name}CollectionCalculator", element=ELEMENTS[_name])
