import numpy as np
import pytest

from calculators.formats import rect_pb2
from tests.calculators.image.run import run_node
from tryon import GraphError

IMAGE = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
RANGE = "output_tensor_float_range { min: 0 max: 255 }"


def node(options, streams=""):
    return f"""node {{
      calculator: "ImageToTensorCalculator" input_stream: "IMAGE:in" output_stream: "TENSORS:out" {streams}
      options {{ [mediapipe.ImageToTensorCalculatorOptions.ext] {{ {options} }} }}
    }}"""


def convert(options, image=IMAGE):
    return run_node(node(options), {"in": [(1, image)]})["out"]


def test_smoke():
    ((timestamp, (tensor,)),) = convert(RANGE)
    assert (timestamp, tensor.shape, tensor.dtype) == (1, (1, 3, 4, 3), np.float32)
    assert (tensor[0] == IMAGE).all()
    assert IMAGE[0, 0, 0] == 0, "the input stays"


@pytest.mark.parametrize(
    ("options", "dtype", "white"),
    [
        ("output_tensor_float_range { min: -1 max: 1 }", np.float32, 1),
        ("output_tensor_int_range { min: -128 max: 127 }", np.int8, 127),
        ("output_tensor_uint_range { min: 0 max: 255 }", np.uint8, 255),
        ("output_tensor_float_range { max: 2 } gpu_origin: TOP_LEFT", np.float32, 2),
    ],
)
def test_values(options, dtype, white):
    ((_, (tensor,)),) = convert(options, np.full((2, 2, 3), 255, np.uint8))
    assert tensor.dtype == dtype
    assert (tensor == white).all()


@pytest.mark.parametrize(
    ("options", "image", "shape"),
    [
        ("output_tensor_width: 5 output_tensor_height: 6", IMAGE, (1, 6, 5, 3)),
        ("output_tensor_width: 5", IMAGE, (1, 3, 5, 3)),
        ("", IMAGE[..., 0], (1, 3, 4, 1)),
        ("", np.zeros((3, 4, 4), np.uint8), (1, 3, 4, 3)),
    ],
)
def test_shape(options, image, shape):
    assert convert(f"{options} {RANGE}", image)[0][1][0].shape == shape


def test_single_tensor():
    text = node(RANGE).replace("TENSORS:out", "TENSOR:out")
    assert run_node(text, {"in": [(1, IMAGE)]})["out"][0][1].shape == (1, 3, 4, 3)


@pytest.mark.parametrize(
    ("border", "corner"), [("", 255), ("border_mode: BORDER_REPLICATE", 255), ("border_mode: BORDER_ZERO", 0)]
)
def test_letterbox(border, corner):
    options = f"output_tensor_width: 4 output_tensor_height: 8 keep_aspect_ratio: true {border} {RANGE}"
    text = node(options, 'output_stream: "LETTERBOX_PADDING:padding" output_stream: "MATRIX:matrix"')
    outputs = run_node(text, {"in": [(1, np.full((2, 2, 3), 255, np.uint8))]})
    assert outputs["padding"] == [(1, [0, 0.25, 0, 0.25])]
    assert outputs["out"][0][1][0][0, 0, 0, 0] == corner
    matrix = np.array(outputs["matrix"][0][1]).reshape(4, 4)
    assert np.allclose(matrix[1], [0, 2, 0, -0.5])


def test_rectangle():
    """Timestamps without one, and with an empty one, give nothing."""
    rect = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=0.5, height=1)
    empty = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=0, height=0)
    inputs = {"in": [(t, IMAGE) for t in (1, 2, 3)], "rect": [(1, rect), (3, empty)]}
    options = f"output_tensor_width: 2 {RANGE}"
    ((timestamp, (tensor,)),) = run_node(node(options, 'input_stream: "NORM_RECT:rect"'), inputs)["out"]
    assert timestamp == 1
    assert (tensor[0] == IMAGE[:, 1:3]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "The range of the tensor is missing"),
        ("output_tensor_float_range { min: 1 max: 1 }", "needs min < max; it has min 1 and max 1"),
        ("output_tensor_int_range { min: -129 max: 0 }", "min < max within -128 to 127"),
        ("output_tensor_uint_range { min: 0 max: 256 }", "min < max within 0 to 255"),
        (f"output_tensor_width: 0 {RANGE}", "output_tensor_width must be larger than 0, not 0"),
        (f"output_tensor_height: -2 {RANGE}", "output_tensor_height must be larger than 0, not -2"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(GraphError, match=message):
        convert(options)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("IMAGE:in", "IMAGE_GPU:in", "IMAGE_GPU is not available, .* use IMAGE"),
        ('output_stream: "TENSORS:out"', "", "One and only one of TENSOR or TENSORS"),
    ],
)
def test_bad_streams(old, new, message):
    with pytest.raises(GraphError, match=message):
        run_node(node(RANGE).replace(old, new), {"in": []})
