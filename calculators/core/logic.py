"""LogicCalculator."""

from functools import reduce
from operator import and_, or_, xor

from calculators.core import core_pb2
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register

OPERATIONS = {
    core_pb2.LogicCalculatorOptions.AND: and_,
    core_pb2.LogicCalculatorOptions.OR: or_,
    core_pb2.LogicCalculatorOptions.XOR: xor,
}


@register
class LogicCalculator(Calculator):
    """Joins bools with AND, OR or XOR.

    Inputs:
        0: bool; as many inputs as wanted, all with a packet at every timestamp.

    Outputs:
        0: bool.

    Input side packets:
        0: bool, counts like an input (optional).

    Options:
        mediapipe.LogicCalculatorOptions
        op: AND, OR or XOR, default AND.
        negate: True turns the result around, default false.
        input_value: further values that count like inputs, default none.

    Example:
        node {
          calculator: "LogicCalculator"
          input_stream: "has_hair"
          input_stream: "is_sharp"
          output_stream: "recolour"
        }
    """

    Options = core_pb2.LogicCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs, sides = contract.inputs.all_of(""), contract.input_side_packets.all_of("")
        if not inputs and not sides and not contract.options(cls.Options).input_value:
            raise GraphError("There is no value: no input, no input side packet, no option input_value.")
        for types in (*inputs, *sides, contract.outputs[0]):
            types.set(bool)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        self._fixed = [*self._options.input_value, *(side.value for side in context.input_side_packets)]

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        values = (*self._fixed, *(source.value for source in context.inputs))
        result = reduce(OPERATIONS[self._options.op], values)
        context.outputs[0].add(result is not self._options.negate, context.input_timestamp)
        return None
