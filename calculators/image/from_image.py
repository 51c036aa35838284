"""Pictures under MediaPipe's older name."""

import numpy as np

from calculators.image.gpu import refuse_gpu
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
IMAGE_CPU = "IMAGE_CPU"
SOURCE_ON_GPU = "SOURCE_ON_GPU"


@register
class FromImageCalculator(Calculator):
    """Passes pictures on: MediaPipe has two types of pictures where here they are one.

    Inputs:
        IMAGE: pictures.

    Outputs:
        IMAGE_CPU: the same pictures.
        SOURCE_ON_GPU: optional; bool, always False.

    Example:
        node {
          calculator: "FromImageCalculator"
          input_stream: "IMAGE:image"
          output_stream: "IMAGE_CPU:image_frame"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract, "_CPU")
        contract.inputs[IMAGE].set(np.ndarray)
        if IMAGE_CPU in contract.outputs:
            contract.outputs[IMAGE_CPU].set(np.ndarray)
        if SOURCE_ON_GPU in contract.outputs:
            contract.outputs[SOURCE_ON_GPU].set(bool)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        image = context.inputs[IMAGE]
        if image.is_empty:
            return
        if IMAGE_CPU in context.outputs:
            context.outputs[IMAGE_CPU].add_packet(image.packet)
        if SOURCE_ON_GPU in context.outputs:
            context.outputs[SOURCE_ON_GPU].add(False, context.input_timestamp)
