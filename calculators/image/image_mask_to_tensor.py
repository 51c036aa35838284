"""A frame and the previous mask as a network's input."""

import numpy as np

from calculators.image.tensor import image_mask_tensor
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"
TENSORS = "TENSORS"


@register
class ImageMaskToTensorCalculator(Calculator):
    """Joins a frame and the previous frame's mask into the input of a network that segments video.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        MASK: float32 masks in [0, 1] [h, w], scaled to the frame's size where it differs. At a timestamp
            without one, as at the first frame of a video, the mask is zero everywhere.

    Outputs:
        TENSORS: a list of one float32 tensor [1, height, width, 4]: RGB / 255, then the mask.

    Example:
        node {
          calculator: "ImageMaskToTensorCalculator"
          input_stream: "IMAGE:image"
          input_stream: "MASK:previous_mask"
          output_stream: "TENSORS:tensors"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[TENSORS].set(list)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[IMAGE].is_empty:
            return
        mask = None if context.inputs[MASK].is_empty else context.inputs[MASK].value
        tensor = image_mask_tensor(context.inputs[IMAGE].value, mask)
        context.outputs[TENSORS].add([tensor], context.input_timestamp)
