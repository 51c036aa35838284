import pytest

from calculators.formats import rect_pb2
from tests.calculators.image.run import run_node
from tryon import GraphError

RECT = rect_pb2.Rect(x_center=5, y_center=4, width=2, height=3)
NORM_RECT = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=0.25, height=0.5)


def node(streams, options=""):
    return f"""node {{
      calculator: "RectTransformationCalculator" {streams} output_stream: "out"
      options {{ [mediapipe.RectTransformationCalculatorOptions.ext] {{ {options} }} }}
    }}"""


@pytest.mark.parametrize(("tag", "value"), [("RECT", RECT), ("RECTS", [RECT, RECT]), ("RECTS", [])])
def test_pixels(tag, value):
    outputs = run_node(node(f'input_stream: "{tag}:in"'), {"in": [(1, value)]})
    assert outputs["out"] == [(1, value)]


@pytest.mark.parametrize(("tag", "value"), [("NORM_RECT", NORM_RECT), ("NORM_RECTS", [NORM_RECT])])
def test_normalized(tag, value):
    """Without the size of the picture there is no output."""
    streams = f'input_stream: "{tag}:in" input_stream: "IMAGE_SIZE:size"'
    inputs = {"in": [(1, value), (2, value)], "size": [(2, (8, 8)), (3, (8, 8))]}
    assert run_node(node(streams), inputs)["out"] == [(2, value)]
    square = run_node(node(streams, "square_long: true"), inputs)["out"][0][1]
    assert (square[0] if isinstance(square, list) else square).width == 0.5


@pytest.mark.parametrize(
    ("streams", "options", "message"),
    [
        ("", "", "exactly one of the input streams"),
        ('input_stream: "RECT:in" input_stream: "RECTS:in"', "", "exactly one of the input streams"),
        ('input_stream: "NORM_RECT:in"', "", "NORM_RECT needs the input stream IMAGE_SIZE"),
        (
            'input_stream: "RECT:in"',
            "rotation: 0 rotation_degrees: 0",
            "rotation and rotation_degrees exclude",
        ),
        ('input_stream: "RECT:in"', "square_long: true square_short: false", "square_long and square_short"),
    ],
)
def test_exception(streams, options, message):
    with pytest.raises(GraphError, match=message):
        run_node(node(streams, options), {"in": []})
