"""Pictures under MediaPipe's newer name."""

import numpy as np

from calculators.image.gpu import refuse_gpu
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE_CPU = "IMAGE_CPU"
IMAGE = "IMAGE"


@register
class ToImageCalculator(Calculator):
    """Passes pictures on: MediaPipe has two types of pictures where here they are one.

    Inputs:
        IMAGE_CPU: pictures; exactly one of it and IMAGE is connected.
        IMAGE: pictures.

    Outputs:
        IMAGE: the same pictures.

    Example:
        node {
          calculator: "ToImageCalculator"
          input_stream: "IMAGE_CPU:image_frame"
          output_stream: "IMAGE:image"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract, "_CPU")
        if IMAGE_CPU in contract.inputs and IMAGE in contract.inputs:
            raise GraphError("Cannot have multiple inputs. Connect IMAGE_CPU or IMAGE.")
        contract.inputs[IMAGE if IMAGE in contract.inputs else IMAGE_CPU].set(np.ndarray)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        image = context.inputs[IMAGE if IMAGE in context.inputs else IMAGE_CPU]
        if not image.is_empty:
            context.outputs[IMAGE].add_packet(image.packet)
