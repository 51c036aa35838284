"""SplitFloatVectorCalculator and its siblings for other element types."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, ClassVar

from calculators.core import core_pb2
from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus


class SplitVectorCalculator(Calculator):
    """Cuts a list into parts.

    Inputs:
        0: list.

    Outputs:
        0: list, or the bare element with element_only; one output a range.

    Options:
        mediapipe.SplitVectorCalculatorOptions
        ranges: the parts: begin, end (not included), 0 <= begin < end <= length of the list.
        element_only: True sends elements, not lists; every range then has length 1. Default false.
        combine_outputs: True joins all ranges, which must not overlap, on one output. Default false.

    Example:
        node {
          calculator: "SplitVectorCalculator"
          input_stream: "numbers"
          output_stream: "first"
          output_stream: "rest"
          node_options {
            [type.googleapis.com/mediapipe.SplitVectorCalculatorOptions] {
              ranges { begin: 0 end: 1 }
              ranges { begin: 1 end: 4 }
            }
          }
        }
    """

    Options = core_pb2.SplitVectorCalculatorOptions
    element: ClassVar[type]
    container: ClassVar[type]
    needs_ranges: ClassVar[bool] = True

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        options = contract.options(cls.Options)
        count = len(contract.outputs)
        if len(contract.inputs) != 1:
            raise GraphError(f"There has to be one input stream, not {len(contract.inputs)}.")
        if not count:
            raise GraphError("There is no output stream.")
        if options.combine_outputs and count != 1:
            raise GraphError(f"With combine_outputs there is one output stream, not {count}.")
        if not options.combine_outputs and count != len(options.ranges):
            raise GraphError(
                "The number of output streams should match the number of ranges specified in the "
                f"CalculatorOptions. There are {count} outputs and {len(options.ranges)} ranges."
            )
        for part in options.ranges:
            if not 0 <= part.begin < part.end:
                raise GraphError(
                    "Indices should be non-negative and begin index should be less than the end index. "
                    f"Begin is {part.begin}, end is {part.end}."
                )
        if options.combine_outputs:
            _check_overlap(options)
        elif options.element_only and any(part.end - part.begin != 1 for part in options.ranges):
            raise GraphError("Since element_only is true, all ranges should be of size 1.")
        bare = options.element_only and not options.combine_outputs
        contract.inputs[0].set(cls.container)
        for output in contract.outputs.all_of(""):
            output.set(cls.element if bare else cls.container)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        if self.needs_ranges and not self._options.ranges:
            raise GraphError("There are no ranges.")
        self._end = max((part.end for part in self._options.ranges), default=0)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        items, ranges = self.items_of(context.inputs[0].value), self._options.ranges
        if len(items) < self._end:
            raise GraphError(
                f'The list on "{context.inputs[0].name}" has {len(items)} elements, but a range ends at '
                f"{self._end}."
            )
        parts = [items[part.begin : part.end] for part in ranges]
        if self._options.combine_outputs:
            joined = self.container_of([item for part in parts for item in part])
            context.outputs[0].add(joined, context.input_timestamp)
            return None
        for output, part in zip(context.outputs, parts, strict=True):
            value = part[0] if self._options.element_only else self.container_of(part)
            output.add(value, context.input_timestamp)
        return None

    @staticmethod
    def items_of(value: Any) -> Sequence[Any]:
        """The elements that the input's value holds."""
        items: list[Any] = value
        return items

    @classmethod
    def container_of(cls, items: Sequence[Any]) -> Any:
        """An output value that holds the elements."""
        return list(items)


def _check_overlap(options: core_pb2.SplitVectorCalculatorOptions) -> None:
    for one, other in combinations(options.ranges, 2):
        if one.begin < other.end and other.begin < one.end:
            raise GraphError(
                "Ranges must be non-overlapping when using combine_outputs option. "
                f"{one.begin}..{one.end} and {other.begin}..{other.end} overlap."
            )


for _name, _element in {
    "AffineMatrixVector": "AffineMatrix",
    "ClassificationListVector": "ClassificationList",
    "DetectionVector": "Detection",
    "FloatVector": "Float",
    "ImageVector": "Image",
    "LandmarkVector": "Landmark",
    "MatrixVector": "Matrix",
    "NormalizedLandmarkListVector": "NormalizedLandmarkList",
    "NormalizedRectVector": "NormalizedRect",
    "TensorVector": "Tensor",
    "Uint64tVector": "Uint64t",
}.items():
    _kind = ELEMENTS[_element]
    register_family(SplitVectorCalculator, f"Split{_name}Calculator", element=_kind, container=list_of(_kind))
