"""GetDetectionVectorItemCalculator and its siblings for other element types."""

from typing import ClassVar

from calculators.core import core_pb2
from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus

VECTOR = "VECTOR"
INDEX = "INDEX"
ITEM = "ITEM"


class GetVectorItemCalculator(Calculator):
    """Takes one element out of a list.

    Inputs:
        VECTOR: list.
        INDEX: int, the element's place, >= 0; where it has no packet the option counts (optional).

    Outputs:
        ITEM: the element.

    Options:
        mediapipe.GetVectorItemCalculatorOptions
        item_index: the element's place, from 0; needed without INDEX, no default.
        output_empty_on_oob: True sends nothing where the list is too short, false is an error there.
            Default false.

    Example:
        node {
          calculator: "GetVectorItemCalculator"
          input_stream: "VECTOR:items"
          output_stream: "ITEM:first"
          node_options {
            [type.googleapis.com/mediapipe.GetVectorItemCalculatorOptions] { item_index: 0 }
          }
        }
    """

    Options = core_pb2.GetVectorItemCalculatorOptions
    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[VECTOR].set(list_of(cls.element))
        if INDEX in contract.inputs:
            contract.inputs[INDEX].set(int)
        contract.outputs[ITEM].set(cls.element)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        if INDEX not in context.inputs and not self._options.HasField("item_index"):
            raise GraphError(f"Connect {INDEX} or set the option item_index.")

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if context.inputs[VECTOR].is_empty:
            return None
        index = self._options.item_index
        if INDEX in context.inputs and not context.inputs[INDEX].is_empty:
            index = context.inputs[INDEX].value
        elif not self._options.HasField("item_index"):
            return None
        items = context.inputs[VECTOR].value
        if index < 0 or (index >= len(items) and not self._options.output_empty_on_oob):
            raise GraphError(
                f'There is no element {index} in the list on "{context.inputs[VECTOR].name}", which has '
                f"{len(items)}. With output_empty_on_oob nothing would be sent."
            )
        if index < len(items):
            context.outputs[ITEM].add(items[index], context.input_timestamp)
        return None


for _name in (
    "ClassificationList",
    "Detection",
    "LandmarkList",
    "NormalizedLandmarkList",
    "NormalizedRect",
    "Rect",
):
    register_family(GetVectorItemCalculator, f"Get{_name}VectorItemCalculator", element=ELEMENTS[_name])
