"""Calculators that change how often packets come: thinner, resampler, cloner, muxes and their kin."""

from fractions import Fraction
from typing import Any

import pytest

from calculators.core import core_pb2
from calculators.core.core_pb2 import PacketThinnerCalculatorOptions
from calculators.video.header import VideoHeader
from tests.calculators.core.run import EMPTY, Seen, node, run_graph
from tryon import GraphError, Timestamp
from tryon.graph import CalculatorGraph
from tryon.proto.options_pb2 import CalculatorOptions


def packets(timestamps: str, name: str = "in") -> str:
    """A script: a packet that holds its timestamp at each of these times."""
    return " ".join(f"{name}@{timestamp}={timestamp}" for timestamp in timestamps.split())


@pytest.mark.parametrize(
    ("options", "times", "out"),
    [
        ("", "1 2 3", [1, 2, 3]),
        ("period: 10", "0 5 9 10 19 25", [0, 10, 25]),
        ("period: 10 start_time: 4 end_time: 20", "0 5 9 15 19 20 30", [5, 15]),
        ("period: 10 thinner_type: SYNC sync_output_timestamps: false", "0 4 6 9 12 27", [0, 9, 27]),
        ("period: 10 thinner_type: SYNC sync_output_timestamps: false", "8 12 18", [12, 18]),
        ("period: 10 thinner_type: SYNC start_time: 5 sync_output_timestamps: false", "1 9 14", [9, 14]),
    ],
)
def test_thinner(options: str, times: str, out: list[int]) -> None:
    (seen,) = run_graph(node("PacketThinnerCalculator", "in -> out", options), packets(times), "out")
    assert seen == [(timestamp, timestamp) for timestamp in out]


def test_thinner_puts_packets_in_the_middle_of_their_period() -> None:
    graph = node("PacketThinnerCalculator", "in -> out", "thinner_type: SYNC period: 10")
    assert run_graph(graph, packets("1 6 9 12 27"), "out") == [[(0, 1), (10, 9), (30, 27)]]


def test_thinner_tells_that_nothing_comes_in_a_period() -> None:
    graph = node("PacketThinnerCalculator", "in -> out", "period: 10")
    graph += node("PassThroughCalculator", "in out -> a b")
    assert run_graph(graph, packets("0 5"), "a") == [[(0, 0), (5, 5)]]


def test_thinner_takes_the_period_and_options_from_side_packets() -> None:
    given = CalculatorOptions()
    given.Extensions[PacketThinnerCalculatorOptions.ext].end_time = 30
    graph = node("PacketThinnerCalculator", "in $PERIOD:p $OPTIONS:o -> out", "period: 1")
    (seen,) = run_graph(graph, packets("0 5 20 40"), "out", side_packets={"p": 20, "o": given})
    assert [timestamp for timestamp, _ in seen] == [0, 20]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("period: 0", "Specified period must be positive"),
        ("start_time: 5 end_time: 5", "start_time .5. must be earlier than end_time .5."),
    ],
)
def test_thinner_refuses(options: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        run_graph(node("PacketThinnerCalculator", "in -> out", options), "in@1=1", "out")


@pytest.mark.parametrize(
    ("options", "times", "out"),
    [
        ("frame_rate: 30", "0 33333 66667", [(0, 0), (33333, 33333), (66667, 66667)]),
        ("frame_rate: 30", "2000 118666", [(2000, 2000), (35333, 2000), (68667, 2000), (102000, 118666)]),
        ("frame_rate: 30", "0 5000 10010 15001 19990", [(0, 0), (33333, 19990)]),
        ("frame_rate: 30 flush_last_packet: false", "0 5000 19990", [(0, 0)]),
        ("frame_rate: 1000 base_timestamp: 500", "1100 2000", [(1500, 1100), (2500, 2000)]),
        ("frame_rate: 10 start_time: 100000 end_time: 200000", "0 100000 200000", [(100000, 100000)]),
        (
            "frame_rate: 10 start_time: 120000 end_time: 180000 round_limits: true",
            "0 100000 200000 300000",
            [(100000, 100000), (200000, 200000)],
        ),
        ("frame_rate: 1000 max_frame_rate: 10", "0 100000", [(0, 0), (100000, 100000)]),
    ],
)
def test_resampler(options: str, times: str, out: Seen) -> None:
    graph = node("PacketResamplerCalculator", "DATA:in -> DATA:out", options)
    assert run_graph(graph, packets(times), "out") == [out]


def test_resampler_settles_what_it_has_decided() -> None:
    graph = node("PacketResamplerCalculator", "in -> out", "frame_rate: 10")
    (seen,) = run_graph(graph, packets("0 100000"), "out", bounds=True)
    assert seen == [(0, 0), (99999, EMPTY), (100000, 100000), (199999, EMPTY)]


def run_with_header(options: str) -> tuple[Seen, Seen]:
    """Five frames whose header says 200 frames a second: the frames and the header that come out."""
    text = 'input_stream: "in" input_stream: "header" ' + node(
        "PacketResamplerCalculator",
        "DATA:in VIDEO_HEADER:header -> DATA:out VIDEO_HEADER:new_header",
        options,
    )
    graph = CalculatorGraph(text)
    seen: dict[str, Seen] = {"out": [], "new_header": []}
    for name in seen:
        graph.observe_output_stream(
            name, lambda name, packet: seen[name].append((packet.timestamp, packet.value))
        )
    graph.start_run()
    graph.add_packet_to_input_stream("header", VideoHeader(10, 100, Fraction(200)), Timestamp.PRESTREAM)
    for timestamp in (0, 5000, 10010, 15001, 19990):
        graph.add_packet_to_input_stream("in", timestamp, timestamp)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return seen["out"], seen["new_header"]


def test_resampler_at_the_frame_rate_of_the_header() -> None:
    frames, headers = run_with_header("use_input_frame_rate: true frame_rate: 1000")
    assert frames == [(0, 0), (5000, 5000), (10000, 10010), (15000, 15001), (20000, 19990)]
    assert headers == [(Timestamp.PRESTREAM, VideoHeader(10, 100, Fraction(200)))]


def test_resampler_writes_the_frame_rate_into_the_header() -> None:
    frames, headers = run_with_header("frame_rate: 50")
    assert frames == [(0, 0), (20000, 19990)]
    assert headers == [(Timestamp.PRESTREAM, VideoHeader(10, 100, Fraction(50)))]


@pytest.mark.parametrize(
    ("streams", "options", "message"),
    [
        ("in -> out", "", "frame rate must be greater than zero"),
        ("in -> out", "frame_rate: 1000001", "frame rate must be greater than zero and at most 1000000"),
        ("in -> out", "frame_rate: 30 jitter: 0.2", "SecureRandom is not available"),
        ("in -> out", "frame_rate: 30 reproducible_sampling: true", "SecureRandom is not available"),
        ("DATA:in -> DATA:out VIDEO_HEADER:h", "frame_rate: 30 max_frame_rate: 10", "not supported with max"),
    ],
)
def test_resampler_refuses(streams: str, options: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        run_graph(node("PacketResamplerCalculator", streams, options), "in@1=1", "out")


SLOW = "a@1=1 t@1=0 t@2=0 b@3=3 t@3=0 a@4=4 t@5=0"


@pytest.mark.parametrize(
    ("options", "a", "b"),
    [
        ("", [(1, 1), (2, 1), (3, 1), (5, 4)], [(1, EMPTY), (2, EMPTY), (3, 3), (5, 3)]),
        ("output_only_when_all_inputs_received: true", [(3, 1), (5, 4)], [(3, 3), (5, 3)]),
        (
            "output_packets_only_when_all_inputs_received: true",
            [(1, EMPTY), (2, EMPTY), (3, 1), (5, 4)],
            [(1, EMPTY), (2, EMPTY), (3, 3), (5, 3)],
        ),
    ],
)
@pytest.mark.parametrize("tick", ["t", "TICK:t"])
def test_cloner(tick: str, options: str, a: Seen, b: Seen) -> None:
    graph = node("PacketClonerCalculator", f"a b {tick} -> x y", options)
    assert run_graph(graph, f"{SLOW} a! b!", "x", "y", bounds=True) == [a, b]


def test_round_robin_and_mux_keep_the_order() -> None:
    graph = node("RoundRobinDemuxCalculator", "in -> OUTPUT:0:a OUTPUT:1:b SELECT:which")
    graph += node("MuxCalculator", "INPUT:0:a INPUT:1:b SELECT:which -> OUTPUT:out")
    a, b, out = run_graph(graph, packets("1 2 3 4"), "a", "b", "out")
    assert (a, b, out) == ([(1, 1), (3, 3)], [(2, 2), (4, 4)], [(t, t) for t in (1, 2, 3, 4)])


def test_mux_refuses_a_number_without_an_input() -> None:
    graph = node("MuxCalculator", "INPUT:0:a INPUT:1:b SELECT:s -> OUTPUT:out")
    with pytest.raises(GraphError, match="SELECT is 2, but INPUT goes from 0 to 1"):
        run_graph(graph, "a@1=1 b@1=1 s@1=2", "out")


def test_immediate_mux_drops_what_is_older() -> None:
    handler = 'input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }'
    graph = node("ImmediateMuxCalculator", "a b -> out done").replace(" }\n", f" {handler} }}\n")
    out, done = run_graph(graph, "a@5=1 b@3=2 b@6=3", "out", "done")
    assert (out, done) == ([(5, 1), (6, 3)], [(5, True), (6, True), (7, True)])


def test_inner_join() -> None:
    graph = node("PacketInnerJoinCalculator", "a b -> x y")
    seen = run_graph(graph, "a@1=1 b@1=2 a@2=3 a@3=4 b@3=5", "x", "y", bounds=True)
    assert seen == [[(1, 1), (2, EMPTY), (3, 4)], [(1, 2), (2, EMPTY), (3, 5)]]


@pytest.mark.parametrize(
    ("options", "out"),
    [
        ("", [(1, 2), (2, 3)]),
        ("packet_offset: -2", [(1, 3)]),
        ("packet_offset: 1", [(2, 1), (3, 2)]),
        ("packet_offset: 1 emit_empty_packets_before_first_packet: true", [(1, EMPTY), (2, 1), (3, 2)]),
        ("packet_offset: 0", [(1, 1), (2, 2), (3, 3)]),
    ],
)
def test_sequence_shift(options: str, out: Seen) -> None:
    graph = node("SequenceShiftCalculator", "in -> out", options)
    assert run_graph(graph, packets("1 2 3"), "out", bounds=True) == [out]


@pytest.mark.parametrize(
    ("options", "result"),
    [
        ("", [False, True]),
        ("op: OR", [True, True]),
        ("op: XOR", [True, False]),
        ("op: AND negate: true", [True, False]),
        ("input_value: false", [False, False]),
    ],
)
def test_logic(options: str, result: list[bool]) -> None:
    graph = node("LogicCalculator", "a b -> out", options)
    (seen,) = run_graph(graph, "a@1=True b@1=False a@2=True b@2=True", "out")
    assert [value for _, value in seen] == result


def test_logic_takes_side_packets_and_needs_a_value() -> None:
    graph = node("LogicCalculator", "a $s -> out", "op: XOR")
    assert run_graph(graph, "a@1=True", "out", side_packets={"s": True}) == [[(1, False)]]
    with pytest.raises(GraphError, match="There is no value"):
        CalculatorGraph(node("LogicCalculator", "-> out"))


@pytest.mark.parametrize(("given", "value"), [({"a": 1, "b": 2}, 1), ({"b": 2}, 2)])
def test_default_side_packet(given: dict[str, Any], value: int) -> None:
    text = 'input_side_packet: "a" input_side_packet: "b" '
    graph = CalculatorGraph(
        text + node("DefaultSidePacketCalculator", "$OPTIONAL_VALUE:a $DEFAULT_VALUE:b -> $VALUE:v")
    )
    graph.start_run(given)
    graph.wait_until_done()
    assert graph.get_output_side_packet("v").value == value


def test_value_or_default() -> None:
    graph = node("ValueOrDefaultCalculator", "IN:a TICK:t $d -> OUT:out FLAG:flag")
    out, flag = run_graph(graph, "a@1=1 t@1=0 t@2=0 a@3=3 t@4=0", "out", "flag", side_packets={"d": 9})
    assert (out, flag) == ([(1, 1), (2, 9), (4, 9)], [(2, True), (4, True)])


@pytest.mark.parametrize("as_side_packet", [True, False])
def test_flow_limiter_takes_options_packets(as_side_packet: bool) -> None:
    options = core_pb2.FlowLimiterCalculatorOptions(max_in_flight=2)
    kind = "$" if as_side_packet else ""
    text = 'input_stream: "in" input_stream: "fin" input_side_packet: "o" input_stream: "o" '
    text = text.replace('input_stream: "o"' if as_side_packet else 'input_side_packet: "o"', "")
    graph = CalculatorGraph(
        text + node("FlowLimiterCalculator", f"in FINISHED:fin OPTIONS:{kind}o -> out", "max_in_queue: 0")
    )
    seen: Seen = []
    graph.observe_output_stream("out", lambda _, packet: seen.append((packet.timestamp, packet.value)))
    graph.start_run({"o": options} if as_side_packet else None)
    if not as_side_packet:
        graph.add_packet_to_input_stream("o", options, 0)
    for timestamp in (1, 2, 3):
        graph.add_packet_to_input_stream("in", timestamp, timestamp)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    assert seen == [(1, 1), (2, 2)]
