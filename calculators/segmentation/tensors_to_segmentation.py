"""The mask in a segmentation model's output."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calculators.segmentation import segmentation_pb2
from calculators.segmentation.mask import Activation, mask_from_tensor
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

TENSORS = "TENSORS"
OUTPUT_SIZE = "OUTPUT_SIZE"
MASK = "MASK"

ACTIVATIONS: Final[dict[int, Activation]] = {
    segmentation_pb2.TensorsToSegmentationCalculatorOptions.NONE: "NONE",
    segmentation_pb2.TensorsToSegmentationCalculatorOptions.SIGMOID: "SIGMOID",
    segmentation_pb2.TensorsToSegmentationCalculatorOptions.SOFTMAX: "SOFTMAX",
}


@register
class TensorsToSegmentationCalculator(Calculator):
    """Takes the mask out of a segmentation model's output.

    Inputs:
        TENSORS: a list whose first tensor is float32 [1, h, w, 1 or 2].
        OUTPUT_SIZE: optional (width, height) to scale the mask to; without one there is no output.

    Outputs:
        MASK: float32 masks [h, w], in [0, 1] if the model and the activation give that.

    Options:
        mediapipe.TensorsToSegmentationCalculatorOptions
        gpu_origin: read and left aside; masks start at the top.
        activation: NONE (default) for a model that gives probabilities, SIGMOID for one with a logit,
            SOFTMAX for one with two logits.
        output_layer_index: which of two channels is the foreground, 0 or 1 (default).

    Example:
        node {
          calculator: "TensorsToSegmentationCalculator"
          input_stream: "TENSORS:mask_tensors"
          input_stream: "OUTPUT_SIZE:image_size"
          output_stream: "MASK:mask"
          node_options {
            [type.googleapis.com/mediapipe.TensorsToSegmentationCalculatorOptions] {
              activation: SOFTMAX
              output_layer_index: 1
            }
          }
        }
    """

    Options = segmentation_pb2.TensorsToSegmentationCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[TENSORS].set(list)
        if OUTPUT_SIZE in contract.inputs:
            contract.inputs[OUTPUT_SIZE].set(tuple)
        contract.outputs[MASK].set(np.ndarray)
        channel = contract.options(cls.Options).output_layer_index
        if channel not in (0, 1):
            raise GraphError(f"The option output_layer_index must be 0 or 1, not {channel}.")
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._activation = ACTIVATIONS[options.activation]
        self._channel = options.output_layer_index

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        tensors = context.inputs[TENSORS].value
        if not tensors:
            raise GraphError("The list of tensors is empty; it should hold the mask.")
        mask: NDArray[Any] = mask_from_tensor(tensors[0], self._activation, self._channel)
        if OUTPUT_SIZE in context.inputs:
            # As in the reference: linear also where the mask shrinks.
            mask = cv2.resize(mask, context.inputs[OUTPUT_SIZE].value, interpolation=cv2.INTER_LINEAR)
        context.outputs[MASK].add(mask, context.input_timestamp)
