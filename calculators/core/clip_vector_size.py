"""ClipDetectionVectorSizeCalculator and its siblings for other element types."""

from typing import ClassVar

from calculators.core import core_pb2
from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus


class ClipVectorSizeCalculator(Calculator):
    """Keeps the first elements of a list.

    Inputs:
        0: list.

    Outputs:
        0: list of at most max_vec_size elements.

    Input side packets:
        0: int, takes the place of max_vec_size (optional).

    Options:
        mediapipe.ClipVectorSizeCalculatorOptions
        max_vec_size: how many elements are kept, >= 1, default 1.

    Example:
        node {
          calculator: "ClipVectorSizeCalculator"
          input_stream: "all_items"
          output_stream: "items"
          node_options {
            [type.googleapis.com/mediapipe.ClipVectorSizeCalculatorOptions] { max_vec_size: 2 }
          }
        }
    """

    Options = core_pb2.ClipVectorSizeCalculatorOptions
    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        _check(contract.options(cls.Options).max_vec_size)
        contract.inputs[0].set(list_of(cls.element))
        contract.outputs[0].set(list_of(cls.element))
        if len(contract.input_side_packets):
            contract.input_side_packets[0].set(int)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._size = context.options(self.Options).max_vec_size
        if len(context.input_side_packets):
            self._size = context.input_side_packets[0].value

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        _check(self._size)
        context.outputs[0].add(context.inputs[0].value[: self._size], context.input_timestamp)
        return None


def _check(size: int) -> None:
    if size < 1:
        raise GraphError(f"max_vec_size should be greater than or equal to 1. It is {size}.")


for _name in ("Detection", "NormalizedRect"):
    register_family(ClipVectorSizeCalculator, f"Clip{_name}VectorSizeCalculator", element=ELEMENTS[_name])
