"""SplitFloatVectorCalculator and its siblings for other element types."""

from itertools import combinations
from typing import ClassVar

from calculators.core import core_pb2
from calculators.core.families import ELEMENTS, register_family
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

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        options = contract.options(cls.Options)
        contract.inputs[0].set(list)
        outputs = contract.outputs.all_of("")
        if not contract.outputs:
            raise GraphError("There is no output stream.")
        if options.combine_outputs and len(outputs) != 1:
            raise GraphError(f"With combine_outputs there is one output stream, not {len(outputs)}.")
        if not options.combine_outputs and len(outputs) != len(options.ranges):
            raise GraphError(
                "The number of output streams should match the number of ranges specified in the "
                f"CalculatorOptions. There are {len(outputs)} outputs and {len(options.ranges)} ranges."
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
        for output in outputs:
            output.set(cls.element if bare else list)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        if not self._options.ranges:
            raise GraphError("There are no ranges.")
        self._end = max(part.end for part in self._options.ranges)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        items, ranges = context.inputs[0].value, self._options.ranges
        if len(items) < self._end:
            raise GraphError(
                f'The list on "{context.inputs[0].name}" has {len(items)} elements, but a range ends at '
                f"{self._end}."
            )
        if self._options.combine_outputs:
            joined = [item for part in ranges for item in items[part.begin : part.end]]
            context.outputs[0].add(joined, context.input_timestamp)
            return None
        for output, part in zip(context.outputs, ranges, strict=True):
            value = items[part.begin] if self._options.element_only else items[part.begin : part.end]
            output.add(value, context.input_timestamp)
        return None


def _check_overlap(options: core_pb2.SplitVectorCalculatorOptions) -> None:
    for one, other in combinations(options.ranges, 2):
        if one.begin < other.end and other.begin < one.end:
            raise GraphError(
                "Ranges must be non-overlapping when using combine_outputs option. "
                f"{one.begin}..{one.end} and {other.begin}..{other.end} overlap."
            )


for _name in ("Float", "Image", "Matrix", "Tensor", "Uint64t"):
    register_family(SplitVectorCalculator, f"Split{_name}VectorCalculator", element=ELEMENTS[_name])
