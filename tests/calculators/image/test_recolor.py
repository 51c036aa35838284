import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

WHITE = np.full((1, 2, 3), 255, np.uint8)
MASK = np.array([[1, 0]], np.float32)


def paint(options, masks=((1, MASK),), image=WHITE):
    node = f"""node {{
      calculator: "RecolorCalculator"
      input_stream: "IMAGE:in" input_stream: "MASK:mask" output_stream: "IMAGE:out"
      options {{ [mediapipe.RecolorCalculatorOptions.ext] {{ {options} }} }}
    }}"""
    return [value for _, value in run_node(node, {"in": [(1, image)], "mask": masks})["out"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("color { b: 255 }", [[0, 0, 255], [255, 255, 255]]),
        ("color { r: 1 g: 2 b: 3 } invert_mask: true", [[255, 255, 255], [1, 2, 3]]),
        ("color { b: 255 } adjust_with_luminance: false", [[0, 0, 255], [255, 255, 255]]),
    ],
)
def test_values(options, expected):
    assert paint(options)[0].tolist() == [expected]


def test_dark_pixels_keep_their_color():
    black = np.zeros((1, 2, 3), np.uint8)
    assert (paint("color { b: 255 }", image=black)[0] == 0).all()
    assert paint("color { b: 255 } adjust_with_luminance: false", image=black)[0][0, 0].tolist() == [
        0,
        0,
        255,
    ]


def test_alpha_channel():
    mask = np.zeros((1, 2, 4), np.uint8)
    mask[0, 1, 3] = 255
    image = paint("color { b: 255 } mask_channel: ALPHA", [(1, mask)])[0]
    assert image.tolist() == [[[255, 255, 255], [0, 0, 255]]]


def test_without_a_mask_the_frame_passes():
    assert paint("color { b: 255 }", [])[0] is WHITE


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "Missing color option"),
        ("color { r: 256 }", "r, g, b of 0 to 255"),
        ("color {} mask_channel: UNKNOWN", "mask_channel must be RED or ALPHA"),
    ],
)
def test_exception(options, message):
    with pytest.raises(GraphError, match=message):
        paint(options)
