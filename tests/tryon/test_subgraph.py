"""Subgraphs: found in files, expanded, connected by tag."""

from pathlib import Path

import pytest

from tryon.config import parse_graph
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph

INNER = """
type: "TwiceSubgraph"
input_stream: "IN:in"
input_stream: "EXTRA:extra"
output_stream: "OUT:out"
node { name: "first" calculator: "TestPassCalculator" input_stream: "in" output_stream: "middle" }
node { calculator: "TestPassCalculator" input_stream: "middle" output_stream: "out" }
"""
OUTER = """
input_stream: "a"
node { name: "My Twice" calculator: "TwiceSubgraph" input_stream: "IN:a" output_stream: "OUT:b" }
"""


def test_expansion() -> None:
    graph = CalculatorGraph(OUTER, subgraphs=[INNER])
    assert [
        (node.name, node.calculator, list(node.input_stream), list(node.output_stream))
        for node in graph.config.node
    ] == [
        ("my_twice__first", "TestPassCalculator", ["a"], ["my_twice__middle"]),
        ("", "TestPassCalculator", ["my_twice__middle"], ["b"]),
    ]


@pytest.mark.parametrize("folder", [".", "subgraphs"])
def test_found_beside_the_graph(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "twice.pbtxt").write_text(INNER)
    (tmp_path / "outer.pbtxt").write_text(OUTER)
    assert len(CalculatorGraph(tmp_path / "outer.pbtxt").config.node) == 2


def test_package_is_part_of_the_name() -> None:
    outer = OUTER.replace("TwiceSubgraph", "shop.TwiceSubgraph")
    assert len(CalculatorGraph(outer, subgraphs=['package: "shop"' + INNER]).config.node) == 2


def test_left_out_inputs_are_left_out_inside() -> None:
    inner = INNER.replace('input_stream: "in" output', 'input_stream: "in" input_stream: "extra" output')
    inner = inner.replace('output_stream: "middle"', 'output_stream: "middle" output_stream: "unused"', 1)
    with pytest.raises(GraphError, match=r'has no output stream ":1"|Failed to get tag "" index 1'):
        CalculatorGraph(OUTER, subgraphs=[inner])


@pytest.mark.parametrize(
    ("outer", "inner", "message"),
    [
        (OUTER.replace("IN:a", "NOPE:a"), INNER, 'Tag "NOPE" does not exist in the subgraph config.'),
        (OUTER.replace("TwiceSubgraph", "TwiceSubgrap"), INNER, 'Did you mean "TwiceSubgraph"?'),
        (
            OUTER,
            INNER + 'node { calculator: "TwiceSubgraph" input_stream: "IN:in" }',
            "Subgraphs contain each other: TwiceSubgraph -> TwiceSubgraph",
        ),
    ],
)
def test_exception(outer: str, inner: str, message: str) -> None:
    with pytest.raises(GraphError) as error:
        CalculatorGraph(outer, subgraphs=[inner])
    assert message in str(error.value)


def test_problems_inside_point_into_the_subgraph() -> None:
    inner = parse_graph(INNER.replace('"TestPassCalculator"', '"TestPasCalculator"', 1), "inner.pbtxt")
    with pytest.raises(GraphError, match=r"inner.pbtxt:6:34: .*TestPasCalculator"):
        CalculatorGraph(OUTER, subgraphs=[inner])


def test_an_unreadable_file_beside_is_named_only_where_something_is_missing(tmp_path: Path) -> None:
    (tmp_path / "broken.pbtxt").write_text('type: "Broken" nod {')
    (tmp_path / "twice.pbtxt").write_text(INNER)
    (tmp_path / "outer.pbtxt").write_text(OUTER)
    assert len(CalculatorGraph(tmp_path / "outer.pbtxt").config.node) == 2
    (tmp_path / "outer.pbtxt").write_text(OUTER.replace("TwiceSubgraph", "Broken"))
    with pytest.raises(GraphError, match=r"Note: .*broken.pbtxt:1:16: Failed to parse"):
        CalculatorGraph(tmp_path / "outer.pbtxt")
