"""Turn a picture, or a region of it, into a network's input."""

import numpy as np
from numpy.typing import DTypeLike

from calculators.formats import rect_pb2
from calculators.image.gpu import refuse_gpu
from calculators.inference import tensor_pb2
from calculators.inference.region import Region, crop_region, pad_region, region_matrix, scaled_tensor
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
NORM_RECT = "NORM_RECT"
TENSORS = "TENSORS"
TENSOR = "TENSOR"
LETTERBOX_PADDING = "LETTERBOX_PADDING"
MATRIX = "MATRIX"

# By the name of the range option: the tensor's type and what it can hold.
RANGES: dict[str, tuple[DTypeLike, float, float]] = {
    "output_tensor_float_range": (np.float32, -np.inf, np.inf),
    "output_tensor_int_range": (np.int8, -128, 127),
    "output_tensor_uint_range": (np.uint8, 0, 255),
}


@register
class ImageToTensorCalculator(Calculator):
    """Turns pictures, or a rotated rectangle of each, into tensors of a fixed size and range.

    Inputs:
        IMAGE: uint8 pictures [height, width] or [height, width, 1, 3 or 4]; a fourth channel is dropped.
        NORM_RECT: optional; NormalizedRect, the region. At a timestamp without one, or with one of width and
            height 0, there is no output.

    Outputs:
        TENSORS: a list of one tensor [1, height, width, 1 or 3]: float32, int8 or uint8; exactly one of it
            and TENSOR is connected.
        TENSOR: the tensor by itself.
        LETTERBOX_PADDING: optional; what keep_aspect_ratio added, as fractions [left, top, right, bottom] of
            the tensor's sides.
        MATRIX: optional; list of 16 floats, a 4 x 4 matrix row by row from fractions of the tensor's sides to
            fractions of the picture's.

    Options:
        mediapipe.ImageToTensorCalculatorOptions
        output_tensor_width: in pixels, > 0; default the picture's width.
        output_tensor_height: in pixels, > 0; default the picture's height.
        keep_aspect_ratio: widen the region at two sides to the tensor's proportions; default false, stretch.
        output_tensor_float_range: { min max } of a float32 tensor. One of the three ranges has to be given.
        output_tensor_int_range: { min max } in -128 to 127, of an int8 tensor.
        output_tensor_uint_range: { min max } in 0 to 255, of a uint8 tensor.
        gpu_origin: read and left aside; pictures start at the top.
        border_mode: what is outside the picture: BORDER_REPLICATE (default) its border, BORDER_ZERO black.

    Example:
        node {
          calculator: "ImageToTensorCalculator"
          input_stream: "IMAGE:image"
          output_stream: "TENSORS:tensors"
          output_stream: "LETTERBOX_PADDING:padding"
          node_options {
            [type.googleapis.com/mediapipe.ImageToTensorCalculatorOptions] {
              output_tensor_width: 192
              output_tensor_height: 192
              keep_aspect_ratio: true
              output_tensor_float_range { min: 0 max: 1 }
              border_mode: BORDER_ZERO
            }
          }
        }
    """

    Options = tensor_pb2.ImageToTensorCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract)
        contract.inputs[IMAGE].set(np.ndarray)
        if NORM_RECT in contract.inputs:
            contract.inputs[NORM_RECT].set(rect_pb2.NormalizedRect)
        if (TENSORS in contract.outputs) == (TENSOR in contract.outputs):
            raise GraphError("One and only one of TENSOR or TENSORS should be set: connect one of them.")
        if TENSORS in contract.outputs:
            contract.outputs[TENSORS].set(list)
        else:
            contract.outputs[TENSOR].set(np.ndarray)
        for tag in (LETTERBOX_PADDING, MATRIX):
            if tag in contract.outputs:
                contract.outputs[tag].set(list[float])
        _check(contract.options(cls.Options))
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        kind = self._options.WhichOneof("range") or ""
        self._dtype, _, _ = RANGES[kind]
        limits = getattr(self._options, kind)
        self._low, self._high = float(limits.min), float(limits.max)

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        image, options = context.inputs[IMAGE].value, self._options
        height, width = image.shape[:2]
        region = Region(width / 2, height / 2, width, height)
        if NORM_RECT in context.inputs:
            rect = context.inputs[NORM_RECT].value
            if rect.width == 0 and rect.height == 0:
                return
            region = Region(
                rect.x_center * width,
                rect.y_center * height,
                rect.width * width,
                rect.height * height,
                rect.rotation,
            )
        size = options.output_tensor_width or width, options.output_tensor_height or height
        padding = (0.0, 0.0, 0.0, 0.0)
        if options.keep_aspect_ratio:
            region, padding = pad_region(region, size)
        crop = crop_region(image, region, size, options.border_mode != self.Options.BORDER_ZERO)
        tensor = scaled_tensor(crop, self._low, self._high, self._dtype)
        values = {
            TENSORS: [tensor],
            TENSOR: tensor,
            LETTERBOX_PADDING: list(padding),
            MATRIX: region_matrix(region, (width, height)),
        }
        for tag, value in values.items():
            if tag in context.outputs:
                context.outputs[tag].add(value, context.input_timestamp)


def _check(options: tensor_pb2.ImageToTensorCalculatorOptions) -> None:
    """Raises GraphError where an option is missing or out of range."""
    for name, is_given, pixels in (
        ("output_tensor_width", options.HasField("output_tensor_width"), options.output_tensor_width),
        ("output_tensor_height", options.HasField("output_tensor_height"), options.output_tensor_height),
    ):
        if is_given and pixels <= 0:
            raise GraphError(f"The option {name} must be larger than 0, not {pixels}.")
    kind = options.WhichOneof("range")
    if kind is None:
        raise GraphError(f"The range of the tensor is missing; give one of the options {', '.join(RANGES)}.")
    limits = getattr(options, kind)
    _, lowest, highest = RANGES[kind]
    if not lowest <= limits.min < limits.max <= highest:
        inside = f" within {lowest:g} to {highest:g}" if np.isfinite(highest) else ""
        raise GraphError(
            f"The option {kind} needs min < max{inside}; it has min {limits.min:g} and max {limits.max:g}."
        )
