"""The core calculators in small graphs: what goes in, what comes out, what settles without a packet."""

from typing import Any

import pytest

from tests.calculators.core.run import EMPTY, Seen, node, run_graph
from tryon import GraphError, Timestamp
from tryon.graph import CalculatorGraph


def test_pass_through_matches_by_tag_not_by_order() -> None:
    graph = node("PassThroughCalculator", "A:a b -> c A:d")
    assert run_graph(graph, "a@1=10 b@1=20", "c", "d") == [[(1, 20)], [(1, 10)]]


def test_pass_through_passes_side_packets() -> None:
    graph = CalculatorGraph(
        'input_side_packet: "a" input_side_packet: "b" ' + node("PassThroughCalculator", "X:$a $b -> $d X:$c")
    )
    graph.start_run({"a": 1, "b": "two"})
    graph.wait_until_done()
    assert [graph.get_output_side_packet(name).value for name in "cd"] == [1, "two"]


@pytest.mark.parametrize(
    ("options", "script", "out", "changes"),
    [
        ("", "in@1=1 ctl@1=True in@2=2 ctl@2=False in@3=3 ctl@3=True", [(1, 1), (2, EMPTY), (3, 3)], [2, 3]),
        ("", "in@1=1 in@2=2 ctl@2=True", [(1, EMPTY), (2, 2)], [2]),
        ("empty_packets_as_allow: true", "in@1=1 ctl@2=False in@2=2", [(1, 1), (2, EMPTY)], [2]),
        ("initial_gate_state: GATE_ALLOW", "in@1=1 ctl@1=False", [(1, EMPTY)], [1]),
        ("initial_gate_state: GATE_DISALLOW", "in@1=1 ctl@1=False", [(1, EMPTY)], []),
    ],
)
def test_gate_by_stream(options: str, script: str, out: Seen, changes: list[int]) -> None:
    graph = node("GateCalculator", "in ALLOW:ctl -> out STATE_CHANGE:changes", options)
    got, state = run_graph(graph, script, "out", "changes", bounds=True)
    assert got == out
    assert [timestamp for timestamp, value in state if value is not EMPTY] == changes


@pytest.mark.parametrize(
    ("streams", "value", "out"),
    [
        ("in ALLOW:$s -> out", True, [(1, 5), (2, 6)]),
        ("in ALLOW:$s -> out", False, []),
        ("in DISALLOW:$s -> out", False, [(1, 5), (2, 6)]),
        ("in DISALLOW:$s -> out", True, []),
    ],
)
def test_gate_by_side_packet(streams: str, value: bool, out: Seen) -> None:
    graph = node("GateCalculator", streams)
    assert run_graph(graph, "in@1=5 in@2=6", "out", bounds=True, side_packets={"s": value}) == [out]


@pytest.mark.parametrize(("options", "out"), [("allow: true", [(1, 5)]), ("", [(1, EMPTY)])])
def test_gate_by_option(options: str, out: Seen) -> None:
    assert run_graph(node("GateCalculator", "in -> out", options), "in@1=5", "out", bounds=True) == [out]


def test_packet_presence_sees_what_was_dropped() -> None:
    graph = node("GateCalculator", "in ALLOW:ctl -> gated")
    graph += node("PacketPresenceCalculator", "PACKET:gated -> PRESENCE:there")
    script = "in@1=1 ctl@1=True in@2=2 ctl@2=False in@3=3 ctl@3=True"
    assert run_graph(graph, script, "there") == [[(1, True), (2, False), (3, True)]]


LOOPBACK = node("PreviousLoopbackCalculator", "MAIN:main ^LOOP:loop -> PREV_LOOP:prev")


@pytest.mark.parametrize(
    ("script", "prev"),
    [
        ("main@1=1 loop@1=11 main@2=2 loop@2=12 main@3=3", [(1, EMPTY), (2, 11), (3, 12)]),
        ("main@1=1 main@2=2 loop@1=11 main@3=3 loop@3=13", [(1, EMPTY), (2, 11), (3, EMPTY)]),
        ("loop@1=11 main@1=1 main@2=2", [(1, EMPTY), (2, 11)]),
        ("main@1=1 loop! main@2=2 main@3=3", [(1, EMPTY), (2, EMPTY), (3, EMPTY)]),
        ("main@1=1 main@2=2 main! loop@1=11", [(1, EMPTY), (2, 11)]),
    ],
)
def test_previous_loopback(script: str, prev: Seen) -> None:
    assert run_graph(LOOPBACK, script, "prev", bounds=True) == [prev]


def test_previous_loopback_skips_main_timestamps_without_a_packet() -> None:
    graph = node("GateCalculator", "in ALLOW:ctl -> main") + LOOPBACK
    script = "in@1=1 ctl@1=True loop@1=11 in@2=2 ctl@2=False in@3=3 ctl@3=True"
    assert run_graph(graph, script, "prev", bounds=True) == [[(1, EMPTY), (2, EMPTY), (3, 11)]]


def test_previous_loopback_closes_a_cycle() -> None:
    graph = node("PreviousLoopbackCalculator", "MAIN:in ^LOOP:out -> PREV_LOOP:prev")
    graph += node("PassThroughCalculator", "in prev -> out before")
    script = " ".join(f"in@{i}={i}" for i in range(200))
    out, before = run_graph(graph, script, "out", "before")
    assert out == [(i, i) for i in range(200)]
    assert before == [(i, i - 1) for i in range(1, 200)]


@pytest.mark.parametrize(
    ("options", "script", "out", "dropped"),
    [
        ("", "in@1=1 in@2=2 fin@1=0 in@3=3", [1, 3], [2]),
        ("max_in_flight: 2", "in@1=1 in@2=2 in@3=3 fin@2=0 in@4=4 in@5=5", [1, 2, 4, 5], [3]),
        ("max_in_queue: 1", "in@1=1 in@2=2 in@3=3 fin@1=0", [1, 3], [2]),
        ("in_flight_timeout: 10", "in@1=1 in@11=11 in@12=12 fin!", [1, 12], [11]),
        ("max_in_queue: 2", "in@1=1 in@2=2 in@3=3 in! fin@1=0 fin@2=0", [1, 2, 3], []),
    ],
)
def test_flow_limiter(options: str, script: str, out: list[int], dropped: list[int]) -> None:
    graph = node("FlowLimiterCalculator", "in FINISHED:fin -> out ALLOW:allow", options)
    frames, allowed = run_graph(graph, script, "out", "allow")
    assert [value for _, value in frames] == out
    assert [timestamp for timestamp, allow in allowed if not allow] == dropped


def test_flow_limiter_side_packet_takes_the_place_of_the_option() -> None:
    graph = node("FlowLimiterCalculator", "in FINISHED:fin MAX_IN_FLIGHT:$n -> out")
    script = "in@1=1 in@2=2 in@3=3 fin!"
    assert run_graph(graph, script, "out", side_packets={"n": 2}) == [[(1, 1), (2, 2)]]


def test_flow_limiter_drops_further_inputs_along_with_the_first() -> None:
    graph = node("FlowLimiterCalculator", "in more FINISHED:fin -> out more_out")
    script = "more@1=1 in@1=1 in@3=3 more@2=2 more@3=3 more@4=4 fin@1=0 in@5=5 more@5=5"
    assert run_graph(graph, script, "more_out") == [[(1, 1), (2, 2), (5, 5)]]


def test_flow_limiter_ends_its_own_loop() -> None:
    graph = node("FlowLimiterCalculator", "in ^FINISHED:out -> limited")
    graph += node("PassThroughCalculator", "limited -> out")
    assert run_graph(graph, "in@1=1 in@2=2", "out") == [[(1, 1), (2, 2)]]


@pytest.mark.parametrize(
    ("streams", "script", "out"),
    [
        ("$s -> AT_PRESTREAM:out", "", [(Timestamp.PRESTREAM, 7)]),
        ("$s -> AT_ZERO:out", "", [(0, 7)]),
        ("$s -> AT_POSTSTREAM:out", "", [(Timestamp.POSTSTREAM, 7)]),
        ("$s TIMESTAMP:$t -> AT_TIMESTAMP:out", "", [(77, 7)]),
        ("$s TICK:tick -> AT_TICK:out", "tick@3=0 tick@8=0", [(3, 7), (8, 7)]),
        ("$s TICK:tick -> AT_FIRST_TICK:out", "tick@3=0 tick@8=0", [(3, 7)]),
    ],
)
def test_side_packet_to_stream(streams: str, script: str, out: Seen) -> None:
    graph = node("SidePacketToStreamCalculator", streams)
    assert run_graph(graph, script, "out", side_packets={"s": 7, "t": 77}) == [out]


def test_constant_side_packets() -> None:
    values = {"int_value": "-5", "uint64_value": str(2**64 - 1), "double_value": "0.1", "bool_value": "true"}
    packets = " ".join(f"packet {{ {kind}: {text} }}" for kind, text in values.items())
    packets += ' packet { string_vector_value { string_value: "a" string_value: "b" } }'
    outputs = " ".join(f"PACKET:{i}:$s{i}" for i in range(5))
    graph = CalculatorGraph(node("ConstantSidePacketCalculator", f"-> {outputs}", packets))
    graph.start_run()
    graph.wait_until_done()
    got = [graph.get_output_side_packet(f"s{i}").value for i in range(5)]
    assert got == [-5, 2**64 - 1, 0.1, True, ["a", "b"]]


@pytest.mark.parametrize(
    ("calculator", "text", "value"),
    [
        ("StringToIntCalculator", "123", 123),
        ("StringToIntCalculator", " -007 ", -7),
        ("StringToInt64Calculator", "99999999999", 99999999999),
        ("StringToIntCalculator", "99999999999", None),
        ("StringToUintCalculator", "-1", None),
        ("StringToIntCalculator", "1_0", None),
        ("StringToIntCalculator", "", None),
    ],
)
def test_string_to_int(calculator: str, text: str, value: int | None) -> None:
    graph = CalculatorGraph('input_side_packet: "s" ' + node(calculator, "$s -> $n"))
    graph.start_run({"s": text})
    if value is None:
        with pytest.raises(GraphError, match=r"could not be parsed as an integer\."):
            graph.wait_until_done()
        return
    graph.wait_until_done()
    assert graph.get_output_side_packet("n").value == value


@pytest.mark.parametrize(
    ("options", "script", "flags"),
    [
        ("threshold: 0.5", "f@1=0.5 f@2=0.6", [False, True]),
        ("", "f@1=0.0 f@2=0.1", [False, True]),
    ],
)
def test_thresholding(options: str, script: str, flags: list[bool]) -> None:
    graph = node("ThresholdingCalculator", "FLOAT:f -> FLAG:flag ACCEPT:yes REJECT:no", options)
    flag, yes, no = run_graph(graph, script, "flag", "yes", "no")
    assert [value for _, value in flag] == flags
    assert yes == [item for item in flag if item[1]]
    assert no == [item for item in flag if not item[1]]


def test_thresholding_keeps_the_last_threshold() -> None:
    graph = node("ThresholdingCalculator", "FLOAT:f THRESHOLD:t -> FLAG:flag")
    script = "t@1=0.9 f@1=0.5 f@2=0.5 t@3=0.1 f@3=0.5"
    assert run_graph(graph, script, "flag") == [[(1, False), (2, False), (3, True)]]


@pytest.mark.parametrize(
    ("outputs", "options", "values"),
    [
        ("x y", "ranges { begin: 0 end: 1 } ranges { begin: 1 end: 3 }", [[1.0], [2.0, 3.0]]),
        ("x y", "ranges { begin: 0 end: 1 } ranges { begin: 2 end: 3 } element_only: true", [1.0, 3.0]),
        ("x", "ranges { begin: 2 end: 3 } ranges { begin: 0 end: 1 } combine_outputs: true", [[3.0, 1.0]]),
    ],
)
def test_split_vector(outputs: str, options: str, values: list[Any]) -> None:
    graph = node("SplitFloatVectorCalculator", f"v -> {outputs}", options, "SplitVectorCalculatorOptions")
    got = run_graph(graph, "v@1=[1.0,2.0,3.0]", *outputs.split())
    assert got == [[(1, value)] for value in values]


@pytest.mark.parametrize(
    ("options", "out"),
    [
        ("", [(1, [1.0, 2.0]), (2, [3.0]), (3, [])]),
        ("only_emit_if_all_present: true", [(1, [1.0, 2.0]), (2, EMPTY), (3, EMPTY)]),
    ],
)
def test_concatenate_vector(options: str, out: Seen) -> None:
    calculator, message = "ConcatenateFloatVectorCalculator", "ConcatenateVectorCalculatorOptions"
    graph = node(calculator, "x y -> out", options, message)
    script = "x@1=1.0 y@1=[2.0] x@2=[3.0] y@3=[]"
    assert run_graph(graph, script, "out", bounds=True) == [out]


def test_merge_takes_the_first_input_that_has_a_packet() -> None:
    graph = node("MergeCalculator", "a b -> out")
    assert run_graph(graph, "a@1=1 b@1=11 b@2=12 a@3=3", "out") == [[(1, 1), (2, 12), (3, 3)]]


def test_loop_over_lists() -> None:
    graph = node("BeginLoopFloatCalculator", "ITERABLE:v CLONE:k -> ITEM:item CLONE:clone BATCH_END:end")
    graph += node("ThresholdingCalculator", "FLOAT:item THRESHOLD:clone -> FLAG:flag")
    graph += node("EndLoopBooleanCalculator", "ITEM:flag BATCH_END:end -> ITERABLE:out")
    script = "k@10=0.5 v@10=[0.1,0.9] k@20=0.5 v@20=[] k@30=0.2 v@30=[0.3]"
    item, out = run_graph(graph, script, "item", "out", bounds=True)
    assert item == [(0, 0.1), (1, 0.9), (2, EMPTY), (3, 0.3)]
    assert out == [(10, [False, True]), (20, EMPTY), (30, [True])]


def test_packet_sequencer_puts_packets_after_the_newest_tick() -> None:
    graph = node("PacketSequencerCalculator", "INPUT:i TICK:0:f TICK:1:m -> OUTPUT:out")
    script = "i@9=1 f@10=0 m@20=0 i@12=2 f@15=0 i@99=3"
    wanted = [(Timestamp.MIN, 1), (10, EMPTY), (20, EMPTY), (21, 2), (22, 3)]
    assert run_graph(graph, script, "out", bounds=True) == [wanted]


@pytest.mark.parametrize(
    ("calculator", "streams", "options", "message"),
    [
        (
            "PassThroughCalculator",
            "A:a -> B:b",
            "",
            "Input and output streams to PassThroughCalculator must use matching tags and indexes.",
        ),
        (
            "PassThroughCalculator",
            "$s -> X:$t",
            "",
            "Input and output side packets to PassThroughCalculator must use matching tags and indexes.",
        ),
        ("GateCalculator", "a ALLOW:b DISALLOW:b -> c", "", "At most one of ALLOW and DISALLOW"),
        ("GateCalculator", "a b -> c", "", "Number of data output streams must match"),
        ("FlowLimiterCalculator", "a -> c", "", 'Failed to get tag "FINISHED" index 0'),
        ("FlowLimiterCalculator", "FINISHED:a -> ALLOW:c", "", "At least one untagged input stream"),
        ("PreviousLoopbackCalculator", "MAIN:a -> PREV_LOOP:c", "", 'Failed to get tag "LOOP" index 0'),
        ("ConstantSidePacketCalculator", "-> PACKET:$t", "packet {}", "None of supported values were"),
        ("ConstantSidePacketCalculator", "-> PACKET:$t", "", "Number of output side packets has to be same"),
        ("SidePacketToStreamCalculator", "$s -> AT_NOON:c", "", "AT_FIRST_TICK and AT_TIMESTAMP tags is"),
        ("SidePacketToStreamCalculator", "$s -> AT_TICK:c", "", "Either both TICK input and tick"),
        ("SidePacketToStreamCalculator", "$s -> AT_ZERO:0:c AT_ZERO:1:d", "", "Same number of input side"),
        ("MergeCalculator", "-> c", "", "Needs at least one input stream"),
        ("ConcatenateFloatVectorCalculator", "-> c", "", "At least one untagged input stream"),
        ("BeginLoopFloatCalculator", "ITERABLE:a CLONE:b -> ITEM:c BATCH_END:d", "", "as many CLONE outputs"),
    ],
)
def test_bad_nodes_are_refused(calculator: str, streams: str, options: str, message: str) -> None:
    inputs = 'input_stream: "a" input_stream: "b" input_side_packet: "s" '
    with pytest.raises(GraphError) as caught:
        CalculatorGraph(inputs + node(calculator, streams, options))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("outputs", "options", "message"),
    [
        ("x", "", "The number of output streams should match the number of ranges"),
        ("x", "ranges { begin: 2 end: 2 }", "begin index should be less than the end index."),
        ("x", "ranges { begin: -1 end: 2 }", "Indices should be non-negative"),
        ("x", "ranges { begin: 0 end: 2 } element_only: true", "all ranges should be of size 1."),
        (
            "x",
            "ranges { begin: 0 end: 2 } ranges { begin: 1 end: 3 } combine_outputs: true",
            "Ranges must be non-overlapping when using combine_outputs option.",
        ),
    ],
)
def test_bad_ranges_are_refused(outputs: str, options: str, message: str) -> None:
    text = node("SplitFloatVectorCalculator", f"v -> {outputs}", options, "SplitVectorCalculatorOptions")
    with pytest.raises(GraphError) as caught:
        CalculatorGraph('input_stream: "v" ' + text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("graph", "script", "message"),
    [
        (
            node(
                "SplitFloatVectorCalculator",
                "v -> x",
                "ranges { begin: 0 end: 9 }",
                "SplitVectorCalculatorOptions",
            ),
            "v@1=[1.0]",
            'list on "v" has 1 elements, but a range ends at 9',
        ),
        (
            node("ThresholdingCalculator", "FLOAT:f THRESHOLD:t -> FLAG:x", "threshold: 0.5"),
            "f@1=0.1 t@1=0.1",
            "Using both the threshold option and input stream is not supported.",
        ),
        (
            node("PreviousLoopbackCalculator", "MAIN:a ^LOOP:b -> PREV_LOOP:x"),
            f"a@{Timestamp.PRESTREAM}=1 b!",
            "A packet at Timestamp::PreStream() stands alone in MAIN",
        ),
        (
            node("BeginLoopIntCalculator", "ITERABLE:v -> ITEM:i BATCH_END:e")
            + node("EndLoopFloatCalculator", "ITEM:f BATCH_END:e -> ITERABLE:x"),
            f"f! v@{Timestamp.MAX}=[1]",
            "The batch at Timestamp::Max() has no items",
        ),
    ],
)
def test_errors_of_a_run(graph: str, script: str, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        run_graph(graph, script, "x")
    assert message in str(caught.value)
