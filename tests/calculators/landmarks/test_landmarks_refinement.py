import pytest

from calculators.formats import landmark_pb2
from tests.calculators.image.run import run_node
from tryon import GraphError

COPY = "z_refinement { copy {} }"
NONE = "z_refinement { none {} }"
EYE = "refinement { indexes_mapping: [0, 1, 2] " + COPY + " }"


def landmarks(*points):
    points = [landmark_pb2.NormalizedLandmark(x=x, y=y, z=z, visibility=1) for x, y, z in points]
    return landmark_pb2.NormalizedLandmarkList(landmark=points)


A = landmarks((0.5, 0.25, 1), (0.125, 0.5, 2), (0.75, 0.25, 3))
B = landmarks((0.25, 0.25, 8), (1, 1, 9))


def refine(options, *lists):
    streams = " ".join(f'input_stream: "LANDMARKS:{index}:in{index}"' for index in range(len(lists)))
    node = f"""node {{
      calculator: "LandmarksRefinementCalculator" {streams} output_stream: "REFINED_LANDMARKS:out"
      options {{ [mediapipe.LandmarksRefinementCalculatorOptions.ext] {{ {options} }} }}
    }}"""
    inputs = {f"in{index}": [(1, value)] if value else [] for index, value in enumerate(lists)}
    return [value for _, value in run_node(node, inputs)["out"]]


@pytest.mark.parametrize(
    ("z_refinement", "expected"),
    [
        (NONE, [(0.5, 0.25, 1), (1, 1, 2), (0.75, 0.25, 3), (0.25, 0.25, 0)]),
        (COPY, [(0.5, 0.25, 1), (1, 1, 9), (0.75, 0.25, 3), (0.25, 0.25, 8)]),
        (
            "z_refinement { assign_average { indexes_for_average: [0, 2] } }",
            [(0.5, 0.25, 1), (1, 1, 2), (0.75, 0.25, 3), (0.25, 0.25, 2)],
        ),
    ],
)
def test_values(z_refinement, expected):
    options = f"{EYE} refinement {{ indexes_mapping: [3, 1] {z_refinement} }}"
    (refined,) = refine(options, A, B)
    assert [(point.x, point.y, point.z) for point in refined.landmark] == expected
    assert not refined.landmark[0].HasField("visibility")


def test_no_output_where_one_is_missing():
    assert refine(f"{EYE} refinement {{ indexes_mapping: [3, 1] {COPY} }}", A, None) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "There is no refinement"),
        (f"refinement {{ {COPY} }}", "Refinement 0 has no indexes_mapping"),
        ("refinement { indexes_mapping: [0, 1, 2] }", "Refinement 0 has no z_refinement"),
        (f"refinement {{ indexes_mapping: [1, 2, 3] {COPY} }}", "without a gap; 0 is missing"),
        (f"refinement {{ indexes_mapping: [0, 2, 3] {COPY} }}", "without a gap; 1 is missing"),
        (f"{EYE} {EYE}", "2 refinements and 1 LANDMARKS streams"),
        (
            f"refinement {{ indexes_mapping: [0, 1] {COPY} }}",
            "has 3 landmarks and its indexes_mapping 2 indexes",
        ),
        (
            "refinement { indexes_mapping: 0 z_refinement { assign_average {} } }",
            "indexes_for_average between 0 and 0; it has none",
        ),
        (
            "refinement { indexes_mapping: 0 z_refinement { assign_average { indexes_for_average: 7 } } }",
            r"indexes_for_average between 0 and 0; it has \[7\]",
        ),
    ],
)
def test_exception(options, message):
    with pytest.raises(GraphError, match=message):
        refine(options, A)
