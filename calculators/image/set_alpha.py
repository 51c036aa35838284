"""Give pictures an alpha channel."""

import numpy as np

from calculators.image import image_pb2
from calculators.image.alpha import set_alpha
from calculators.image.gpu import refuse_gpu
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
ALPHA = "ALPHA"


@register
class SetAlphaCalculator(Calculator):
    """Sets the opacity of pictures, to one value or from a mask.

    Inputs:
        IMAGE: RGB or RGBA uint8 frames [height, width, 3 or 4].
        ALPHA: uint8, or float32 in [0, 1], of the same height and width; exactly one of it and the option
            alpha_value is given. At a timestamp without a packet the frame is transparent.

    Outputs:
        IMAGE: RGBA uint8 frames [height, width, 4].

    Options:
        mediapipe.SetAlphaCalculatorOptions
        alpha_value: 0 (transparent) to 255 (opaque) for all pixels; -1 (default): from ALPHA.

    Example:
        node {
          calculator: "SetAlphaCalculator"
          input_stream: "IMAGE:image"
          input_stream: "ALPHA:mask"
          output_stream: "IMAGE:image_with_alpha"
        }
    """

    Options = image_pb2.SetAlphaCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract)
        contract.inputs[IMAGE].set(np.ndarray)
        if ALPHA in contract.inputs:
            contract.inputs[ALPHA].set(np.ndarray)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        alpha = context.options(self.Options).alpha_value
        if (alpha >= 0) == (ALPHA in context.inputs):
            raise GraphError(
                "Must use either image mask or options alpha value. Give the option alpha_value (0 to 255) "
                "or the input stream ALPHA."
            )
        self._alpha = max(0, min(255, alpha))

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[IMAGE].is_empty:
            return
        has_mask = ALPHA in context.inputs and not context.inputs[ALPHA].is_empty
        alpha = context.inputs[ALPHA].value if has_mask else self._alpha
        context.outputs[IMAGE].add(set_alpha(context.inputs[IMAGE].value, alpha), context.input_timestamp)
