"""MergeDetectionsToVectorCalculator and MergeImagesToVectorCalculator."""

from typing import ClassVar

from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus


class MergeToVectorCalculator(Calculator):
    """Puts what the inputs have at a timestamp into one list, in the order of the inputs.

    Inputs:
        0: one element; as many inputs as wanted.

    Outputs:
        0: list; inputs without a packet are left out.

    Example:
        node {
          calculator: "MergeToVectorCalculator"
          input_stream: "left"
          input_stream: "right"
          output_stream: "both"
        }
    """

    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs = contract.inputs.all_of("")
        if not inputs:
            raise GraphError("Needs at least one input stream. It has no tag.")
        for source in inputs:
            source.set(cls.element)
        contract.outputs[0].set(list_of(cls.element))
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        items = [source.value for source in context.inputs if not source.is_empty]
        context.outputs[0].add(items, context.input_timestamp)
        return None


for _name, _element in {"Detections": "Detection", "Images": "Image"}.items():
    register_family(MergeToVectorCalculator, f"Merge{_name}ToVectorCalculator", element=ELEMENTS[_element])
