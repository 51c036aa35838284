from fractions import Fraction

import numpy as np
import pytest

from calculators.video.header import VideoHeader
from tests.calculators.image.run import run_node
from tryon import GraphError, Timestamp

IMAGE = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)


def node(options: str = "", streams: str = "") -> str:
    return f"""node {{
      calculator: "ImageTransformationCalculator"
      input_stream: "IMAGE:in"
      output_stream: "IMAGE:out"
      {streams}
      options {{ [mediapipe.ImageTransformationCalculatorOptions.ext] {{ {options} }} }}
    }}"""


def transform(options: str = "", streams: str = "", side_packets=None, **inputs):
    outputs = run_node(node(options, streams), {"in": [(1, IMAGE)], **inputs}, side_packets)
    return [(timestamp, image.tolist()) for timestamp, image in outputs["out"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [[1, 2, 3], [4, 5, 6]]),
        ("rotation_mode: ROTATION_90", [[3, 6], [2, 5], [1, 4]]),
        ("rotation_mode: ROTATION_90 flip_horizontally: true", [[6, 3], [5, 2], [4, 1]]),
        ("flip_vertically: true", [[4, 5, 6], [1, 2, 3]]),
        ("output_width: 5", [[1, 2, 3], [4, 5, 6]]),
        ("output_width: 3 output_height: 1", [[3, 4, 5]]),
        ("output_width: 3 output_height: 1 interpolation_mode: NEAREST", [[1, 2, 3]]),
        ("output_width: 3 output_height: 4 scale_mode: FIT", [[0, 0, 0], [1, 2, 3], [4, 5, 6], [0, 0, 0]]),
        (
            "output_width: 3 output_height: 3 scale_mode: FIT padding_color { red: 9 }",
            [[1, 2, 3], [4, 5, 6], [9, 9, 9]],
        ),
        (
            "output_width: 3 output_height: 3 scale_mode: FIT constant_padding: false",
            [[1, 2, 3], [4, 5, 6], [4, 5, 6]],
        ),
        ("output_width: 1 output_height: 2 scale_mode: FILL_AND_CROP", [[2], [5]]),
        # The output's size is that after the rotation; the whole picture is kept.
        ("output_width: 2 output_height: 3 rotation_mode: ROTATION_90", [[3, 6], [2, 5], [1, 4]]),
        (
            "output_width: 4 output_height: 3 scale_mode: FIT rotation_mode: ROTATION_90",
            [[0, 3, 6, 0], [0, 2, 5, 0], [0, 1, 4, 0]],
        ),
    ],
)
def test_values(options, expected):
    assert transform(options) == [(1, expected)]


def test_identity_is_the_same_picture():
    outputs = run_node(node(), {"in": [(1, IMAGE)]})
    assert outputs["out"][0][1] is IMAGE


def test_empty_picture():
    with pytest.raises(GraphError, match=r"The picture is empty: its shape is \[0, 4, 3\]\."):
        run_node(node(), {"in": [(1, np.zeros((0, 4, 3), np.uint8))]})


def test_letterbox_padding():
    streams = 'output_stream: "LETTERBOX_PADDING:padding"'
    fit = "output_width: 4 output_height: 4 scale_mode: FIT rotation_mode: ROTATION_90"
    picture = {"in": [(1, np.zeros((2, 4), np.uint8))]}
    assert run_node(node(fit, streams), picture)["padding"] == [(1, [0.25, 0, 0.25, 0])]
    stretch = "output_width: 4 output_height: 4"
    assert run_node(node(stretch, streams), picture)["padding"] == [(1, [0, 0, 0, 0])]


@pytest.mark.parametrize(
    ("tag", "value", "expected"),
    [
        ("OUTPUT_DIMENSIONS", (3, 1), [[3, 4, 5]]),
        ("OUTPUT_DIMENSIONS", [3, 1], [[3, 4, 5]]),
        ("ROTATION_DEGREES", 270, [[4, 1], [5, 2], [6, 3]]),
        ("FLIP_HORIZONTALLY", True, [[3, 2, 1], [6, 5, 4]]),
        ("FLIP_VERTICALLY", True, [[4, 5, 6], [1, 2, 3]]),
    ],
)
def test_settings_from_packets(tag, value, expected):
    assert transform("", f'input_side_packet: "{tag}:value"', {"value": value}) == [(1, expected)]
    assert transform("", f'input_stream: "{tag}:value"', value=[(1, value)]) == [(1, expected)]


def test_side_packet_wins_over_option():
    side = 'input_side_packet: "ROTATION_DEGREES:degrees"'
    assert transform("rotation_mode: ROTATION_90", side, {"degrees": 0}) == [(1, IMAGE.tolist())]


def test_stream_value_holds_until_the_next():
    inputs = {"in": [(t, IMAGE[:1]) for t in (1, 2, 3)], "flip": [(1, True), (3, False)]}
    outputs = run_node(node(streams='input_stream: "FLIP_HORIZONTALLY:flip"'), inputs)
    assert [image.tolist() for _, image in outputs["out"]] == [[[3, 2, 1]], [[3, 2, 1]], [[1, 2, 3]]]


def test_no_output_without_dimensions():
    inputs = {"in": [(1, IMAGE), (2, IMAGE)], "size": [(2, (3, 1))]}
    outputs = run_node(node(streams='input_stream: "OUTPUT_DIMENSIONS:size"'), inputs)
    assert [timestamp for timestamp, _ in outputs["out"]] == [2]


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ("", (640, 480)),
        ("rotation_mode: ROTATION_270", (480, 640)),
        ("rotation_mode: ROTATION_180", (640, 480)),
        ("output_width: 256 output_height: 128 rotation_mode: ROTATION_90", (256, 128)),
    ],
)
def test_video_header_tells_the_new_size(options, size):
    streams = 'input_stream: "VIDEO_PRESTREAM:header" output_stream: "VIDEO_PRESTREAM:header_out"'
    header = VideoHeader(640, 480, Fraction(30))
    inputs = {"header": [(Timestamp.PRESTREAM, header)], "in": [(1, IMAGE)]}
    outputs = run_node(node(options, streams), inputs)
    assert outputs["header_out"] == [(Timestamp.PRESTREAM, VideoHeader(*size, Fraction(30)))]
    assert len(outputs["out"]) == 1


@pytest.mark.parametrize(
    ("streams", "message"),
    [
        ('input_stream: "VIDEO_PRESTREAM:value"', "both as an input and as an output stream"),
        (
            'input_stream: "VIDEO_PRESTREAM:value" output_stream: "VIDEO_PRESTREAM:header" '
            'input_stream: "ROTATION_DEGREES:degrees"',
            "the same for every frame",
        ),
        ('input_stream: "ANGLE:value"', "ANGLE"),
    ],
)
def test_bad_node(streams, message):
    with pytest.raises(GraphError, match=message):
        transform("", streams, value=[], degrees=[])


def test_no_output_stream():
    with pytest.raises(GraphError, match="IMAGE"):
        run_node('node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" }', {"in": []})
