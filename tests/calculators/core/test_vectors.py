"""Calculators of lists: items, sizes, filters, and the element types that families have."""

from typing import Any

import numpy as np
import pytest

from calculators.formats.classification_pb2 import Classification, ClassificationList
from calculators.formats.detection_pb2 import Detection
from calculators.formats.landmark_pb2 import (
    Landmark,
    LandmarkList,
    NormalizedLandmark,
    NormalizedLandmarkList,
)
from calculators.formats.rect_pb2 import NormalizedRect
from tests.calculators.core.run import EMPTY, Seen, node
from tryon import GraphError
from tryon.graph import CalculatorGraph

RECTS = [NormalizedRect(x_center=x) for x in (0.0, 0.25, 0.5)]
FACE = NormalizedLandmarkList(landmark=[NormalizedLandmark(x=x) for x in (0.0, 0.25, 0.5)])
NOTHING: Any = object()


def run(graph_text: str, inputs: dict[str, list[Any]], sides: dict[str, Any] | None = None) -> Seen:
    """What "out" carries, bounds included, when the inputs have these values at 1, 2, ... (or NOTHING)."""
    interface = "".join(f'input_stream: "{name}" ' for name in inputs)
    interface += "".join(f'input_side_packet: "{name}" ' for name in sides or {})
    graph = CalculatorGraph(interface + graph_text)
    seen: Seen = []
    graph.observe_output_stream(
        "out", lambda _, p: seen.append((p.timestamp, EMPTY if p.is_empty else p.value)), True
    )
    graph.start_run(sides)
    for timestamp in range(1, 1 + max(map(len, inputs.values()))):
        for name, values in inputs.items():
            if timestamp <= len(values) and values[timestamp - 1] is not NOTHING:
                graph.add_packet_to_input_stream(name, values[timestamp - 1], timestamp)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return seen


@pytest.mark.parametrize(
    ("streams", "options", "inputs", "out"),
    [
        ("VECTOR:v", "item_index: 1", {"v": [RECTS]}, [(1, RECTS[1])]),
        ("VECTOR:v INDEX:i", "", {"v": [RECTS, RECTS], "i": [2, 0]}, [(1, RECTS[2]), (2, RECTS[0])]),
        (
            "VECTOR:v INDEX:i",
            "item_index: 1",
            {"v": [RECTS, RECTS], "i": [2, NOTHING]},
            [(1, RECTS[2]), (2, RECTS[1])],
        ),
        ("VECTOR:v INDEX:i", "", {"v": [RECTS], "i": [NOTHING]}, [(1, EMPTY)]),
        ("VECTOR:v", "item_index: 9 output_empty_on_oob: true", {"v": [RECTS]}, [(1, EMPTY)]),
    ],
)
def test_get_vector_item(streams: str, options: str, inputs: dict[str, list[Any]], out: Seen) -> None:
    graph = node(
        "GetNormalizedRectVectorItemCalculator",
        f"{streams} -> ITEM:out",
        options,
        "GetVectorItemCalculatorOptions",
    )
    assert run(graph, inputs) == out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "Connect INDEX or set the option item_index"),
        ("item_index: 3", 'no element 3 in the list on "v", which has 3'),
        ("item_index: -1 output_empty_on_oob: true", "no element -1"),
    ],
)
def test_get_vector_item_refuses(options: str, message: str) -> None:
    graph = node(
        "GetNormalizedRectVectorItemCalculator",
        "VECTOR:v -> ITEM:out",
        options,
        "GetVectorItemCalculatorOptions",
    )
    with pytest.raises(GraphError, match=message):
        run(graph, {"v": [RECTS]})


@pytest.mark.parametrize(
    ("options", "sides", "size"),
    [("", {}, 1), ("max_vec_size: 2", {}, 2), ("max_vec_size: 9", {}, 3), ("max_vec_size: 1", {"n": 2}, 2)],
)
def test_clip_vector_size(options: str, sides: dict[str, Any], size: int) -> None:
    streams = "v $n -> out" if sides else "v -> out"
    message = "ClipVectorSizeCalculatorOptions"
    graph = node("ClipNormalizedRectVectorSizeCalculator", streams, options, message)
    assert run(graph, {"v": [RECTS]}, sides) == [(1, RECTS[:size])]


def test_clip_vector_size_refuses_nothing_at_all() -> None:
    message = "ClipVectorSizeCalculatorOptions"
    graph = node("ClipNormalizedRectVectorSizeCalculator", "v -> out", "max_vec_size: 0", message)
    with pytest.raises(GraphError, match="should be greater than or equal to 1"):
        run(graph, {"v": [RECTS]})


@pytest.mark.parametrize(
    ("options", "sides", "enough"),
    [("", {}, True), ("min_size: 3", {}, True), ("min_size: 4", {}, False), ("min_size: 1", {"n": 4}, False)],
)
def test_has_min_size(options: str, sides: dict[str, Any], enough: bool) -> None:
    streams = "ITERABLE:v $n -> out" if sides else "ITERABLE:v -> out"
    message = "CollectionHasMinSizeCalculatorOptions"
    graph = node("NormalizedRectVectorHasMinSizeCalculator", streams, options, message)
    assert run(graph, {"v": [RECTS]}, sides) == [(1, enough)]


def test_indices() -> None:
    graph = node("IntVectorIndicesCalculator", "VECTOR:v -> INDICES:out")
    assert run(graph, {"v": [[5, 7, 9], []]}) == [(1, [0, 1, 2]), (2, [])]


def test_filter_collection() -> None:
    graph = node("FilterNormalizedRectCollectionCalculator", "ITERABLE:v CONDITION:c -> ITERABLE:out")
    seen = run(graph, {"v": [RECTS, RECTS], "c": [[True, False, True], NOTHING]})
    assert seen == [(1, [RECTS[0], RECTS[2]]), (2, EMPTY)]
    with pytest.raises(GraphError, match="Input vector size: 3 doesn't mach condition vector size: 1"):
        run(graph, {"v": [RECTS], "c": [[True]]})


def test_merge_to_vector() -> None:
    graph = node("MergeDetectionsToVectorCalculator", "a b -> out")
    first, second = Detection(label=["a"]), Detection(label=["b"])
    seen = run(graph, {"a": [first, NOTHING], "b": [second, second]})
    assert seen == [(1, [first, second]), (2, [second])]


@pytest.mark.parametrize(
    ("options", "out"),
    [
        ("ranges { begin: 1 end: 3 }", NormalizedLandmarkList(landmark=FACE.landmark[1:3])),
        ("ranges { begin: 2 end: 3 } element_only: true", FACE.landmark[2]),
        (
            "ranges { begin: 2 end: 3 } ranges { begin: 0 end: 1 } combine_outputs: true",
            NormalizedLandmarkList(landmark=[FACE.landmark[2], FACE.landmark[0]]),
        ),
    ],
)
def test_split_landmarks(options: str, out: Any) -> None:
    graph = node("SplitNormalizedLandmarkListCalculator", "v -> out", options, "SplitVectorCalculatorOptions")
    assert run(graph, {"v": [FACE]}) == [(1, out)]


@pytest.mark.parametrize(("options", "gap"), [("", FACE), ("only_emit_if_all_present: true", EMPTY)])
def test_concatenate_landmarks(options: str, gap: Any) -> None:
    message = "ConcatenateVectorCalculatorOptions"
    graph = node("ConcatenateNormalizedLandmarkListCalculator", "a b -> out", options, message)
    both = NormalizedLandmarkList(landmark=[*FACE.landmark, *FACE.landmark])
    assert run(graph, {"a": [FACE, FACE], "b": [FACE, NOTHING]}) == [(1, both), (2, gap)]


def test_a_loop_over_messages() -> None:
    graph = node("BeginLoopNormalizedRectCalculator", "ITERABLE:v -> ITEM:item BATCH_END:end")
    graph += node("EndLoopNormalizedRectCalculator", "ITEM:item BATCH_END:end -> ITERABLE:out")
    assert run(graph, {"v": [RECTS, []]}) == [(1, RECTS), (2, EMPTY)]


@pytest.mark.parametrize(
    ("calculator", "value", "message"),
    [
        ("ConcatenateFloatVectorCalculator", [1], '"::std::vector<int>", but one of "float"'),
        ("SplitFloatVectorCalculator", "text", 'but "::std::vector<float>" was requested'),
    ],
)
def test_lists_of_the_wrong_elements_are_refused(calculator: str, value: Any, message: str) -> None:
    options = "ranges { begin: 0 end: 1 }" if calculator.startswith("Split") else ""
    graph = node(calculator, "v -> out", options, "SplitVectorCalculatorOptions")
    with pytest.raises(GraphError, match=message):
        run(graph, {"v": [value]})


@pytest.mark.parametrize(
    ("packet", "value"),
    [
        ("landmark_list_value { landmark { x: 1 } }", LandmarkList(landmark=[Landmark(x=1)])),
        (
            "classification_list_value { classification { index: 3 } }",
            ClassificationList(classification=[Classification(index=3)]),
        ),
    ],
)
def test_constant_side_packets_with_messages(packet: str, value: Any) -> None:
    assert constant(packet) == value


@pytest.mark.parametrize(
    ("layout", "matrix"),
    [("", [[1, 3, 5], [2, 4, 6]]), ("layout: ROW_MAJOR", [[1, 2, 3], [4, 5, 6]])],
)
def test_constant_matrix(layout: str, matrix: list[list[int]]) -> None:
    value = constant(f"matrix_data_value {{ rows: 2 cols: 3 packed_data: [1, 2, 3, 4, 5, 6] {layout} }}")
    assert value.dtype == np.float32
    np.testing.assert_array_equal(value, matrix)


def test_constant_matrix_with_elements_missing() -> None:
    with pytest.raises(GraphError, match="matrix_data_value has 1 elements, not 2 x 3"):
        constant("matrix_data_value { rows: 2 cols: 3 packed_data: 1 }")


def constant(packet: str) -> Any:
    """The side packet that ConstantSidePacketCalculator makes of the option."""
    graph = CalculatorGraph(node("ConstantSidePacketCalculator", "-> PACKET:$x", f"packet {{ {packet} }}"))
    graph.start_run()
    graph.wait_until_done()
    return graph.get_output_side_packet("x").value
