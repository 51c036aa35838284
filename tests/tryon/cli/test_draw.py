import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.tryon import nodes
from tests.tryon.cli.command import tryon
from tryon.cli.draw import draw
from tryon.cli.draw.drawing import make_drawing
from tryon.cli.draw.layout import lay_out
from tryon.config import GraphSource, read_graph

assert nodes

INNER = """
type: "InnerSubgraph"
input_stream: "IN:x"
output_stream: "OUT:y"
node { name: "even" calculator: "TestEvenCalculator" input_stream: "x" output_stream: "z" }
node { name: "user" calculator: "TestSideUserCalculator" input_side_packet: "N:n"
       input_stream: "z" output_stream: "y" }
"""
GRAPH = """
input_stream: "in"
output_stream: "out"
input_side_packet: "count"
node { name: "look" calculator: "TestSideCalculator"
       input_side_packet: "N:count" output_side_packet: "TWICE:n" }
node { name: "previous" calculator: "TestPrevCalculator" input_stream: "MAIN:in" input_stream: "LOOP:out"
       input_stream_info { tag_index: "LOOP" back_edge: true } output_stream: "PAIR:pair" }
node { name: "inner" calculator: "InnerSubgraph" input_stream: "IN:in" output_stream: "OUT:y" }
node { calculator: "TestPassCalculator" input_stream: "pair" input_stream: "y"
       output_stream: "out" output_stream: "rest" }
"""
MERMAID = """flowchart LR
    v0(["in"])
    v1[/"count"/]
    v2["<b>look</b><br/>TestSideCalculator"]
    v3["<b>previous</b><br/>TestPrevCalculator"]
    v4[["<b>inner</b><br/>InnerSubgraph"]]
    v5["TestPassCalculator"]
    v6(["out"])
    v1 -. "count" .-> v2
    v0 -- "in" --> v3
    v5 -- "out" --> v3
    v0 -- "in" --> v4
    v3 -- "pair" --> v5
    v4 -- "y" --> v5
    v5 -- "out" --> v6
    linkStyle 2 stroke-dasharray: 8 5
"""
EXPANDED = """flowchart LR
    v0(["in"])
    v1[/"count"/]
    v2["<b>look</b><br/>TestSideCalculator"]
    v3["<b>previous</b><br/>TestPrevCalculator"]
    v4["TestPassCalculator"]
    v7[/"inner__n"/]
    v8(["out"])
    subgraph inner["inner"]
        v5["<b>even</b><br/>TestEvenCalculator"]
        v6["<b>user</b><br/>TestSideUserCalculator"]
    end
    v1 -. "count" .-> v2
    v0 -- "in" --> v3
    v4 -- "out" --> v3
    v3 -- "pair" --> v4
    v6 -- "y" --> v4
    v0 -- "in" --> v5
    v5 -- "z" --> v6
    v7 -. "inner__n" .-> v6
    v4 -- "out" --> v8
    linkStyle 2 stroke-dasharray: 8 5
"""
# Two subgraphs in a row, each with a loop, and a stream that passes them both.
STAGE = """
type: "StageSubgraph"
input_stream: "IN:x"
output_stream: "OUT:y"
node { name: "before" calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:x"
       input_stream: "LOOP:y" input_stream_info { tag_index: "LOOP" back_edge: true }
       output_stream: "PREV_LOOP:previous_of_this_stage" }
node { name: "mix" calculator: "TestPassCalculator" input_stream: "x"
       input_stream: "previous_of_this_stage" output_stream: "y" output_stream: "rest" }
"""
STAGES = """
input_stream: "frames"
output_stream: "result"
node { name: "start" calculator: "TestPassCalculator" input_stream: "frames" output_stream: "first_frames" }
node { name: "one" calculator: "StageSubgraph" input_stream: "IN:first_frames" output_stream: "OUT:a" }
node { name: "two" calculator: "StageSubgraph" input_stream: "IN:a" output_stream: "OUT:b" }
node { name: "join" calculator: "TestPassCalculator" input_stream: "a" input_stream: "b"
       input_stream: "first_frames" output_stream: "c" output_stream: "result" output_stream: "e" }
node { name: "end" calculator: "TestPassCalculator" input_stream: "first_frames" input_stream: "c"
       output_stream: "f" output_stream: "g" }
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def graph(tmp_path: Path) -> GraphSource:
    (tmp_path / "inner.pbtxt").write_text(INNER)
    (tmp_path / "graph.pbtxt").write_text(GRAPH)
    return read_graph(tmp_path / "graph.pbtxt")


@pytest.mark.parametrize(("expand", "expected"), [(False, MERMAID), (True, EXPANDED)])
def test_mermaid(graph: GraphSource, expand: bool, expected: str) -> None:
    assert draw(graph, ".mmd", expand) == expected
    assert draw(graph, ".md", expand) == f"# graph\n\n```mermaid\n{expected}```\n"


@pytest.mark.parametrize("expand", [False, True])
def test_layout(graph: GraphSource, expand: bool) -> None:
    """Streams run to the right, back edges to the left, and nothing lies on anything else."""
    drawing = make_drawing(graph, expand)
    layout = lay_out(drawing)
    boxes = dict(zip((vertex.name for vertex in drawing.vertices), layout.boxes, strict=True))
    for edge in drawing.edges:
        source, target = layout.boxes[edge.source], layout.boxes[edge.target]
        assert (source.x + source.width < target.x) == (edge.kind.value != "back edge")
    for number, box in enumerate(layout.boxes):
        assert 0 < box.x < box.x + box.width < layout.width
        assert 0 < box.y - box.height / 2 < box.y + box.height / 2 < layout.height
        for other in layout.boxes[:number]:
            apart_x = other.x + other.width <= box.x or box.x + box.width <= other.x
            assert apart_x or abs(box.y - other.y) >= (box.height + other.height) / 2
    if expand:
        outside = [box for box in layout.boxes if not box.band]
        assert max(box.y for box in outside) < min(boxes["even"].y, boxes["user"].y)


@pytest.mark.parametrize("expand", [False, True])
def test_svg(graph: GraphSource, expand: bool) -> None:
    root = ET.fromstring(draw(graph, ".svg", expand))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    kinds = [path.get("class") for path in root.iter(f"{SVG}path")]
    assert {"look", "previous", "TestPassCalculator", "in", "out", "pair"} <= set(texts)
    assert (kinds.count("back"), kinds.count("side")) == (1, 2 if expand else 1)
    assert texts.count("inner") == 1
    assert ("even" in texts) == expand


@pytest.fixture
def stages(tmp_path: Path) -> GraphSource:
    (tmp_path / "stage.pbtxt").write_text(STAGE)
    (tmp_path / "stages.pbtxt").write_text(STAGES)
    return read_graph(tmp_path / "stages.pbtxt")


def test_subgraphs_in_a_row_stand_beside_each_other(stages: GraphSource) -> None:
    layout = lay_out(make_drawing(stages, True))
    assert layout.bands["one",][0] == layout.bands["two",][0] > layout.bands[()][1]


def test_a_stream_is_one_line_as_long_as_possible(stages: GraphSource) -> None:
    drawing = make_drawing(stages, True)
    layout = lay_out(drawing)
    far = [
        bends for edge, bends in zip(drawing.edges, layout.bends, strict=True) if edge.name == "first_frames"
    ]
    far = [bends for bends in far if len(bends) > 2]
    assert len(far) == 2
    assert all(first is second for first, second in zip(*far, strict=False))


@pytest.mark.parametrize("expand", [False, True])
def test_no_text_lies_on_another_or_on_a_box(stages: GraphSource, expand: bool) -> None:
    root = ET.fromstring(draw(stages, ".svg", expand))
    names = [text for text in root.iter(f"{SVG}text") if text.get("class") == "label"]
    spots = [spot(text) for text in names]
    boxes = [
        tuple(float(rect.get(key, 0)) for key in ("x", "y", "width", "height"))
        for rect in root.iter(f"{SVG}rect")
        if rect.get("stroke-dasharray") is None and rect.get("x")
    ]
    for number, mine in enumerate(spots):
        for other in (*spots[:number], *boxes):
            assert not overlap(mine, other), (names[number].text, mine, other)


def test_back_edges_go_around_the_nodes(stages: GraphSource) -> None:
    root = ET.fromstring(draw(stages, ".svg", True))
    layout = lay_out(make_drawing(stages, True))
    loops = [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("class") == "back"]
    assert len(loops) == 2
    for loop in loops:
        points = [tuple(map(float, point)) for point in re.findall(r"([\d.]+),([\d.]+)", loop)]
        for box in layout.boxes:
            inside = (box.x + 1, box.y - box.height / 2 + 1, box.width - 2, box.height - 2)
            assert not any(overlap((x, y, 0.1, 0.1), inside) for x, y in points)


def spot(text: ET.Element) -> tuple[float, ...]:
    """About where a stream's name stands: (x, y, width, height)."""
    x, y = float(text.get("x", 0)), float(text.get("y", 0))
    return x, y - 7, 5.0 * len(text.text or ""), 7.0


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(
        one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2]
        for axis in (0, 1)
    )


def test_the_shortest_graph(tmp_path: Path) -> None:
    path = tmp_path / "one.pbtxt"
    path.write_text(
        'node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" output_stream: "a" }'
    )
    assert ET.fromstring(draw(read_graph(path), ".svg", False)) is not None
    assert draw(read_graph(path), ".mmd", True) == (
        'flowchart LR\n    v0["TestCounterCalculator"]\n    v1[/"n"/]\n    v1 -. "n" .-> v0\n'
    )


@pytest.mark.parametrize("suffix", [".md", ".mmd", ".svg"])
def test_command_writes_a_file(capsys: pytest.CaptureFixture[str], graph: GraphSource, suffix: str) -> None:
    assert graph.folder is not None
    output = graph.folder / f"picture{suffix}"
    outcome = tryon(capsys, "draw", graph.name, "--output", str(output))
    assert (outcome.status, outcome.out, outcome.err) == (0, f"wrote {output}\n", "")
    assert output.read_text() == draw(graph, suffix, False)


def test_command_prints_mermaid(capsys: pytest.CaptureFixture[str], graph: GraphSource) -> None:
    outcome = tryon(capsys, "draw", graph.name, "--expand")
    assert (outcome.status, outcome.out) == (0, EXPANDED)


def test_unknown_format(capsys: pytest.CaptureFixture[str], graph: GraphSource) -> None:
    outcome = tryon(capsys, "draw", graph.name, "--output", "picture.png")
    assert outcome.status == 1
    assert outcome.err == 'error: No picture can be written as ".png"; the formats are .md, .mmd, .svg.\n'
