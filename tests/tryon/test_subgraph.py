"""Subgraphs: found in files, expanded, connected by tag, with options and packages."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tryon.config import Config, parse_graph
from tryon.contract import Node, node_options
from tryon.errors import GraphError, GraphWarning
from tryon.graph import CalculatorGraph
from tryon.option_value import node_messages
from tryon.proto import calculator_pb2
from tryon.registry import find_calculator
from tryon.subgraph_class import Subgraph, register_subgraph

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


@register_subgraph
class TestChainSubgraph(Subgraph):
    """As many PassThroughs as its node has input_stream entries in its options: any message will do."""

    Options = calculator_pb2.CalculatorGraphConfig.Node

    @classmethod
    def get_config(cls, node: Node) -> Config:
        options = node_options(node, cls.Options)
        if not options.input_stream:
            raise GraphError("needs an input_stream in its options.")
        names = ["s0", *options.input_stream]
        config = Config(input_stream=["IN:s0"], output_stream=[f"OUT:{names[-1]}"])
        for before, after in pairwise(names):
            config.node.add(calculator="TestPassCalculator", input_stream=[before], output_stream=[after])
        return config


@register_subgraph
class TestUnknownSubgraph(Subgraph):
    """Holds a calculator that does not exist."""

    @classmethod
    def get_config(cls, node: Node) -> Config:
        inside = Node(calculator="TestPasCalculator", input_stream=["in"], output_stream=["out"])
        return Config(node=[inside], input_stream=["IN:in"], output_stream=["OUT:out"])


@register_subgraph
class TestEndlessSubgraph(Subgraph):
    """Contains itself."""

    @classmethod
    def get_config(cls, node: Node) -> Config:
        return Config(node=[node], input_stream=node.input_stream, output_stream=node.output_stream)


def expanded(
    outer: str, *subgraphs: str, settings: tuple[str, ...] = ()
) -> list[tuple[str, list[str], list[str]]]:
    """(name, inputs, outputs) of the expanded graph's nodes."""
    graph = CalculatorGraph(outer, subgraphs=subgraphs, settings=settings)
    return [(node.name, list(node.input_stream), list(node.output_stream)) for node in graph.config.node]


def error_of(outer: str, *subgraphs: str) -> str:
    with pytest.raises(GraphError) as error:
        CalculatorGraph(
            parse_graph(outer, "outer"), subgraphs=[parse_graph(text, "inner") for text in subgraphs]
        )
    return str(error.value)


def test_expansion() -> None:
    assert expanded(OUTER, INNER) == [
        ("my_twice__first", ["a"], ["my_twice__middle"]),
        ("my_twice__TestPassCalculator", ["my_twice__middle"], ["b"]),
    ]


def test_calculators_come_first_where_nothing_else_decides() -> None:
    outer = OUTER + 'node { calculator: "TestPassCalculator" input_stream: "a" output_stream: "c" }'
    assert [name for name, _, _ in expanded(outer, INNER)] == [
        "",
        "my_twice__first",
        "my_twice__TestPassCalculator",
    ]


def test_nodes_of_one_name_are_numbered() -> None:
    node = 'node { calculator: "TwiceSubgraph" input_stream: "IN:a" output_stream: "OUT:%s" }'
    outer = 'input_stream: "a"' + node % "b" + node % "c"
    assert [name for name, _, _ in expanded(outer, INNER)] == [
        "twicesubgraph_1__first",
        "twicesubgraph_1__TestPassCalculator",
        "twicesubgraph_2__first",
        "twicesubgraph_2__TestPassCalculator",
    ]


def test_nested() -> None:
    middle = """
        type: "FourTimes" input_stream: "IN:x" output_stream: "OUT:y"
        node { name: "A" calculator: "TwiceSubgraph" input_stream: "IN:x" output_stream: "OUT:half" }
        node { name: "B" calculator: "TwiceSubgraph" input_stream: "IN:half" output_stream: "OUT:y" }
    """
    outer = OUTER.replace("TwiceSubgraph", "FourTimes")
    assert expanded(outer, middle, INNER) == [
        ("my_twice__a__first", ["a"], ["my_twice__a__middle"]),
        ("my_twice__a__TestPassCalculator", ["my_twice__a__middle"], ["my_twice__half"]),
        ("my_twice__b__first", ["my_twice__half"], ["my_twice__b__middle"]),
        ("my_twice__b__TestPassCalculator", ["my_twice__b__middle"], ["b"]),
    ]


@pytest.mark.parametrize("folder", [".", "subgraphs"])
def test_found_beside_the_graph(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "twice.pbtxt").write_text(INNER)
    (tmp_path / "outer.pbtxt").write_text(OUTER)
    assert len(CalculatorGraph(tmp_path / "outer.pbtxt").config.node) == 2


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("", "shop.hair.TwiceSubgraph"),
        ("", ".shop.hair.TwiceSubgraph"),
        ("shop.hair", "TwiceSubgraph"),
        ("shop.hair.deep", "TwiceSubgraph"),
        ("shop", "hair.TwiceSubgraph"),
        ("other", "shop.hair.TwiceSubgraph"),
    ],
)
def test_package(package: str, name: str) -> None:
    outer = f'package: "{package}"' + OUTER.replace("TwiceSubgraph", name)
    assert len(expanded(outer, 'package: "shop.hair"' + INNER)) == 2


def test_package_of_the_nearest_graph_counts() -> None:
    wrong = 'package: "other" type: "TwiceSubgraph" input_stream: "IN:in"'
    middle = """
        package: "shop" type: "Middle" input_stream: "IN:x" output_stream: "OUT:y"
        node { calculator: "TwiceSubgraph" input_stream: "IN:x" output_stream: "OUT:y" }
    """
    outer = 'package: "other"' + OUTER.replace("TwiceSubgraph", "shop.Middle")
    assert len(expanded(outer, middle, wrong, 'package: "shop"' + INNER)) == 2


@pytest.mark.parametrize(("package", "name"), [("other", "TwiceSubgraph"), ("shop", ".TwiceSubgraph")])
def test_not_in_the_package(package: str, name: str) -> None:
    outer = f'package: "{package}"' + OUTER.replace("TwiceSubgraph", name)
    assert f'Unable to find Calculator "{name}"' in error_of(outer, 'package: "shop"' + INNER)


def test_a_given_subgraph_hides_a_calculator() -> None:
    mock = INNER.replace("TwiceSubgraph", "PassThroughCalculator")
    outer = OUTER.replace("TwiceSubgraph", "PassThroughCalculator")
    assert len(expanded(outer, mock)) == 2


def test_inputs_left_out_are_left_out_inside() -> None:
    inner = """
        type: "Optional" input_stream: "IN:in" input_stream: "ALLOW:allow" input_side_packet: "ALLOW:side"
        output_stream: "OUT:out"
        node { calculator: "TestAnySubgraph" input_stream: "in" input_stream: "ALLOW:allow"
               input_side_packet: "ALLOW:side" output_stream: "out" }
    """
    any_of_them = """
        type: "TestAnySubgraph" input_stream: "x" input_stream: "ALLOW:y" input_side_packet: "ALLOW:z"
        output_stream: "w"
        node { calculator: "GateCalculator" input_stream: "x" input_stream: "ALLOW:y"
               input_side_packet: "ALLOW:z" output_stream: "w" }
    """
    outer = OUTER.replace("TwiceSubgraph", "Optional").replace("IN:a", 'IN:a" input_stream: "ALLOW:a')
    assert expanded(outer, inner, any_of_them) == [
        ("my_twice__testanysubgraph__GateCalculator", ["a", "ALLOW:a"], ["b"])
    ]


def test_outputs_left_out_stay_inside() -> None:
    inner = INNER.replace('output_stream: "OUT:out"', 'output_stream: "OUT:out" output_stream: "HALF:middle"')
    assert expanded(OUTER, inner) == expanded(OUTER, INNER)


@pytest.mark.parametrize(
    ("outer", "inner", "message"),
    [
        (
            OUTER.replace("IN:a", "NOPE:a"),
            INNER,
            'outer:3:67: while processing the input streams of subgraph node TwiceSubgraph: ; Tag "NOPE" '
            "does not exist in the subgraph config. (It has: IN, EXTRA.)",
        ),
        (
            OUTER.replace('"OUT:b"', '"OUT:0:b" output_stream: "OUT:1:c"'),
            INNER,
            'subgraph node TwiceSubgraph: ; Tag "OUT" has 2 indexes in the subgraph node but has only 1 '
            "indexes in the subgraph config.",
        ),
        (OUTER.replace("IN:a", "IN:A"), INNER, 'TwiceSubgraph: TAG:index:name is invalid, "IN:A" does not'),
        (OUTER.replace("TwiceSubgraph", "TwiceSubgrap"), INNER, 'Did you mean "TwiceSubgraph"?'),
        (
            OUTER,
            INNER + 'node { calculator: "TwiceSubgraph" input_stream: "IN:in" }',
            "inner:8:20: [in My Twice, used at outer:3:1] Subgraphs contain each other: TwiceSubgraph -> ",
        ),
        (
            OUTER.replace("calculator", "source_layer: 1 calculator"),
            INNER,
            'outer:3:39: Subgraph "My Twice" has a field that is only applicable to calculators. '
            '("source_layer": give it to the nodes inside.)',
        ),
        (
            OUTER.replace("calculator", 'input_stream_info { tag_index: "IN" back_edge: true } calculator'),
            INNER,
            'Subgraph "My Twice" has a field that is only applicable to calculators.',
        ),
        (
            OUTER,
            INNER.replace("OUT:out", "OUT:oud"),
            'inner:5:16: No node in TwiceSubgraph makes its output stream "oud". Did you mean "out"?',
        ),
        (
            OUTER.replace("TwiceSubgraph", "TestEndlessSubgraph"),
            INNER,
            "Subgraphs contain each other: TestEndless",
        ),
        (
            OUTER.replace("TwiceSubgraph", "TestChainSubgraph"),
            INNER,
            "outer:3:1: My Twice: needs an input_stream in its options.",
        ),
    ],
)
def test_exception(outer: str, inner: str, message: str) -> None:
    assert message in error_of(outer, inner)


def test_all_problems_at_once() -> None:
    outer = OUTER + OUTER.replace('"a"', '"z"', 1).replace("IN:a", "NOPE:a").replace("OUT:b", "NIX:c")
    message = error_of(outer + OUTER.replace('"a"', '"y"', 1).replace("IN:a", "NADA:a"), INNER)
    assert [tag for tag in ("NOPE", "NIX", "NADA") if f'"{tag}"' in message] == ["NOPE", "NIX", "NADA"]


def test_problems_inside_point_into_the_subgraph() -> None:
    inner = INNER.replace('"TestPassCalculator"', '"TestPasCalculator"', 1)
    assert (
        "inner:6:34: [in My Twice, used at outer:3:1] No registered object with name: TestPasCalculator"
        in error_of(OUTER, inner)
    )


def test_problems_in_a_generated_subgraph_point_at_its_node() -> None:
    outer = OUTER.replace("TwiceSubgraph", "TestUnknownSubgraph")
    expected = "outer:3:1: [in My Twice, used at outer:3:1] No registered object with name: TestPasCalculator"
    assert expected in error_of(outer)


def test_generated() -> None:
    options = "{ [type.googleapis.com/mediapipe.CalculatorGraphConfig.Node] { input_stream: ['p', 'q'] } }"
    outer = OUTER.replace('"TwiceSubgraph"', '"TestChainSubgraph" node_options ' + options)
    assert expanded(outer) == [
        ("my_twice__TestPassCalculator_1", ["a"], ["my_twice__p"]),
        ("my_twice__TestPassCalculator_2", ["my_twice__p"], ["b"]),
    ]
    assert len(expanded(outer, settings=("My Twice.input_stream=p,q,r",))) == 3


def test_an_unreadable_file_beside_is_named_only_where_something_is_missing(tmp_path: Path) -> None:
    (tmp_path / "broken.pbtxt").write_text('type: "Broken" nod {')
    (tmp_path / "twice.pbtxt").write_text(INNER)
    (tmp_path / "outer.pbtxt").write_text(OUTER)
    assert len(CalculatorGraph(tmp_path / "outer.pbtxt").config.node) == 2
    (tmp_path / "outer.pbtxt").write_text(OUTER.replace("TwiceSubgraph", "Broken"))
    with pytest.raises(GraphError, match=r"Note: .*broken.pbtxt:1:16: Failed to parse"):
        CalculatorGraph(tmp_path / "outer.pbtxt")


# Options: the gate takes "allow" from the subgraph, the threshold is its own.
GATED = """
type: "GatedSubgraph"
input_stream: "IN:in"
output_stream: "OUT:out"
graph_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: true } }
node {
  name: "gate"
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { empty_packets_as_allow: true } }
  option_value: "allow:options/allow"
}
"""
GATED_USER = """
input_stream: "a"
node { name: "gated" calculator: "GatedSubgraph" input_stream: "IN:a" output_stream: "OUT:b" %s }
"""


def gate_options(options: str, inner: str = GATED, settings: tuple[str, ...] = ()) -> str:
    graph = CalculatorGraph(GATED_USER % options, subgraphs=[inner], settings=settings)
    node = graph.config.node[0]
    calculator = find_calculator(node.calculator)
    assert calculator
    assert calculator.Options
    assert not node.option_value
    return " ".join(str(node_options(node, calculator.Options)).split())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", "true"),
        ("node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: false } }", "false"),
        ("options { [mediapipe.GateCalculatorOptions.ext] { allow: false } }", "false"),
        ("options { [mediapipe.GateCalculatorOptions.ext] { } }", "true"),
    ],
)
def test_the_node_overrides_the_graph_options(options: str, expected: str) -> None:
    assert gate_options(options) == f"empty_packets_as_allow: true allow: {expected}"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("gated.allow=false", "empty_packets_as_allow: true allow: false"),
        ("GatedSubgraph.allow=false", "empty_packets_as_allow: true allow: false"),
        ("gate.allow=false", "empty_packets_as_allow: true allow: false"),
        ("gated__gate.empty_packets_as_allow=false", "empty_packets_as_allow: false allow: true"),
    ],
)
def test_settings_reach_subgraphs_and_what_is_inside(setting: str, expected: str) -> None:
    assert gate_options("", settings=(setting,)) == expected


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("gatet.allow=false", '"gatet.allow=false": the graph has no node "gatet". Did you mean "gate'),
        ("gated.alow=false", 'mediapipe.GateCalculatorOptions has no option "alow". Did you mean "allow"?'),
        ("gated=false", '"gated=false" is not of the form node.option=value.'),
    ],
)
def test_wrong_settings(setting: str, message: str) -> None:
    with pytest.raises(GraphError) as error:
        gate_options("", settings=(setting,))
    assert message in str(error.value)


def test_a_subgraph_without_options_has_none_to_set() -> None:
    with pytest.raises(GraphError, match=r'"My Twice.x=1": TwiceSubgraph has no options'):
        expanded(OUTER, INNER, settings=("My Twice.x=1",))


def test_options_go_through_several_levels() -> None:
    middle = """
        type: "Middle" input_stream: "IN:x" output_stream: "OUT:y"
        graph_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { } }
        node {
          calculator: "GatedSubgraph" input_stream: "IN:x" output_stream: "OUT:y"
          option_value: "OPTIONS:OPTIONS"
          node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { } }
        }
    """
    outer = (GATED_USER % "").replace("GatedSubgraph", "Middle")
    for settings, allow in (((), True), (("gated.allow=false",), False)):
        graph = CalculatorGraph(outer, subgraphs=[middle, GATED], settings=settings)
        (options,) = node_messages(graph.config.node[0])
        assert f"allow: {str(allow).lower()}" in str(options)


@pytest.mark.parametrize(
    ("options", "inner", "message"),
    [
        (
            "options { [mediapipe.ThresholdingCalculatorOptions.ext] { threshold: 0.5 } }",
            GATED,
            "GatedSubgraph takes options of type mediapipe.GateCalculatorOptions, not "
            "mediapipe.ThresholdingCalculatorOptions.",
        ),
        (
            "",
            GATED.replace("options/allow", "options/alow"),
            'inner:12:17: [in gated, used at outer:3:1] option_value "allow:options/alow": mediapipe.'
            'GateCalculatorOptions has no option "alow". Did you mean "allow"?',
        ),
    ],
)
def test_option_problems(options: str, inner: str, message: str) -> None:
    assert message in error_of(GATED_USER % options, inner)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ('executor: "e"', 'The executor of subgraph node "My Twice" has no effect: give it to the nodes'),
        ("max_in_flight: 2", 'The max_in_flight of subgraph node "My Twice" has no effect'),
        (
            "options { [mediapipe.GateCalculatorOptions.ext] { } }",
            "The mediapipe.GateCalculatorOptions of TwiceSubgraph have no effect: it has no options",
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(field: str, message: str) -> None:
    with pytest.warns(GraphWarning, match=re.escape(message)) as warned:
        assert expanded(OUTER.replace("calculator", f"{field} calculator"), INNER) == expanded(OUTER, INNER)
    assert [(warning.filename, warning.lineno) for warning in warned] == [("<string>", 3)]
