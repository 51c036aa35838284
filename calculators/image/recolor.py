"""Paint a part of a picture with one colour."""

import numpy as np

from calculators.image import image_pb2
from calculators.image.gpu import refuse_gpu
from calculators.image.recoloring import Color, recolor
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
MASK = "MASK"

CHANNELS = {image_pb2.RecolorCalculatorOptions.RED: 0, image_pb2.RecolorCalculatorOptions.ALPHA: 3}


@register
class RecolorCalculator(Calculator):
    """Paints the masked part of pictures with one colour: light pixels more, dark ones less.

    The quick way to see a mask; for shades that look like hair, LutApplicationCalculator.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        MASK: uint8 or float32 masks [h, w] or [h, w, channels], 0 to 1 (255), scaled to the frame. At a
            timestamp without one the frame passes unchanged.

    Outputs:
        IMAGE: RGB uint8 frames [height, width, 3].

    Options:
        mediapipe.RecolorCalculatorOptions
        mask_channel: RED (default), the first channel, or ALPHA, the fourth, of a mask with several.
        color: { r g b } of 0 to 255; required.
        invert_mask: paint where the mask is 0; default false.
        adjust_with_luminance: the darker a pixel, the less paint; default true.

    Example:
        node {
          calculator: "RecolorCalculator"
          input_stream: "IMAGE:image"
          input_stream: "MASK:hair_mask"
          output_stream: "IMAGE:recolored_image"
          node_options {
            [type.googleapis.com/mediapipe.RecolorCalculatorOptions] {
              color { r: 0 g: 0 b: 255 }
              mask_channel: RED
            }
          }
        }
    """

    Options = image_pb2.RecolorCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract)
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._paint = paint_options(context.options(self.Options))

    def process(self, context: CalculatorContext) -> None:
        image, mask = context.inputs[IMAGE], context.inputs[MASK]
        if image.is_empty:
            return
        if mask.is_empty:
            context.outputs[IMAGE].add_packet(image.packet)
            return
        painted = recolor(image.value, mask.value, *self._paint)
        context.outputs[IMAGE].add(painted, context.input_timestamp)


def paint_options(options: image_pb2.RecolorCalculatorOptions) -> tuple[Color, int, bool, bool]:
    """The colour, the mask's channel, whether the mask is inverted, and whether dark stays dark.

    Raises:
        GraphError: there is no colour, or an option is out of its range.
    """
    if not options.HasField("color"):
        raise GraphError("Missing color option: give color { r: 0 g: 0 b: 255 } or another.")
    color = options.color.r, options.color.g, options.color.b
    if not all(0 <= value <= 255 for value in color):
        raise GraphError(f"The option color must have r, g, b of 0 to 255, not {color}.")
    if options.mask_channel not in CHANNELS:
        raise GraphError("The option mask_channel must be RED or ALPHA.")
    return color, CHANNELS[options.mask_channel], options.invert_mask, options.adjust_with_luminance
