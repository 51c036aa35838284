"""MediaPipe's own operators, for graphs that ask for them."""

from calculators.inference import inference_pb2
from tryon import Calculator, CalculatorContext, CalculatorContract, register

OP_RESOLVER = "OP_RESOLVER"


@register
class TfLiteCustomOpResolverCalculator(Calculator):
    """Stands where MediaPipe's graphs make their operators known: here InferenceCalculator always knows them.

    Output side packets:
        OP_RESOLVER: a name, for InferenceCalculator.

    Options:
        mediapipe.TfLiteCustomOpResolverCalculatorOptions
        use_gpu: read and left aside.

    Example:
        node {
          calculator: "TfLiteCustomOpResolverCalculator"
          output_side_packet: "OP_RESOLVER:op_resolver"
        }
    """

    Options = inference_pb2.TfLiteCustomOpResolverCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.output_side_packets[OP_RESOLVER].set(str)

    def open(self, context: CalculatorContext) -> None:
        context.output_side_packets[OP_RESOLVER].set("LiteRT")
