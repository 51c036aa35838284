"""A network's output as plain numbers."""

import numpy as np

from calculators.inference import tensor_pb2
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

TENSORS = "TENSORS"
FLOATS = "FLOATS"
FLOAT = "FLOAT"


@register
class TensorsToFloatsCalculator(Calculator):
    """Takes the numbers out of the first tensor.

    Inputs:
        TENSORS: a list whose first tensor is float32, of any shape.

    Outputs:
        FLOATS: list of float, row by row; exactly one of it and FLOAT is connected.
        FLOAT: float, of a tensor with one element.

    Options:
        mediapipe.TensorsToFloatsCalculatorOptions
        activation: NONE (default) takes the values as they are; SIGMOID turns logits into probabilities.

    Example:
        node {
          calculator: "TensorsToFloatsCalculator"
          input_stream: "TENSORS:score_tensors"
          output_stream: "FLOAT:hand_presence"
          node_options {
            [type.googleapis.com/mediapipe.TensorsToFloatsCalculatorOptions] {
              activation: SIGMOID
            }
          }
        }
    """

    Options = tensor_pb2.TensorsToFloatsCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[TENSORS].set(list)
        if (FLOATS in contract.outputs) == (FLOAT in contract.outputs):
            raise GraphError("Connect exactly one of the output streams FLOATS and FLOAT.")
        if FLOATS in contract.outputs:
            contract.outputs[FLOATS].set(list[float])
        else:
            contract.outputs[FLOAT].set(float)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._is_sigmoid = context.options(self.Options).activation == self.Options.SIGMOID

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[TENSORS].is_empty:
            return
        tensors = context.inputs[TENSORS].value
        if not tensors:
            raise GraphError("The list of tensors is empty; the numbers come from the first.")
        tensor = tensors[0]
        if tensor.dtype != np.float32:
            raise GraphError(f"The first tensor must be float32, not {tensor.dtype}.")
        values = tensor.ravel()
        if self._is_sigmoid:
            with np.errstate(over="ignore"):
                values = 1 / (1 + np.exp(-values))
        if FLOATS in context.outputs:
            context.outputs[FLOATS].add(values.tolist(), context.input_timestamp)
        elif len(values) == 1:
            context.outputs[FLOAT].add(values.item(), context.input_timestamp)
        else:
            raise GraphError(
                f"FLOAT takes a tensor of one element, this one has shape {list(tensor.shape)}; use FLOATS."
            )
