import numpy as np
import pytest

from calculators.image.alpha import set_alpha
from tests.calculators.image.run import run_node
from tryon import GraphError

RGB = np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8)


def node(option: str, *streams: str) -> str:
    inputs = "".join(f'input_stream: "{text}" ' for text in streams)
    return f"""node {{
      calculator: "SetAlphaCalculator" input_stream: "IMAGE:in" {inputs} output_stream: "IMAGE:out"
      options {{ [mediapipe.SetAlphaCalculatorOptions.ext] {{ {option} }} }}
    }}"""


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [
        pytest.param(77, [77, 77], id="value"),
        pytest.param(np.array([[10, 255]], np.uint8), [10, 255], id="bytes"),
        pytest.param(np.array([[0.1, 0.9]], np.float32), [26, 230], id="fractions"),
        pytest.param(np.array([[-1, 1.5]], np.float32), [0, 255], id="fractions-are-clipped"),
        pytest.param(np.array([[[10, 1, 1], [20, 1, 1]]], np.uint8), [10, 20], id="first-channel"),
    ],
)
@pytest.mark.parametrize("channels", [3, 4])
def test_values(alpha, expected, channels):
    image = np.concatenate([RGB, np.full((1, 2, channels - 3), 9, np.uint8)], axis=2)
    before = image.copy()
    result = set_alpha(image, alpha)
    assert result.dtype == np.uint8
    assert result[..., :3].tolist() == RGB.tolist()
    assert result[0, :, 3].tolist() == expected
    assert np.array_equal(image, before)


@pytest.mark.parametrize(
    ("image", "alpha", "message"),
    [
        (np.zeros((2, 2), np.uint8), 9, r"uint8 \[h, w, 3 or 4\], not uint8 \[2, 2\]"),
        (np.zeros((2, 2, 3), np.float32), 9, "not float32"),
        (RGB, np.zeros((2, 2), np.uint8), r"alpha picture is \[2, 2\] .* the picture \[1, 2\]"),
    ],
)
def test_exception(image, alpha, message):
    with pytest.raises(GraphError, match=message):
        set_alpha(image, alpha)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (77, 77), (300, 255)])
def test_option(value, expected):
    outputs = run_node(node(f"alpha_value: {value}"), {"in": [(1, RGB)]})
    assert outputs["out"][0][1].tolist() == [[[1, 2, 3, expected], [4, 5, 6, expected]]]


def test_transparent_where_the_mask_is_missing():
    inputs = {"in": [(1, RGB), (2, RGB)], "mask": [(1, np.array([[10, 20]], np.uint8))]}
    outputs = run_node(node("", "ALPHA:mask"), inputs)
    assert [image[0, :, 3].tolist() for _, image in outputs["out"]] == [[10, 20], [0, 0]]


@pytest.mark.parametrize(("option", "streams"), [("", ()), ("alpha_value: 9", ("ALPHA:mask",))])
def test_either_value_or_stream(option, streams):
    with pytest.raises(GraphError, match="Must use either image mask or options alpha value"):
        run_node(node(option, *streams), {"in": [], "mask": []})
