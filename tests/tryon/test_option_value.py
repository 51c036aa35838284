"""option_value: paths into options messages; ConstantSidePacketCalculatorOptions has all kinds of fields."""

import contextlib

import pytest
from google.protobuf import text_format
from hypothesis import given, settings
from hypothesis import strategies as st

from calculators.core import core_pb2
from tryon.config import Config, parse_graph
from tryon.contract import Node, node_options
from tryon.errors import GraphError
from tryon.option_value import apply_option_value, put_options
from tryon.proto.pool import POOL

Options = core_pb2.ConstantSidePacketCalculatorOptions
Gate = core_pb2.GateCalculatorOptions
FULL = 'packet { classification_list_value { classification { index: 3 label: "q" } } }'


def packed(text: str) -> str:
    return f"{{ [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] {{ {text} }} }}"


def node_with(text: str) -> Node:
    node = Node(calculator="ConstantSidePacketCalculator")
    put_options(node, text_format.Parse(text, Options(), descriptor_pool=POOL))
    return node


def graph_with(text: str) -> Config:
    return parse_graph(f"graph_options {packed(text)}", "graph").config


@pytest.mark.parametrize(
    ("option_value", "graph", "before", "after"),
    [
        (
            "packet/0/int_value:packet/0/int_value",
            "packet { int_value: 5 }",
            "packet {}",
            "packet { int_value: 5 }",
        ),
        (
            "packet/int_value:packet/int_value",
            "packet { int_value: 5 }",
            "packet {}",
            "packet { int_value: 5 }",
        ),
        (
            "OPTIONS/packet/0/int_value:options/packet/1/int_value",
            "packet { int_value: 5 } packet { int_value: 6 }",
            "packet { int_value: 1 } packet { int_value: 2 }",
            "packet { int_value: 6 } packet { int_value: 2 }",
        ),
        (
            "packet/0/int_value:packet/0/uint64_value",
            "packet { uint64_value: 5 }",
            "packet {}",
            "packet { int_value: 5 }",
        ),
        (
            "packet/0/float_value:packet/0/int_value",
            "packet { int_value: 5 }",
            "packet {}",
            "packet { float_value: 5 }",
        ),
        (
            "packet/0/string_value:packet/0/string_value",
            'packet { string_value: "a" }',
            "",
            'packet { string_value: "a" }',
        ),
        (
            "packet/0/bool_value:packet/0/bool_value",
            "packet { bool_value: true }",
            "",
            "packet { bool_value: true }",
        ),
        (
            "packet/0/int_value/0:packet/0/int_value/0",
            "packet { int_value: 5 }",
            "packet {}",
            "packet { int_value: 5 }",
        ),
        ("packet/0/int_value:packet/0/int_value", "packet {}", "packet { int_value: 7 }", "packet {}"),
        (
            "packet:packet",
            "packet { int_value: 5 }",
            'packet { string_value: "x" }',
            "packet { int_value: 5 }",
        ),
        ("packet:packet", "", "packet { int_value: 7 }", ""),
        ("packet/1:packet/0", "packet { int_value: 5 }", "packet {}", "packet {} packet { int_value: 5 }"),
        ("options:options", "packet { int_value: 5 }", "packet {}", "packet {} packet { int_value: 5 }"),
        (
            "packet/0/classification_list_value:packet/0/classification_list_value",
            "packet { classification_list_value { classification { index: 3 } } }",
            "packet { classification_list_value { classification { index: 4 } } }",
            "packet { classification_list_value { classification { index: 4 } "
            "classification { index: 3 } } }",
        ),
        (
            "packet/0/classification_list_value/classification/0/label:"
            "packet/0/classification_list_value/classification/1/label",
            'packet { classification_list_value { classification {} classification { label: "q" } } }',
            "packet { classification_list_value { classification { index: 4 } } }",
            'packet { classification_list_value { classification { index: 4 label: "q" } } }',
        ),
    ],
)
def test_values(option_value: str, graph: str, before: str, after: str) -> None:
    node = node_with(before)
    apply_option_value(option_value, node, graph_with(graph), Node())
    assert node == node_with(after)


def test_the_type_chooses_among_several_messages() -> None:
    graph = parse_graph(
        "graph_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: true } }"
        f"graph_options {packed('packet { bool_value: false }')}",
        "graph",
    ).config
    name = "Ext::mediapipe.ConstantSidePacketCalculatorOptions"
    for graph_path, expected in (("allow", True), (f"{name}/packet/0/bool_value", False)):
        node = node_with("packet {}")
        apply_option_value(f"packet/0/bool_value:OPTIONS/{graph_path}", node, graph, Node())
        assert node_options(node, Options).packet[0].bool_value is expected


def test_the_using_node_comes_before_the_defaults() -> None:
    node, user = node_with("packet {}"), Node()
    put_options(user, Gate(empty_packets_as_allow=False))
    graph = parse_graph(
        "graph_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: true "
        "empty_packets_as_allow: true } }",
        "graph",
    ).config
    for field, expected in (("allow", True), ("empty_packets_as_allow", False)):
        apply_option_value(f"packet/0/bool_value:{field}", node, graph, user)
        assert node_options(node, Options).packet[0].bool_value is expected


def test_without_graph_options_nothing_happens() -> None:
    node = node_with("packet { int_value: 7 }")
    apply_option_value("packet:nope", node, Config(), Node())
    assert node == node_with("packet { int_value: 7 }")


def test_an_extension_becomes_node_options() -> None:
    node = parse_graph(
        "node { options { [mediapipe.GateCalculatorOptions.ext] { allow: false } } }", "g"
    ).config.node[0]
    apply_option_value(
        "empty_packets_as_allow:packet/0/bool_value", node, graph_with("packet { bool_value: true }"), Node()
    )
    assert node_options(node, Gate) == Gate(allow=False, empty_packets_as_allow=True)
    assert not node.HasField("options")


@pytest.mark.parametrize(
    ("option_value", "message"),
    [
        ("packet", 'has the form "node option:graph option"'),
        (":packet", 'has the form "node option:graph option"'),
        ("a:b:c", 'has the form "node option:graph option"'),
        ("Ext::mediapipe.Nope/a:packet", "Option extension not found: mediapipe.Nope."),
        ("pocket:packet", 'has no option "pocket". Did you mean "packet"?'),
        ("packet:pocket", 'has no option "pocket". Did you mean "packet"?'),
        ("0/packet:packet", 'has no option "0".'),
        ("packet/2:packet/0", 'Option field index out of range: 2. "packet" has 1 values.'),
        ("packet/0:packet/1", 'Option field index out of range: 1. "packet" has 1 values.'),
        (
            "packet/0/int_value/1:packet/0/int_value",
            'Option field index out of range: 1. "int_value" has 1 values.',
        ),
        ("packet/0:packet", '"packet" takes one value, not a list of 1.'),
        ("packet/0/bool_value:packet/0/int_value", '"bool_value" takes true or false, not a whole number.'),
        (
            "packet/0/int_value:packet/0",
            '"int_value" takes a whole number, not mediapipe.ConstantSidePacketC',
        ),
        ("packet/0/int_value/x:packet/0/int_value", '"int_value" has no options of its own, such as "x".'),
        ("options:packet/0", "the node takes mediapipe.ConstantSidePacketCalculatorOptions, not"),
    ],
)
def test_exception(option_value: str, message: str) -> None:
    with pytest.raises(GraphError) as error:
        apply_option_value(
            option_value, node_with("packet {}"), graph_with("packet { int_value: 5 }"), Node()
        )
    assert message in str(error.value)


def test_numbers_out_of_range() -> None:
    with pytest.raises(GraphError, match='"int_value" cannot be 4294967296'):
        apply_option_value(
            "packet/0/int_value:packet/0/uint64_value",
            node_with("packet {}"),
            graph_with("packet { uint64_value: 4294967296 }"),
            Node(),
        )


def test_a_node_without_options() -> None:
    with pytest.raises(GraphError, match=r"Option extension not found: \*. Give the node options"):
        apply_option_value("packet:packet", Node(), graph_with("packet {}"), Node())


PIECES = (
    *("packet", "int_value", "string_value", "classification_list_value", "classification", "label", "score"),
    *(
        "0",
        "1",
        "9",
        "-1",
        "options",
        "OPTIONS",
        "Ext::",
        "Ext::mediapipe.GateCalculatorOptions",
        "allow",
        "",
    ),
)
PATHS = st.lists(st.sampled_from(PIECES), max_size=5).map("/".join)


@given(st.lists(PATHS, max_size=3).map(":".join), st.sampled_from(["", "packet { int_value: 5 }", FULL]))
@settings(max_examples=300, deadline=None)
def test_any_text_does_its_work_or_says_what_is_wrong(text: str, graph: str) -> None:
    with contextlib.suppress(GraphError):
        apply_option_value(text, node_with(FULL), graph_with(graph), Node())
