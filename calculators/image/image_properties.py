"""The size of pictures."""

import numpy as np

from calculators.image.gpu import refuse_gpu
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
IMAGE_CPU = "IMAGE_CPU"
SIZE = "SIZE"


@register
class ImagePropertiesCalculator(Calculator):
    """Sends the size of each picture.

    Inputs:
        IMAGE: pictures [height, width] or [height, width, channels].
        IMAGE_CPU: the same under another name; exactly one of the two is connected.

    Outputs:
        SIZE: (width, height) in pixels.

    Example:
        node {
          calculator: "ImagePropertiesCalculator"
          input_stream: "IMAGE:image"
          output_stream: "SIZE:size"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract)
        if (IMAGE in contract.inputs) == (IMAGE_CPU in contract.inputs):
            raise GraphError("Connect one of the input streams IMAGE and IMAGE_CPU.")
        contract.inputs[IMAGE if IMAGE in contract.inputs else IMAGE_CPU].set(np.ndarray)
        contract.outputs[SIZE].set(tuple)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        image = context.inputs[IMAGE if IMAGE in context.inputs else IMAGE_CPU]
        if not image.is_empty:
            height, width = image.value.shape[:2]
            context.outputs[SIZE].add((width, height), context.input_timestamp)
