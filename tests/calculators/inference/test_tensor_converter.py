import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

IMAGE = np.array([[[0, 51, 255, 7]], [[102, 0, 0, 7]]], np.uint8)
MATRIX = np.array([[1, 2, 3], [4, 5, 6]], np.float32)


def convert(options, value=IMAGE, stream="IMAGE", output="TENSORS"):
    node = f"""node {{
      calculator: "TensorConverterCalculator" input_stream: "{stream}:in" output_stream: "{output}:out"
      options {{ [mediapipe.TensorConverterCalculatorOptions.ext] {{ {options} }} }}
    }}"""
    return run_node(node, {"in": [(1, value)]})["out"][0][1]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [-1, -0.6, 1]),
        ("zero_center: false", [0, 0.2, 1]),
        ("output_tensor_float_range { min: 0 max: 255 }", [0, 51, 255]),
        ("use_custom_normalization: true custom_div: 51 custom_sub: 2", [-2, -1, 3]),
        (
            "use_custom_normalization: true custom_div: 51 custom_sub: 2 "
            "output_tensor_float_range { min: 0 max: 1 }",
            [-2, -1, 3],
        ),
        ("zero_center: false flip_vertically: true", [0.4, 0, 0]),
        ("zero_center: false use_quantized_tensors: true gpu_origin: TOP_LEFT", [0, 0.2, 1]),
    ],
)
def test_values(options, expected):
    (tensor,) = convert(options)
    assert tensor.dtype == np.float32
    assert tensor[0, 0, 0].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("options", "image", "shape"),
    [
        ("", IMAGE, (1, 2, 1, 3)),
        ("max_num_channels: 4", IMAGE, (1, 2, 1, 4)),
        ("max_num_channels: 1", IMAGE, (1, 2, 1, 1)),
        ("", IMAGE[..., 0], (1, 2, 1, 1)),
        ("", IMAGE.astype(np.float32), (1, 2, 1, 3)),
    ],
)
def test_shape(options, image, shape):
    assert convert(options, image)[0].shape == shape
    assert convert(options, image, output="TENSOR").shape == shape


@pytest.mark.parametrize(
    ("options", "expected"), [("", [1, 4, 2, 5, 3, 6]), ("row_major_matrix: true", [1, 2, 3, 4, 5, 6])]
)
def test_matrix(options, expected):
    (tensor,) = convert(options, MATRIX, "MATRIX")
    assert (tensor.shape, tensor.ravel().tolist()) == ((1, 2, 3, 1), expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("max_num_channels: 2", "max_num_channels must be 1, 3 or 4, not 2"),
        ("output_tensor_float_range { min: 1 max: 1 }", "needs min < max; it has min 1 and max 1"),
        ("use_custom_normalization: true custom_div: 0", "custom_div must not be 0"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(GraphError, match=message):
        convert(options)


@pytest.mark.parametrize(
    ("value", "stream", "message"),
    [
        (IMAGE.astype(np.float64), "IMAGE", r"uint8 or float32 .* not float64 \[2, 1, 4\]"),
        (IMAGE, "MATRIX", r"2 dimensions, not shape \[2, 1, 4\]"),
        (IMAGE, "IMAGE_GPU", "IMAGE_GPU is not available"),
        (IMAGE, "NOPE", "exactly one of the input streams IMAGE and MATRIX"),
    ],
)
def test_bad_input(value, stream, message):
    with pytest.raises(GraphError, match=message):
        convert("", value, stream)
