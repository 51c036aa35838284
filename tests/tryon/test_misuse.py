"""What a calculator or a caller does wrong while a graph runs: a message with the node, and an end."""

import threading
from collections.abc import Callable

import pytest

from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, Packet, Timestamp, register
from tryon.graph import CalculatorGraph

Act = Callable[[CalculatorContext], None]

GRAPH = """
input_stream: "in" input_stream: "other"
input_side_packet: "act"
node { name: "misuser" calculator: "TestActingCalculator" input_stream: "IN:in" input_stream: "OTHER:other"
       output_stream: "OUT:out" output_side_packet: "SIDE:side" input_side_packet: "ACT:act" }
"""
EXECUTORS = ("num_threads: 1", "num_threads: 2", 'executor { type: "ApplicationThreadExecutor" }')


@register
class TestActingCalculator(Calculator):
    """Does what its side packet says, with each packet."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs["IN"].set(int)
        contract.inputs["OTHER"].set_any()
        contract.outputs["OUT"].set(int)
        contract.output_side_packets["SIDE"].set(int)
        contract.input_side_packets["ACT"].set_any()

    def process(self, context: CalculatorContext) -> None:
        context.input_side_packets["ACT"].value(context)


def twice(act: Act) -> Act:
    def acts(context: CalculatorContext) -> None:
        act(context)
        act(context)

    return acts


def close_and_add(context: CalculatorContext) -> None:
    context.outputs["OUT"].close()
    context.outputs["OUT"].add(1, 1)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda context: context.outputs["OUT"].add("x", 1),
            'outputting to stream "out": The Packet stores "string", but "int" was requested.',
        ),
        (
            lambda context: context.outputs["OUT"].add(True, 1),
            'outputting to stream "out": The Packet stores "bool", but "int" was requested.',
        ),
        (twice(lambda context: context.outputs["OUT"].add(1, 5)), "expected timestamp is 6 but received 5."),
        (lambda context: context.outputs["OUT"].add(1, Timestamp.DONE), "Timestamp::Done()"),
        (lambda context: context.outputs["OUT"].add_packet(Packet(1)), "Timestamp::Unset()"),
        (close_and_add, '"out"'),
        (
            lambda context: context.outputs["NOPE"].add(1, 1),
            'Failed to get tag "NOPE" index 0 (there are: OUT)',
        ),
        (lambda context: context.outputs[0].add(1, 1), 'Failed to get tag "" index 0'),
        (lambda context: context.inputs["NOPE"].value, 'Failed to get tag "NOPE" index 0'),
        (lambda context: context.inputs["OTHER"].value, 'Input stream "other" has no packet at timestamp'),
        (lambda context: context.input_side_packets["NOPE"].value, 'Failed to get tag "NOPE" index 0'),
        (
            lambda context: context.output_side_packets["SIDE"].set("x"),
            'side packet "side": The Packet stores',
        ),
        (twice(lambda context: context.output_side_packets["SIDE"].set(1)), '"side" was already set.'),
        (lambda context: context.resource("no/such.file"), 'There is no file "no/such.file"'),
    ],
)
def test_what_calculators_do_wrong(executor: str, act: Act, message: str) -> None:
    before = set(threading.enumerate())
    graph = CalculatorGraph(executor + GRAPH)
    graph.observe_output_stream("out", lambda name, packet: None)
    graph.start_run({"act": act})
    with pytest.raises(GraphError) as first:
        graph.add_packet_to_input_stream("in", 1, 1)
        graph.close_input_stream("other")
        graph.wait_until_idle()
    with pytest.raises(GraphError) as last:
        graph.wait_until_done()
    for error in (first, last):
        assert message in str(error.value)
        assert '"misuser"' in str(error.value)
    assert str(last.value).count(message) == 1
    assert set(threading.enumerate()) == before


@pytest.mark.parametrize(
    "call",
    [
        lambda graph: graph.add_packet_to_input_stream("nope", 1, 1),
        lambda graph: graph.add_packet_to_input_stream("out", 1, 1),
        lambda graph: graph.add_packet_to_input_stream("act", 1, 1),
        lambda graph: graph.add_packet_to_input_stream("", 1, 1),
        lambda graph: graph.add_packet_to_input_stream("IN:in", 1, 1),
        lambda graph: graph.close_input_stream("nope"),
        lambda graph: graph.close_input_stream("out"),
        lambda graph: graph.set_input_stream_timestamp_bound("nope", 1),
        lambda graph: graph.set_input_stream_timestamp_bound("out", 1),
    ],
)
def test_what_kills_the_reference_raises_and_the_run_goes_on(call: Callable[[CalculatorGraph], None]) -> None:
    graph = CalculatorGraph(GRAPH)
    seen = []
    graph.observe_output_stream("out", lambda name, packet: seen.append(packet.value))
    with graph:
        graph.start_run({"act": lambda context: context.outputs["OUT"].add(7, context.input_timestamp)})
        with pytest.raises(GraphError, match=r"\(those are: in, other\)"):
            call(graph)
        graph.add_packet_to_input_stream("in", 1, 1)
    assert seen == [7]


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ({}, ['Side packet "a" is required', 'Side packet "b" is required']),
        (
            {"a": "x", "b": 1.5},
            ['Side packet "a" failed validation: The Packet stores "string"', 'packet "b" failed'],
        ),
        ({"a": 1}, ['Side packet "b" is required but was not provided.']),
    ],
)
def test_all_wrong_side_packets_at_once(given: dict[str, object], messages: list[str]) -> None:
    node = (
        'node { calculator: "TestSideUserCalculator" input_stream: "in" input_side_packet: "N:%s" '
        'output_stream: "%s" }'
    )
    graph = CalculatorGraph('input_stream: "in"' + node % ("a", "x") + node % ("b", "y"))
    before = set(threading.enumerate())
    with pytest.raises(GraphError) as error:
        graph.start_run(given)
    assert [message for message in messages if message not in str(error.value)] == []
    assert set(threading.enumerate()) == before
    graph.start_run({"a": 1, "b": 2})
    graph.close_all_packet_sources()
    graph.wait_until_done()
