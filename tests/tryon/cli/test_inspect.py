from pathlib import Path

import pytest

from tests.tryon.cli.command import tryon
from tryon.cli.graphs import comment_above, first_sentence, installed_effects, leading_comment, load_graph
from tryon.errors import GraphError
from tryon.registry import calculator_names, find_calculator
from tryon.subgraph import SubgraphLibrary

STOCK = [
    name
    for name in calculator_names()
    if (calculator := find_calculator(name)) and calculator.__module__.startswith("calculators.")
]
GRAPH = """# Passes frames on. Nothing else.
#
# For testing.

# What comes in.
input_stream: "IMAGE:in"
output_stream: "out"
# How large.
input_side_packet: "size"
# Turns it.
node {
  name: "turn"
  calculator: "ImageTransformationCalculator"
  input_stream: "IMAGE:in"
  input_side_packet: "OUTPUT_DIMENSIONS:size"
  output_stream: "IMAGE:out"
}
"""


def squeezed(text: str) -> list[str]:
    """The lines with one space between words; empty lines left out."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_inspect_calculator(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = tryon(capsys, "inspect", "SegmentationSmoothingCalculator")
    assert (outcome.status, outcome.err) == (0, "")
    lines = squeezed(outcome.out)
    assert lines[0] == "SegmentationSmoothingCalculator calculators.segmentation.segmentation_smoothing"
    assert lines.index("Inputs") < lines.index("Outputs") < lines.index("Example")
    assert "MASK ndarray float32 masks in [0, 1] [h, w]." in lines
    assert "Options: mediapipe.SegmentationSmoothingCalculatorOptions" in lines
    assert any(line.startswith("combine_with_previous_ratio float = 0.0 ") for line in lines)
    assert 'calculator: "SegmentationSmoothingCalculator"' in lines


def test_inner_options_have_the_proto_s_comments(capsys: pytest.CaptureFixture[str]) -> None:
    lines = squeezed(tryon(capsys, "inspect", "InferenceCalculator").out)
    assert any(line.startswith("delegate.xnnpack Xnnpack Vectorised CPU kernels") for line in lines)
    assert any(line.startswith("delegate.xnnpack.num_threads int = -1 ") for line in lines)


@pytest.mark.parametrize("name", STOCK)
def test_every_calculator_can_be_inspected(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert tryon(capsys, "inspect", name).status == 0


def test_inspect_graph(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "turn.pbtxt"
    path.write_text(GRAPH)
    outcome = tryon(capsys, "inspect", str(path))
    assert squeezed(outcome.out) == [
        f"turn {path}",
        "Passes frames on. Nothing else.",
        "For testing.",
        "Inputs",
        "IMAGE:in ndarray What comes in.",
        "Outputs",
        "out ndarray",
        "Input side packets",
        "size tuple or list How large.",
        "Nodes",
        "turn ImageTransformationCalculator Rotates, then scales, then flips pictures.",
    ]


@pytest.mark.parametrize("name", [*SubgraphLibrary(None, ()).names(), *installed_effects()])
def test_every_installed_graph_can_be_inspected(capsys: pytest.CaptureFixture[str], name: str) -> None:
    outcome = tryon(capsys, "inspect", name)
    assert (outcome.status, outcome.err) == (0, "")


def test_validate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "turn.pbtxt"
    path.write_text(GRAPH)
    outcome = tryon(capsys, "validate", str(path))
    assert (outcome.status, outcome.out) == (0, f"{path}: OK (nodes: 1, streams: 2, subgraphs expanded: 0)\n")


@pytest.mark.parametrize("name", installed_effects())
def test_installed_effects_are_valid(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert tryon(capsys, "validate", name).status == 0


@pytest.mark.parametrize(
    ("arguments", "shown", "hidden"),
    [
        ([], ["effects", "subgraphs", "calculators"], []),
        (["effects"], ["effects", "hair_recolor"], ["subgraphs", "calculators", "InferenceCalculator"]),
        (["subgraphs"], ["subgraphs", "HairSegmentationSubgraph"], ["effects", "calculators"]),
        (["calculators"], ["calculators", "InferenceCalculator"], ["effects", "hair_recolor"]),
    ],
)
def test_list(
    capsys: pytest.CaptureFixture[str], arguments: list[str], shown: list[str], hidden: list[str]
) -> None:
    outcome = tryon(capsys, "list", *arguments)
    first_words = [line.split()[0] for line in outcome.out.splitlines()]
    assert set(shown) <= set(first_words)
    assert not set(hidden) & set(first_words)


def test_list_gives_a_sentence_each(capsys: pytest.CaptureFixture[str]) -> None:
    rows = squeezed(tryon(capsys, "list").out)
    assert "InferenceCalculator Computes a TFLite model for each list of input tensors." in rows


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_such.pbtxt", 'There is no graph file "no_such.pbtxt".'),
        ("hair_recolour", 'no graph file, effect or subgraph "hair_recolour". Did you mean "hair_recolor"?'),
        ("HairSegmentation", 'subgraph "HairSegmentation". Did you mean "HairSegmentationSubgraph"?'),
        ("zzz", 'subgraph "zzz". "tryon list" shows what is installed.'),
    ],
)
def test_load_graph_problems(name: str, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        load_graph(name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("InferenceCalculater", 'Did you mean "InferenceCalculator"?'),
        ("hair_recolour", 'Did you mean "hair_recolor"?'),
        ("zzz", '"tryon list" shows what is installed.'),
    ],
)
def test_inspect_problems(capsys: pytest.CaptureFixture[str], name: str, message: str) -> None:
    outcome = tryon(capsys, "inspect", name)
    assert outcome.status == 1
    assert (
        outcome.err == f'error: There is no calculator, graph file, effect or subgraph "{name}". {message}\n'
    )


def test_comments() -> None:
    lines = GRAPH.splitlines()
    assert leading_comment(lines) == ["Passes frames on. Nothing else.", "", "For testing."]
    assert comment_above(lines, 6) == ["What comes in."]
    assert comment_above(lines, 7) == []
    assert first_sentence(["One", "two. Three.", "", "Four."]) == "One two."
    assert first_sentence([]) == ""
