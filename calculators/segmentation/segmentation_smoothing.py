"""Calm masks over time."""

import numpy as np

from calculators.segmentation import segmentation_pb2
from calculators.segmentation.mask import smooth_mask
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

MASK = "MASK"
MASK_PREVIOUS = "MASK_PREVIOUS"
MASK_SMOOTHED = "MASK_SMOOTHED"


@register
class SegmentationSmoothingCalculator(Calculator):
    """Mixes each mask with the previous one where it is uncertain (near 0.5), so that edges do not flicker.

    Inputs:
        MASK: float32 masks in [0, 1] [h, w].
        MASK_PREVIOUS: the mask before, of the same shape: the smoothed one, through a
            PreviousLoopbackCalculator, for a memory of many frames; the raw one for a memory of one frame.
            At a timestamp without one the mask passes unchanged.

    Outputs:
        MASK_SMOOTHED: float32 masks in [0, 1] [h, w].

    Options:
        mediapipe.SegmentationSmoothingCalculatorOptions
        combine_with_previous_ratio: how far an uncertain pixel goes over to the previous mask: 0 (default)
            not at all, 1 all the way.

    Example:
        node {
          calculator: "SegmentationSmoothingCalculator"
          input_stream: "MASK:mask"
          input_stream: "MASK_PREVIOUS:previous_mask"
          output_stream: "MASK_SMOOTHED:smoothed_mask"
          node_options {
            [type.googleapis.com/mediapipe.SegmentationSmoothingCalculatorOptions] {
              combine_with_previous_ratio: 0.7
            }
          }
        }
    """

    Options = segmentation_pb2.SegmentationSmoothingCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[MASK].set(np.ndarray)
        contract.inputs[MASK_PREVIOUS].set(np.ndarray)
        contract.outputs[MASK_SMOOTHED].set(np.ndarray)
        ratio = contract.options(cls.Options).combine_with_previous_ratio
        if not 0 <= ratio <= 1:
            raise GraphError(f"The option combine_with_previous_ratio must be in [0, 1], not {ratio:g}.")
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._ratio = context.options(self.Options).combine_with_previous_ratio

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[MASK].is_empty:
            return
        mask = context.inputs[MASK].value
        if not context.inputs[MASK_PREVIOUS].is_empty:
            mask = smooth_mask(mask, context.inputs[MASK_PREVIOUS].value, self._ratio)
        context.outputs[MASK_SMOOTHED].add(mask, context.input_timestamp)
