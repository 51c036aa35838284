import pytest
from google.protobuf import text_format

from calculators.formats import landmark_pb2, rect_pb2
from tests.calculators.image.run import run_node
from tryon import GraphError

SIZE = (64, 48)
STEP_US = 33_333


def face(x, kind=landmark_pb2.NormalizedLandmarkList):
    return text_format.Parse(f"landmark {{ x: {x} y: 0.2 }} landmark {{ x: 0.9 y: 0.8 z: 0.1 }}", kind())


def node(options, roi=False):
    return f"""node {{
      calculator: "LandmarksSmoothingCalculator"
      input_stream: "NORM_LANDMARKS:in" input_stream: "IMAGE_SIZE:size"
      {'input_stream: "OBJECT_SCALE_ROI:roi"' if roi else ""}
      output_stream: "NORM_FILTERED_LANDMARKS:out"
      options {{ [mediapipe.LandmarksSmoothingCalculatorOptions.ext] {{ {options} }} }}
    }}"""


def world_node(options):
    return f"""node {{
      calculator: "LandmarksSmoothingCalculator" input_stream: "LANDMARKS:in"
      output_stream: "FILTERED_LANDMARKS:out"
      options {{ [mediapipe.LandmarksSmoothingCalculatorOptions.ext] {{ {options} }} }}
    }}"""


def smooth(options, faces, roi=()):
    """x of the first point, time by time."""
    inputs = {
        "in": [(t * STEP_US, face(x)) for t, x in faces],
        "size": [(t * STEP_US, SIZE) for t in range(1, 5)],
    }
    if roi:
        inputs["roi"] = [(t * STEP_US, rect) for t, rect in roi]
    outputs = run_node(node(options, bool(roi)), inputs)["out"]
    return [(timestamp // STEP_US, round(value.landmark[0].x, 6)) for timestamp, value in outputs]


MOVING = [(1, 0.1), (2, 0.2), (3, 0.3)]
FILTERS = pytest.mark.parametrize("options", ["velocity_filter {}", "one_euro_filter {}"])


def test_no_filter_changes_nothing():
    assert smooth("no_filter {}", MOVING) == MOVING


@FILTERS
def test_smoke(options):
    (_, first), (_, second), (_, third) = smooth(options, MOVING)
    assert first == 0.1
    assert 0.1 < second < 0.2
    assert second < third < 0.3


@FILTERS
def test_gap_starts_anew(options):
    assert smooth(options, [(1, 0.1), (2, 0.2), (4, 0.4)])[-1] == (4, 0.4)


def test_roi_is_the_unit_of_velocity():
    """A larger object makes the same step slower: it is calmed more."""
    weights = []
    for width in (0.2, 0.8):
        rect = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=width, height=width)
        weights.append(smooth("velocity_filter {}", MOVING[:2], [(1, rect), (2, rect)])[1][1])
    assert weights[0] > weights[1]


def test_other_fields_stay():
    given = face(0.1)
    given.landmark[0].visibility = 0.5
    outputs = run_node(node("velocity_filter {}"), {"in": [(1, given)], "size": [(1, SIZE)]})
    assert outputs["out"][0][1].landmark[0].visibility == 0.5
    assert not outputs["out"][0][1].landmark[1].HasField("visibility")


@pytest.mark.parametrize("options", ["no_filter {}", "velocity_filter {}", "one_euro_filter {}"])
def test_world_landmarks(options):
    given = face(0.1, landmark_pb2.LandmarkList)
    outputs = run_node(world_node(options), {"in": [(1, given), (2, given)]})["out"]
    assert [timestamp for timestamp, _ in outputs] == [1, 2]
    assert {type(value) for _, value in outputs} == {landmark_pb2.LandmarkList}
    assert outputs[1][1].landmark[0].x == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "Landmarks filter is either not specified or not supported"),
        ("velocity_filter { window_size: -1 }", "window_size must be at least 0, not -1"),
        ("one_euro_filter { frequency: 0 }", "frequency must be larger than 0, not 0"),
        ("one_euro_filter { min_cutoff: 0 }", "min_cutoff must be larger than 0, not 0"),
        ("one_euro_filter { derivate_cutoff: -1 }", "derivate_cutoff must be larger than 0, not -1"),
    ],
)
def test_exception(options, message):
    with pytest.raises(GraphError, match=message):
        run_node(world_node(options), {"in": []})


@pytest.mark.parametrize("streams", ["", 'input_stream: "NORM_LANDMARKS:in" input_stream: "LANDMARKS:in"'])
def test_one_kind_of_landmarks(streams):
    text = f"""node {{
      calculator: "LandmarksSmoothingCalculator" {streams} output_stream: "FILTERED_LANDMARKS:out"
    }}"""
    with pytest.raises(GraphError, match="exactly one of the input streams NORM_LANDMARKS and LANDMARKS"):
        run_node(text, {"in": []})
