"""Recolours what a mask covers."""

import numpy as np
from PIL.ImageFilter import Color3DLUT

from calculators.color.lut import apply_lut
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"
LUT = "LUT"


@register
class LutApplicationCalculator(Calculator):
    """Recolours frames with a colour table where a mask says so; only those pixels are worked on.

    Where there is no mask or no table at a timestamp, the frame passes as it is.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        MASK: float32 masks in [0, 1], any size: 0 keeps a pixel bit for bit, 1 recolours it fully.
        LUT: the table, a PIL.ImageFilter.Color3DLUT over [0, 1].

    Outputs:
        IMAGE: the recoloured frames.

    Example:
        node {
          calculator: "LutApplicationCalculator"
          input_stream: "IMAGE:image"
          input_stream: "MASK:hair_mask"
          input_stream: "LUT:lut"
          output_stream: "IMAGE:output_video"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        contract.inputs[LUT].set(Color3DLUT)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        image, mask, lut = context.inputs[IMAGE], context.inputs[MASK], context.inputs[LUT]
        if image.is_empty:
            return
        frame = image.value
        if not (mask.is_empty or lut.is_empty):
            frame = apply_lut(frame, lut.value, mask.value)
        context.outputs[IMAGE].add(frame, context.input_timestamp)
