"""NormalizedRectVectorHasMinSizeCalculator and its siblings for other element types."""

from typing import ClassVar

from calculators.core import core_pb2
from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus

ITERABLE = "ITERABLE"


class CollectionHasMinSizeCalculator(Calculator):
    """Says whether a list has enough elements.

    Inputs:
        ITERABLE: list.

    Outputs:
        0: bool, True where the list has min_size elements or more.

    Input side packets:
        0: int, takes the place of min_size (optional).

    Options:
        mediapipe.CollectionHasMinSizeCalculatorOptions
        min_size: how many elements are enough, >= 0, default 0.

    Example:
        node {
          calculator: "CollectionHasMinSizeCalculator"
          input_stream: "ITERABLE:items"
          output_stream: "there_are_items"
          node_options {
            [type.googleapis.com/mediapipe.CollectionHasMinSizeCalculatorOptions] { min_size: 1 }
          }
        }
    """

    Options = core_pb2.CollectionHasMinSizeCalculatorOptions
    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        size = contract.options(cls.Options).min_size
        if size < 0:
            raise GraphError(f"min_size is {size}; it has to be 0 or more.")
        contract.inputs[ITERABLE].set(list_of(cls.element))
        contract.outputs[0].set(bool)
        if len(contract.input_side_packets):
            contract.input_side_packets[0].set(int)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._size = context.options(self.Options).min_size
        if len(context.input_side_packets):
            self._size = context.input_side_packets[0].value

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        has_min_size = len(context.inputs[ITERABLE].value) >= self._size
        context.outputs[0].add(has_min_size, context.input_timestamp)
        return None


for _name in ("ClassificationList", "NormalizedLandmarkList", "NormalizedRect"):
    _kind = f"{_name}VectorHasMinSizeCalculator"
    register_family(CollectionHasMinSizeCalculator, _kind, element=ELEMENTS[_name])
