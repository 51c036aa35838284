"""Rotate, scale and flip pictures."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from calculators.image import image_pb2
from calculators.image.gpu import refuse_gpu
from calculators.image.transform import fill, fit, flip, letterbox_padding, resize, rotate
from calculators.video.header import VideoHeader
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
VIDEO_PRESTREAM = "VIDEO_PRESTREAM"
OUTPUT_DIMENSIONS = "OUTPUT_DIMENSIONS"
ROTATION_DEGREES = "ROTATION_DEGREES"
FLIP_HORIZONTALLY = "FLIP_HORIZONTALLY"
FLIP_VERTICALLY = "FLIP_VERTICALLY"
LETTERBOX_PADDING = "LETTERBOX_PADDING"

SETTINGS: dict[str, tuple[type, ...]] = {
    OUTPUT_DIMENSIONS: (tuple, list),
    ROTATION_DEGREES: (int,),
    FLIP_HORIZONTALLY: (bool,),
    FLIP_VERTICALLY: (bool,),
}


@register
class ImageTransformationCalculator(Calculator):
    """Rotates, then scales, then flips pictures.

    A setting can come from the options, from a side packet, which wins over the options, or from a stream,
    whose value holds until its next packet.

    Inputs:
        IMAGE: uint8 or float32 pictures [height, width] or [height, width, channels].
        OUTPUT_DIMENSIONS: optional (width, height) to scale to; without one there is no output.
        ROTATION_DEGREES: optional counter-clockwise angle: 0, 90, 180 or 270; others do not rotate.
        FLIP_HORIZONTALLY: optional bool.
        FLIP_VERTICALLY: optional bool.
        VIDEO_PRESTREAM: optional; the video's header, for a size and rotation that do not come from streams.

    Outputs:
        IMAGE: the transformed pictures, of the same type; the same object where nothing changes.
        LETTERBOX_PADDING: optional; the bars added by FIT as fractions [left, top, right, bottom].
        VIDEO_PRESTREAM: the header with the size that the frames will have; goes with the input.

    Input side packets:
        OUTPUT_DIMENSIONS: optional (width, height).
        ROTATION_DEGREES: optional angle.
        FLIP_HORIZONTALLY: optional bool.
        FLIP_VERTICALLY: optional bool.

    Options:
        mediapipe.ImageTransformationCalculatorOptions
        output_width: width in pixels to scale to, together with output_height; 0 (default) does not scale.
        output_height: height in pixels to scale to; 0 (default) does not scale.
        rotation_mode: ROTATION_0, ROTATION_90, ROTATION_180 or ROTATION_270, counter-clockwise; default
            UNKNOWN, not rotated.
        flip_vertically: swap top and bottom; default false.
        flip_horizontally: swap left and right; default false.
        scale_mode: STRETCH (also DEFAULT, the default), FIT (bars) or FILL_AND_CROP.
        constant_padding: bars of padding_color (default true), else of the border pixels.
        padding_color: colour of the bars, { red green blue } of 0 to 255; default black.
        interpolation_mode: DEFAULT (default, as LINEAR): the mean over the area when both sides shrink, else
            linear; NEAREST for label pictures.

    Example:
        node {
          calculator: "ImageTransformationCalculator"
          input_stream: "IMAGE:image"
          output_stream: "IMAGE:small_image"
          output_stream: "LETTERBOX_PADDING:padding"
          node_options {
            [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions] {
              output_width: 256
              output_height: 256
              scale_mode: FIT
            }
          }
        }
    """

    Options = image_pb2.ImageTransformationCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract)
        contract.inputs[IMAGE].set(np.ndarray)
        contract.outputs[IMAGE].set(np.ndarray)
        for tag, types in SETTINGS.items():
            if tag in contract.inputs:
                contract.inputs[tag].set(*types)
            if tag in contract.input_side_packets:
                contract.input_side_packets[tag].set(*types)
        if LETTERBOX_PADDING in contract.outputs:
            contract.outputs[LETTERBOX_PADDING].set(list[float])
        if (VIDEO_PRESTREAM in contract.inputs) != (VIDEO_PRESTREAM in contract.outputs):
            raise GraphError(
                "VIDEO_PRESTREAM is given both as an input and as an output stream, or not at all."
            )
        if VIDEO_PRESTREAM in contract.inputs:
            if OUTPUT_DIMENSIONS in contract.inputs or ROTATION_DEGREES in contract.inputs:
                raise GraphError(
                    "With VIDEO_PRESTREAM the size and the rotation are the same for every frame: give "
                    "OUTPUT_DIMENSIONS and ROTATION_DEGREES as options or side packets, not as streams."
                )
            contract.inputs[VIDEO_PRESTREAM].set(VideoHeader)
            contract.outputs[VIDEO_PRESTREAM].set(VideoHeader)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._settings: dict[str, Any] = {
            OUTPUT_DIMENSIONS: (options.output_width, options.output_height),
            ROTATION_DEGREES: 90 * max(0, options.rotation_mode - image_pb2.RotationMode.ROTATION_0),
            FLIP_HORIZONTALLY: options.flip_horizontally,
            FLIP_VERTICALLY: options.flip_vertically,
        }
        side_packets = context.input_side_packets
        self._settings |= {tag: side_packets[tag].value for tag in SETTINGS if tag in side_packets}
        self._streams = [tag for tag in SETTINGS if tag in context.inputs]
        color = options.padding_color
        padding_color = (color.red, color.green, color.blue) if options.constant_padding else None
        nearest = options.interpolation_mode == self.Options.NEAREST
        self._fits = options.scale_mode == image_pb2.ScaleMode.FIT
        if self._fits:
            self._scale = partial(fit, padding_color=padding_color, nearest=nearest)
        else:
            fills = options.scale_mode == image_pb2.ScaleMode.FILL_AND_CROP
            self._scale = partial(fill if fills else resize, nearest=nearest)

    def process(self, context: CalculatorContext) -> None:
        for tag in self._streams:
            if not context.inputs[tag].is_empty:
                self._settings[tag] = context.inputs[tag].value
            elif tag == OUTPUT_DIMENSIONS:
                return
        if VIDEO_PRESTREAM in context.inputs and not context.inputs[VIDEO_PRESTREAM].is_empty:
            header = self._output_header(context.inputs[VIDEO_PRESTREAM].value)
            context.outputs[VIDEO_PRESTREAM].add(header, context.input_timestamp)
        if context.inputs[IMAGE].is_empty:
            return
        settings = self._settings
        image = context.inputs[IMAGE].value
        if not image.size:
            raise GraphError(f"The picture is empty: its shape is {list(image.shape)}.")
        image = rotate(image, settings[ROTATION_DEGREES])
        size = tuple(settings[OUTPUT_DIMENSIONS])
        padding = (0.0, 0.0, 0.0, 0.0)
        if size[0] > 0 and size[1] > 0:
            if self._fits:
                padding = letterbox_padding((image.shape[1], image.shape[0]), size)
            image = self._scale(image, size)
        image = flip(image, settings[FLIP_HORIZONTALLY], settings[FLIP_VERTICALLY])
        context.outputs[IMAGE].add(image, context.input_timestamp)
        if LETTERBOX_PADDING in context.outputs:
            context.outputs[LETTERBOX_PADDING].add(list(padding), context.input_timestamp)

    def _output_header(self, header: VideoHeader) -> VideoHeader:
        """The header of the video after the transformation."""
        width, height = self._settings[OUTPUT_DIMENSIONS]
        if width <= 0 or height <= 0:
            width, height = header.width, header.height
            if self._settings[ROTATION_DEGREES] in (90, 270):
                width, height = height, width
        return replace(header, width=width, height=height)
