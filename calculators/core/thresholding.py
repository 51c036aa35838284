"""ThresholdingCalculator."""

from calculators.core import core_pb2
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register

FLOAT = "FLOAT"
THRESHOLD = "THRESHOLD"
FLAG = "FLAG"
ACCEPT = "ACCEPT"
REJECT = "REJECT"


@register
class ThresholdingCalculator(Calculator):
    """Says whether a number is larger than a threshold.

    Inputs:
        FLOAT: float.
        THRESHOLD: float, replaces the threshold from its timestamp on; comes with a FLOAT (optional).

    Outputs:
        FLAG: bool, True where FLOAT is larger than the threshold (optional).
        ACCEPT: True, only where it is larger (optional).
        REJECT: False, only where it is not (optional).

    Input side packets:
        THRESHOLD: float, the threshold (optional).

    Options:
        mediapipe.ThresholdingCalculatorOptions
        threshold: any number, default 0; not together with a THRESHOLD stream or side packet.

    Example:
        node {
          calculator: "ThresholdingCalculator"
          input_stream: "FLOAT:hair_share"
          output_stream: "FLAG:has_hair"
          node_options {
            [type.googleapis.com/mediapipe.ThresholdingCalculatorOptions] { threshold: 0.02 }
          }
        }
    """

    Options = core_pb2.ThresholdingCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[FLOAT].set(float)
        for types in (contract.inputs, contract.input_side_packets):
            if THRESHOLD in types:
                types[THRESHOLD].set(float)
        if THRESHOLD in contract.inputs and THRESHOLD in contract.input_side_packets:
            raise GraphError("Using both the threshold input side packet and input stream is not supported.")
        for tag in (FLAG, ACCEPT, REJECT):
            if tag in contract.outputs:
                contract.outputs[tag].set(bool)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._threshold = options.threshold
        for what, given in (("stream", context.inputs), ("side packet", context.input_side_packets)):
            if options.HasField("threshold") and THRESHOLD in given:
                raise GraphError(f"Using both the threshold option and input {what} is not supported.")
        if THRESHOLD in context.input_side_packets:
            self._threshold = context.input_side_packets[THRESHOLD].value

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if THRESHOLD in context.inputs and not context.inputs[THRESHOLD].is_empty:
            self._threshold = context.inputs[THRESHOLD].value
        accept = context.inputs[FLOAT].value > self._threshold
        for tag, wanted in ((FLAG, True), (ACCEPT, accept), (REJECT, not accept)):
            if wanted and tag in context.outputs:
                context.outputs[tag].add(accept, context.input_timestamp)
        return None
