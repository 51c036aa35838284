"""The maps in the output of the network for nails."""

import numpy as np

from calculators.nails.maps import find_maps, without_padding
from tryon import Calculator, CalculatorContext, CalculatorContract, register

TENSORS = "TENSORS"
LETTERBOX_PADDING = "LETTERBOX_PADDING"
FOREGROUND = "FOREGROUND"
FINGERS = "FINGERS"
DIRECTION = "DIRECTION"


@register
class TensorsToNailMapsCalculator(Calculator):
    """Takes the maps out of the output of the network for nails, and the bars round the picture off them.

    Each map spans the frame exactly, whether or not the bars end between two of its pixels.

    Inputs:
        TENSORS: a list of three float32 tensors in any order: foreground probability [1, H, W, 1], finger
            probabilities [1, H / 4, W / 4, 10] and direction [1, H / 4, W / 4, 2].
        LETTERBOX_PADDING: optional; the bars, as fractions [left, top, right, bottom] of the tensors' sides.

    Outputs:
        FOREGROUND: float32 [h, w] in [0, 1], 1 is nail.
        FINGERS: float32 [h / 4, w / 4, 10] in [0, 1], the probability of each of `nail.CLASSES`.
        DIRECTION: float32 [h / 4, w / 4, 2], x and y from a nail's base to its tip, of length 1 or so.

    Example:
        node {
          calculator: "TensorsToNailMapsCalculator"
          input_stream: "TENSORS:output_tensors"
          input_stream: "LETTERBOX_PADDING:padding"
          output_stream: "FOREGROUND:foreground"
          output_stream: "FINGERS:fingers"
          output_stream: "DIRECTION:direction"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[TENSORS].set(list)
        if LETTERBOX_PADDING in contract.inputs:
            contract.inputs[LETTERBOX_PADDING].set(list[float])
        for tag in (FOREGROUND, FINGERS, DIRECTION):
            contract.outputs[tag].set(np.ndarray)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        maps = find_maps(context.inputs[TENSORS].value)
        if LETTERBOX_PADDING in context.inputs:
            left, top, right, bottom = context.inputs[LETTERBOX_PADDING].value
            foreground, fingers, direction = (
                without_padding(values, (left, top, right, bottom)) for values in maps
            )
            maps = foreground, fingers, direction
        for tag, values in zip((FOREGROUND, FINGERS, DIRECTION), maps, strict=True):
            context.outputs[tag].add(values, context.input_timestamp)
