import pytest
from google.protobuf import text_format

from calculators.formats import landmark_pb2, rect_pb2
from tests.calculators.image.run import run_node
from tryon import GraphError

STEP_US = 33_333


def hand(x, kind):
    return text_format.Parse(f"landmark {{ x: {x} y: 0.2 }} landmark {{ x: 0.9 y: 0.8 }}", kind())


def smooth(frames, normalized=True, rects=None):
    """x of the first point of each hand, frame by frame; a frame is {tracking id: x}, None has no packet."""
    prefix, kind = (
        ("NORM_", landmark_pb2.NormalizedLandmarkList) if normalized else ("", landmark_pb2.LandmarkList)
    )
    name = "MultiLandmarksSmoothingCalculator" if normalized else "MultiWorldLandmarksSmoothingCalculator"
    node = f"""node {{
      calculator: "{name}" input_stream: "{prefix}LANDMARKS:in" input_stream: "TRACKING_IDS:ids"
      {'input_stream: "IMAGE_SIZE:size"' if normalized else ""}
      {'input_stream: "OBJECT_SCALE_ROI:rects"' if rects else ""}
      output_stream: "{prefix}FILTERED_LANDMARKS:out"
      options {{ [mediapipe.LandmarksSmoothingCalculatorOptions.ext] {{ velocity_filter {{}} }} }}
    }}"""
    times = [(index * STEP_US, frame) for index, frame in enumerate(frames)]
    inputs = {
        "in": [(t, [hand(x, kind) for x in frame.values()]) for t, frame in times if frame is not None],
        "ids": [(t, list(frame or {})) for t, frame in times],
    }
    if normalized:
        inputs["size"] = [(t, (64, 48)) for t, _ in times]
    if rects:
        inputs["rects"] = [(0, rects)]
    outputs = run_node(node, inputs)["out"]
    return [[round(value.landmark[0].x, 3) for value in values] for _, values in outputs]


@pytest.mark.parametrize("normalized", [True, False])
def test_each_hand_by_itself(normalized):
    """The order of the hands does not matter; a hand that was away starts anew."""
    first, second, third = smooth([{7: 0.1, 8: 0.5}, {8: 0.5, 7: 0.2}, {8: 0.6}], normalized)
    assert first == [0.1, 0.5]
    assert second[0] == 0.5
    assert 0.1 < second[1] < 0.2
    assert 0.5 < third[0] < 0.6
    assert smooth([{7: 0.1}, {}, {7: 0.2}], normalized) == [[0.1], [], [0.2]]


def test_gap_starts_anew():
    assert smooth([{7: 0.1}, None, {7: 0.2}]) == [[0.1], [0.2]]


def test_rectangles():
    rect = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=0.5, height=0.5)
    assert smooth([{7: 0.1}, {7: 0.1}], rects=[rect]) == [[0.1], [0.1]]
    with pytest.raises(GraphError, match="1 landmark lists, 1 tracking ids and 2 rectangles"):
        smooth([{7: 0.1}], rects=[rect, rect])


def test_exception():
    node = """node {
      calculator: "MultiWorldLandmarksSmoothingCalculator"
      input_stream: "LANDMARKS:in" input_stream: "TRACKING_IDS:ids" output_stream: "FILTERED_LANDMARKS:out"
    }"""
    with pytest.raises(GraphError, match="Landmarks filter is either not specified"):
        run_node(node, {"in": [], "ids": []})
