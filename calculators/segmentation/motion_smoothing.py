"""Calm masks over time that follow movement."""

import numpy as np

from calculators.segmentation import motion_pb2
from calculators.segmentation.mask import Mask
from calculators.segmentation.motion import Grey, steady_mask, thumbnail
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
MASK = "MASK"
STRENGTH = 0.8


@register
class MotionSmoothingCalculator(Calculator):
    """Mixes each mask with the one before, moved along with the picture, so that edges do not flicker.

    The mask before counts where the two nearly agree and where the new one is in doubt. It does not where the
    picture shows something new: at a cut, and where hair uncovers what was behind it. A frame without a
    picture, or with a mask of another size, passes its mask on unchanged and starts afresh.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3], any size: 64 x 64 of them are looked at.
        MASK: float32 masks in [0, 1] [h, w] of the frames.

    Outputs:
        MASK: float32 masks in [0, 1] [h, w].

    Options:
        tryon.MotionSmoothingCalculatorOptions
        strength: the largest weight of the mask before, in [0, 1): 0 leaves masks as they are, default 0.8.

    Example:
        node {
          calculator: "MotionSmoothingCalculator"
          input_stream: "IMAGE:small_image"
          input_stream: "MASK:raw_mask"
          output_stream: "MASK:mask"
          node_options: {
            [type.googleapis.com/tryon.MotionSmoothingCalculatorOptions] { strength: 0.8 }
          }
        }
    """

    Options = motion_pb2.MotionSmoothingCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[MASK].set(np.ndarray)
        contract.timestamp_offset = 0
        strength = contract.options(cls.Options).strength
        if not 0 <= strength < 1:
            raise GraphError(f"strength is {strength:g}; it must be at least 0 and less than 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._strength = options.strength if options.HasField("strength") else STRENGTH
        self._before: Grey | None = None
        self._previous: Mask | None = None

    def process(self, context: CalculatorContext) -> None:
        image, packet = context.inputs[IMAGE], context.inputs[MASK]
        if packet.is_empty:
            return
        mask, before, previous = packet.value, self._before, self._previous
        now = None if image.is_empty else thumbnail(image.value)
        if now is not None and before is not None and previous is not None and previous.shape == mask.shape:
            mask = steady_mask(mask, previous, now, before, self._strength)
        self._before, self._previous = now, mask
        context.outputs[MASK].add(mask, context.input_timestamp)
