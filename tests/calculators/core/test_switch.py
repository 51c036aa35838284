"""SwitchContainer: what it expands to, and which node works when."""

from typing import Any

import pytest

from calculators.core.core_pb2 import SwitchContainerOptions
from calculators.core.switch_container import SwitchContainer
from tests.calculators.core.run import EMPTY, Seen, node, run_graph
from tryon import GraphError
from tryon.config import parse_graph
from tryon.contract import node_options
from tryon.docstring import parse_docstring
from tryon.graph import CalculatorGraph

PASS = 'contained_node { calculator: "PassThroughCalculator" } '
THRESHOLDS = "".join(
    'contained_node { calculator: "ThresholdingCalculator" node_options {'
    f" [type.googleapis.com/mediapipe.ThresholdingCalculatorOptions] {{ threshold: {threshold} }} }} }} "
    for threshold in (0.1, 0.9)
)


def switch(streams: str, options: str) -> str:
    return node("SwitchContainer", streams, options)


def expanded(streams: str, options: str) -> list[dict[str, Any]]:
    """The nodes that a container turns into, with what they connect."""
    config = SwitchContainer.get_config(parse_graph(switch(streams, options), "test").config.node[0])
    return [
        {
            "calculator": inner.calculator,
            "in": " ".join([*inner.input_stream, *(f"${name}" for name in inner.input_side_packet)]),
            "out": " ".join([*inner.output_stream, *(f"${name}" for name in inner.output_side_packet)]),
        }
        for inner in config.node
    ]


def test_the_example_is_a_graph() -> None:
    docstring = parse_docstring(SwitchContainer.__doc__)
    assert set(SwitchContainerOptions.DESCRIPTOR.fields_by_name) == set(docstring.options)
    streams = 'input_stream: "hair_share" input_stream: "is_strict" '
    names = [inner.calculator for inner in CalculatorGraph(streams + docstring.example).config.node]
    assert names.count("ThresholdingCalculator") == 2


def test_expansion_routes_through_demux_and_mux() -> None:
    assert expanded("A:a B:1:b B:0:c $S:s -> X:x", PASS * 2) == [
        {
            "calculator": "SwitchDemuxCalculator",
            "in": "A:a B:c B:1:b $S:s",
            "out": "C0__A:c0__a C0__B:c0__c C0__B:1:c0__b C1__A:c1__a C1__B:c1__c C1__B:1:c1__b "
            "$C0__S:c0__s $C1__S:c1__s",
        },
        {"calculator": "SwitchMuxCalculator", "in": "C0__X:c0__x C1__X:c1__x", "out": "X:x"},
        {"calculator": "PassThroughCalculator", "in": "A:c0__a B:c0__c B:1:c0__b $S:c0__s", "out": "X:c0__x"},
        {"calculator": "PassThroughCalculator", "in": "A:c1__a B:c1__c B:1:c1__b $S:c1__s", "out": "X:c1__x"},
    ]


@pytest.mark.parametrize(
    ("options", "ticks"),
    [
        ("", "TICK:a TICK:1:b"),
        ('tick_input_stream: "B"', "TICK:b"),
        ('tick_input_stream: "B" tick_input_stream: "A:0"', "TICK:a TICK:1:b"),
    ],
)
def test_expansion_of_a_selection_stream(options: str, ticks: str) -> None:
    sequencer, demux, mux, *_ = expanded("A:a B:b ENABLE:e -> X:x", f"{options} {PASS}")
    assert sequencer == {
        "calculator": "PacketSequencerCalculator",
        "in": f"INPUT:gate_enable {ticks}",
        "out": "OUTPUT:gate_enable_timed",
    }
    assert demux["in"] == "ENABLE:gate_enable_timed A:a B:b"
    assert mux["in"] == "ENABLE:gate_enable_timed C0__X:c0__x"


def test_expansion_numbers_a_stream_that_comes_twice() -> None:
    demux, *_ = expanded("A:a B:a -> X:x", PASS)
    assert demux["out"] == "C0__A:c0__a C0__B:c0__a_2"


@pytest.mark.parametrize("form", ["options", "node_options"])
def test_both_ends_get_the_options_but_not_the_contained_nodes(form: str) -> None:
    inner = f"select: 1 synchronize_io: true {PASS}"
    name = {"options": "mediapipe.SwitchContainerOptions.ext"}.get(
        form, "type.googleapis.com/mediapipe.SwitchContainerOptions"
    )
    text = f'node {{ calculator: "SwitchContainer" input_stream: "a" {form} {{ [{name}] {{ {inner} }} }} }}'
    config = SwitchContainer.get_config(parse_graph(text, "test").config.node[0])
    for end in config.node[:2]:
        assert node_options(end, SwitchContainerOptions) == SwitchContainerOptions(
            select=1, synchronize_io=True
        )


@pytest.mark.parametrize(
    ("streams", "options", "message"),
    [
        ("FLOAT:f -> FLAG:x", "select: 1 enable: true", "Only one of SwitchContainer options"),
        ("FLOAT:f SELECT:s ENABLE:e -> FLAG:x", "", "Only one of SwitchContainer inputs"),
        ("FLOAT:f $SELECT:s $ENABLE:e -> FLAG:x", "", "Only one of SwitchContainer inputs"),
        ("a -> x", 'contained_node { calculator: "Nope" }', "No registered object with name: Nope"),
    ],
)
def test_refused(streams: str, options: str, message: str) -> None:
    interface = 'input_stream: "f" input_stream: "s" input_stream: "e" input_stream: "a" '
    interface += 'input_side_packet: "s" input_side_packet: "e" '
    with pytest.raises(GraphError, match=message):
        CalculatorGraph(interface + switch(streams, options))


@pytest.mark.parametrize(
    ("streams", "options", "sides", "script", "flags"),
    [
        ("FLOAT:f", "", {}, "f@1=0.5 f@2=0.5", [True, True]),
        ("FLOAT:f", "select: 1", {}, "f@1=0.5", [False]),
        ("FLOAT:f", "enable: true", {}, "f@1=0.5", [False]),
        ("FLOAT:f $SELECT:p", "", {"p": 1}, "f@1=0.5", [False]),
        ("FLOAT:f $ENABLE:p", "select: 1", {"p": False}, "f@1=0.5", [True]),
        ("FLOAT:f SELECT:s", "", {}, "s@1=1 f@1=0.5 f@2=0.5 s@3=0 f@3=0.5", [False, False, True]),
        ("FLOAT:f SELECT:s", "", {}, "f@1=0.5 f@2=0.5 s@2=1 s@3=0 f@3=0.5", [True, False, True]),
        ("FLOAT:f ENABLE:s", "synchronize_io: true", {}, "f@1=0.5 s@2=True f@2=0.5", [True, False]),
        ("FLOAT:f ENABLE:s", "async_selection: true", {}, "f@1=0.5 s@9=True f@2=0.5", [True, False]),
    ],
)
def test_selection(streams: str, options: str, sides: dict[str, Any], script: str, flags: list[bool]) -> None:
    graph = switch(f"{streams} -> FLAG:flag", f"{options} {THRESHOLDS}")
    (seen,) = run_graph(graph, script, "flag", side_packets=sides)
    assert [value for _, value in seen] == flags


def test_side_packets_go_to_all_nodes_and_come_from_the_selected_one() -> None:
    graph = CalculatorGraph('input_side_packet: "a" ' + switch("$a -> $b", f"select: 1 {PASS * 2}"))
    graph.start_run({"a": 5})
    graph.wait_until_done()
    assert graph.get_output_side_packet("b").value == 5


def test_demux_leaves_the_other_channel_alone() -> None:
    graph = node("SwitchDemuxCalculator", "SELECT:s in -> C0__:a C1__:b")
    a, b = run_graph(graph, "s@1=0 in@1=1 in@2=2 s@2=0 s@3=1 in@3=3", "a", "b", bounds=True)
    assert (a, b) == ([(1, 1), (2, 2)], [(3, 3), (2**63 - 4, EMPTY)])


@pytest.mark.parametrize(
    ("script", "out"),
    [
        ("s@1=0 a@1=1 s@3=1 b@3=3 a@2=2 a@3=9", [(1, 1), (2, 2), (3, 3)]),
        ("b@1=1 b@2=2 s@1=0 a@1=5 s@2=1 a@2=6", [(1, 5), (2, 2)]),
    ],
)
def test_mux_waits_for_what_the_old_channel_still_says(script: str, out: Seen) -> None:
    graph = node("SwitchMuxCalculator", "SELECT:s C0__:a C1__:b -> out")
    assert run_graph(graph, script, "out") == [out]


def test_a_side_packet_from_a_channel_that_is_not_there() -> None:
    graph = CalculatorGraph('input_side_packet: "a" ' + switch("$a -> $b", f"select: 7 {PASS * 2}"))
    graph.start_run({"a": 5})
    with pytest.raises(GraphError, match="There is no channel 7 to take the output side packets from"):
        graph.wait_until_done()
