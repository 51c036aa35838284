"""Brings hair masks to the frame's resolution."""

import numpy as np

from calculators.hair import hair_pb2
from calculators.hair.refine import refine_mask
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
MASK = "MASK"
LEAST_CONTRAST = 0.01


@register
class MaskRefinementCalculator(Calculator):
    """Brings a hair mask to the frame's size and lays its outline along edges and strands.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        MASK: float32 masks in [0, 1], as a model gives them.

    Outputs:
        MASK: float32 masks in [0, 1] of the frame's size.

    Options:
        tryon.MaskRefinementCalculatorOptions
        radius: half width of the window in which hair and what is beside it are compared, in 256ths of the
            frame's sides, 1 to 32, default 8.
        contrast: difference in colour from which on the frame is trusted more than the mask, from 0.01 (a
            faint one) to 1 (black and white), default 0.03.
        low: values up to this become 0, in [0, high), default 0.1.
        high: values from this on become 1, in (low, 1], default 0.85.

    Example:
        node {
          calculator: "MaskRefinementCalculator"
          input_stream: "IMAGE:image"
          input_stream: "MASK:small_mask"
          output_stream: "MASK:hair_mask"
          node_options: {
            [type.googleapis.com/tryon.MaskRefinementCalculatorOptions] { radius: 8 }
          }
        }
    """

    Options = hair_pb2.MaskRefinementCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[MASK].set(np.ndarray)
        contract.timestamp_offset = 0
        checked_options(contract.options(cls.Options))

    def open(self, context: CalculatorContext) -> None:
        self._options = checked_options(context.options(self.Options))

    def process(self, context: CalculatorContext) -> None:
        image, mask = context.inputs[IMAGE], context.inputs[MASK]
        if image.is_empty or mask.is_empty:
            return
        options = self._options
        refined = refine_mask(
            image.value, mask.value, options.radius, options.contrast, options.low, options.high
        )
        context.outputs[MASK].add(refined, context.input_timestamp)


def checked_options(
    given: hair_pb2.MaskRefinementCalculatorOptions,
) -> hair_pb2.MaskRefinementCalculatorOptions:
    """The options, those left out filled in.

    Raises:
        GraphError: one is out of its range.
    """
    options = hair_pb2.MaskRefinementCalculatorOptions(radius=8, contrast=0.03, low=0.1, high=0.85)
    options.MergeFrom(given)
    if not 1 <= options.radius <= 32:
        raise GraphError(f"radius is {options.radius}; it must be from 1 to 32.")
    if not LEAST_CONTRAST <= options.contrast <= 1:
        raise GraphError(f"contrast is {options.contrast:g}; it must be from {LEAST_CONTRAST} to 1.")
    if not 0 <= options.low < options.high <= 1:
        raise GraphError(f"low is {options.low:g}, high is {options.high:g}; needed is 0 <= low < high <= 1.")
    return options
