"""Turn a picture or a matrix into a network's input, pixel by pixel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calculators.image.gpu import refuse_gpu
from calculators.inference import tensor_pb2
from calculators.inference.region import scaled_tensor
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
MATRIX = "MATRIX"
TENSORS = "TENSORS"
TENSOR = "TENSOR"


@register
class TensorConverterCalculator(Calculator):
    """Turns pictures or matrices into float32 tensors of their size.

    To scale, or to take a region, use ImageToTensorCalculator.

    Inputs:
        IMAGE: uint8 or float32 pictures [height, width] or [height, width, channels]; exactly one of it and
            MATRIX is connected. Both types are scaled as if white were 255.
        MATRIX: float32 [rows, columns].

    Outputs:
        TENSORS: a list of one float32 tensor [1, height, width, channels], or [1, rows, columns, 1]; exactly
            one of it and TENSOR is connected.
        TENSOR: the tensor by itself.

    Options:
        mediapipe.TensorConverterCalculatorOptions
        zero_center: black to white becomes -1 to 1 (default true), else 0 to 1.
        use_custom_normalization: a pixel becomes pixel / custom_div - custom_sub; default false.
        custom_div: not 0; default -1.
        custom_sub: default -1.
        flip_vertically: swap top and bottom; default false.
        gpu_origin: read and left aside; pictures start at the top.
        max_num_channels: the first 1, 3 (default) or 4 channels are taken.
        row_major_matrix: a matrix fills the tensor row by row; default false, column by column.
        use_quantized_tensors: read and left aside; tensors are float32.
        output_tensor_float_range: { min max } in the place of zero_center.

    Example:
        node {
          calculator: "TensorConverterCalculator"
          input_stream: "IMAGE:image"
          output_stream: "TENSORS:tensors"
          node_options {
            [type.googleapis.com/mediapipe.TensorConverterCalculatorOptions] {
              output_tensor_float_range { min: 0 max: 1 }
            }
          }
        }
    """

    Options = tensor_pb2.TensorConverterCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        refuse_gpu(contract)
        if (IMAGE in contract.inputs) == (MATRIX in contract.inputs):
            raise GraphError("Connect exactly one of the input streams IMAGE and MATRIX.")
        contract.inputs[IMAGE if IMAGE in contract.inputs else MATRIX].set(np.ndarray)
        if (TENSORS in contract.outputs) == (TENSOR in contract.outputs):
            raise GraphError("One and only one of TENSOR or TENSORS should be set: connect one of them.")
        if TENSORS in contract.outputs:
            contract.outputs[TENSORS].set(list)
        else:
            contract.outputs[TENSOR].set(np.ndarray)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options = self._options = context.options(self.Options)
        if options.max_num_channels not in (1, 3, 4):
            raise GraphError(
                f"The option max_num_channels must be 1, 3 or 4, not {options.max_num_channels}."
            )
        self._low, self._high = -1.0 if options.zero_center else 0.0, 1.0
        if options.HasField("output_tensor_float_range"):
            limits = options.output_tensor_float_range
            if limits.max <= limits.min:
                raise GraphError(
                    "The option output_tensor_float_range needs min < max; "
                    f"it has min {limits.min:g} and max {limits.max:g}."
                )
            self._low, self._high = limits.min, limits.max
        if options.use_custom_normalization:
            if options.custom_div == 0:
                raise GraphError("The option custom_div must not be 0.")
            self._low = -options.custom_sub
            self._high = 255 / options.custom_div - options.custom_sub

    def process(self, context: CalculatorContext) -> None:
        stream = context.inputs[IMAGE if IMAGE in context.inputs else MATRIX]
        if stream.is_empty:
            return
        convert = self._image_tensor if IMAGE in context.inputs else self._matrix_tensor
        tensor = convert(stream.value)
        if TENSORS in context.outputs:
            context.outputs[TENSORS].add([tensor], context.input_timestamp)
        else:
            context.outputs[TENSOR].add(tensor, context.input_timestamp)

    def _image_tensor(self, image: NDArray[Any]) -> NDArray[np.float32]:
        if image.ndim not in (2, 3) or image.dtype not in (np.uint8, np.float32):
            raise GraphError(
                f"The picture must be uint8 or float32 [h, w] or [h, w, channels], not {image.dtype} "
                f"{list(image.shape)}."
            )
        image = np.atleast_3d(image)[..., : self._options.max_num_channels]
        return scaled_tensor(image[::-1] if self._options.flip_vertically else image, self._low, self._high)

    def _matrix_tensor(self, matrix: NDArray[Any]) -> NDArray[np.float32]:
        if matrix.ndim != 2:
            raise GraphError(f"The matrix must have 2 dimensions, not shape {list(matrix.shape)}.")
        values = np.ravel(matrix, order="C" if self._options.row_major_matrix else "F")
        return values.astype(np.float32).reshape(1, *matrix.shape, 1)
