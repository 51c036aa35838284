"""Where the boxes of a detector are measured from."""

import numpy as np

from calculators.face import detection_pb2
from calculators.face.anchors import ssd_anchors
from tryon import (
    STOP,
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    ProcessStatus,
    register,
)


@register
class SsdAnchorsCalculator(Calculator):
    """Makes the anchors of a detector once: the places and sizes that its boxes are measured from.

    Output side packets:
        0: float32 [n, 4]: x and y of the middle, width and height, in shares of the detector's input.

    Options:
        mediapipe.SsdAnchorsCalculatorOptions
        input_size_width: of the detector's input in pixels, > 0.
        input_size_height: of the detector's input in pixels, > 0.
        min_scale: size of the first layer's anchors, in shares of the input.
        max_scale: size of the last layer's anchors; those between lie evenly.
        anchor_offset_x: where in its cell an anchor lies, in cells, default 0.5.
        anchor_offset_y: the same from the top, default 0.5.
        num_layers: how many layers there are, as many as strides.
        strides: pixels from one cell to the next, for each layer, > 0; layers of one stride share cells.
        aspect_ratios: width over height, an anchor each, > 0.
        interpolated_scale_aspect_ratio: of one more anchor between two layers' sizes, default 1; 0 for none.
        fixed_anchor_size: all anchors are as large as the input, default false.

    Example:
        node {
          calculator: "SsdAnchorsCalculator"
          output_side_packet: "anchors"
          node_options {
            [type.googleapis.com/mediapipe.SsdAnchorsCalculatorOptions] {
              input_size_width: 224 input_size_height: 224
              min_scale: 1 max_scale: 1
              num_layers: 1 strides: 8 aspect_ratios: 1
              interpolated_scale_aspect_ratio: 0
              fixed_anchor_size: true
            }
          }
        }
    """

    Options = detection_pb2.SsdAnchorsCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.output_side_packets[0].set(np.ndarray)
        options = contract.options(cls.Options)
        for name in ("input_size_width", "input_size_height", "num_layers"):
            if getattr(options, name) < 1:
                raise GraphError(f"{name} is {getattr(options, name)}; it must be at least 1.")
        if len(options.strides) != options.num_layers:
            raise GraphError(
                f"There are {len(options.strides)} strides for {options.num_layers} layers; give as many."
            )
        if min([*options.strides, *options.aspect_ratios]) <= 0:
            raise GraphError("strides and aspect_ratios must be larger than 0.")

    def open(self, context: CalculatorContext) -> None:
        context.output_side_packets[0].set(ssd_anchors(context.options(self.Options)))

    def process(self, context: CalculatorContext) -> ProcessStatus:
        return STOP
