"""Recolours what a mask covers."""

from typing import Any, Final

import numpy as np
from PIL.ImageFilter import Color3DLUT

from calculators.color.lut import SecondColor, apply_lut
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"
LUT = "LUT"
SECOND_LUT = "SECOND_LUT"
SHARE = "SHARE"
SHADOW = "SHADOW"
OPTIONAL: Final = {SECOND_LUT: Color3DLUT, SHARE: np.ndarray, SHADOW: np.ndarray}


@register
class LutApplicationCalculator(Calculator):
    """Recolours frames with a colour table where a mask says so; only those pixels are worked on.

    Where there is no mask or no table at a timestamp, the frame passes as it is.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        MASK: float32 masks in [0, 1], any size: 0 keeps a pixel bit for bit, 1 recolours it fully.
        LUT: the table, a PIL.ImageFilter.Color3DLUT over [0, 1].
        SECOND_LUT: optional; a second table, for a part of what the mask covers.
        SHARE: optional; which part: float32 in [0, 1], any size, 0 is the first table, 1 the second.
        SHADOW: optional; float32 in [0, 1], any size: 0 leaves the new colours, 1 makes them nearly black.

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
        for tag, kind in OPTIONAL.items():
            if tag in contract.inputs:
                contract.inputs[tag].set(kind)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        image, mask, lut = context.inputs[IMAGE], context.inputs[MASK], context.inputs[LUT]
        if image.is_empty:
            return
        frame = image.value
        if not (mask.is_empty or lut.is_empty):
            second_lut, share, shadow = (given_value(context, tag) for tag in OPTIONAL)
            second = None if second_lut is None or share is None else SecondColor(second_lut, share)
            frame = apply_lut(frame, lut.value, mask.value, second, shadow)
        context.outputs[IMAGE].add(frame, context.input_timestamp)


def given_value(context: CalculatorContext, tag: str) -> Any:
    """What came on an input, or None."""
    if tag not in context.inputs or context.inputs[tag].is_empty:
        return None
    return context.inputs[tag].value
