"""A run that hangs says why: each of these names the node, the stream or the line that is to blame."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.tryon import nodes
from tests.tryon.explain import nodes as stuck_nodes
from tryon import GraphError
from tryon.explain import causes
from tryon.graph import CalculatorGraph

assert nodes
assert stuck_nodes

CAMERA = """
node { name: "camera" calculator: "TestCounterCalculator" input_side_packet: "COUNT:count"
       output_stream: "n" }
"""
SILENT = """
node { name: "detector" calculator: "TestSilentCalculator" input_stream: "n" output_stream: "landmarks" }
"""
JOIN = """
node { name: "join" calculator: "TestPassCalculator" input_stream: "n" input_stream: "landmarks"
       output_stream: "c" output_stream: "d" }
"""
CYCLE = """
node { name: "join" calculator: "TestPassCalculator" input_stream: "n" input_stream: "back"
       input_stream_info { tag_index: ":1" back_edge: true } output_stream: "c" output_stream: "d" }
node { name: "far" calculator: "TestPassCalculator" input_stream: "c" output_stream: "back" }
"""
LOOP = """
node { name: "previous" calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:n"
       input_stream: "LOOP:landmarks" input_stream_info { tag_index: "LOOP" back_edge: true }
       output_stream: "PREV_LOOP:before" }
node { name: "both" calculator: "TestPassCalculator" input_stream: "n" input_stream: "before"
       output_stream: "n2" output_stream: "before2" }
node { name: "detector" calculator: "TestSilentCalculator" input_stream: "n2" output_stream: "landmarks" }
"""
SILENT_SINCE_2 = (
    '"landmarks" never advanced beyond 1: node "detector" sent nothing at 2 and declares no '
    'timestamp_offset, so node "{}" cannot know that nothing comes. Set contract.timestamp_offset = 0 or '
    'call set_next_timestamp_bound in "detector".'
)


@contextmanager
def fed(text: str, packets: int) -> Iterator[CalculatorGraph]:
    """A running graph that worked off all that was added to its input stream "n"."""
    graph = CalculatorGraph(f'input_stream: "n" {text}')
    with graph:
        graph.start_run()
        for number in range(packets):
            graph.add_packet_to_input_stream("n", number, number)
        graph.wait_until_idle()
        yield graph


@pytest.mark.parametrize(
    ("text", "packets", "cause"),
    [
        (SILENT + JOIN, 4, SILENT_SINCE_2.format("join")),
        (LOOP, 4, SILENT_SINCE_2.format("previous")),
        (
            CYCLE,
            1,
            'the nodes "join" -> "far" -> "join" wait for each other around a cycle: one of them has to send '
            "before it receives, or to take packets as they come (ImmediateInputStreamHandler).",
        ),
        (
            'input_stream: "landmarks"' + JOIN,
            1,
            'nothing came yet on "landmarks", a graph input, and node "join" has packets at 0 and waits for '
            "it: add packets, promise that none come with set_input_stream_timestamp_bound, or close it.",
        ),
    ],
    ids=["starved", "loop", "cycle", "input"],
)
def test_cause(text: str, packets: int, cause: str) -> None:
    with fed(text, packets) as graph:
        assert graph.explain().causes == (cause,)


def test_text() -> None:
    with fed(SILENT + JOIN, 4) as graph:
        assert str(graph.explain()).splitlines() == [
            f"likely cause: {SILENT_SINCE_2.format('join')}",
            "waiting with packets:",
            "  join  has 2 at n from 2; waits for landmarks (settled to 1)",
            "idle: detector",
            "open graph inputs:",
            "  n  settled to 3",
        ]


def test_nothing_to_do() -> None:
    with fed(SILENT, 0) as graph:
        assert graph.explain().causes == ()
        assert str(graph.explain()).startswith("all that was added is processed: ")


@pytest.fixture
def events() -> Iterator[dict[str, threading.Event]]:
    events = {"started": threading.Event(), "event": threading.Event()}
    yield events
    events["event"].set()


def latch(*streams: str) -> str:
    return (
        'node { name: "latch" calculator: "TestLatchCalculator" input_side_packet: "STARTED:started" '
        f'input_side_packet: "EVENT:event" {" ".join(streams)} }}'
    )


def test_running_node(events: dict[str, threading.Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(causes, "LONG_S", 0.0)
    graph = CalculatorGraph('input_stream: "n"' + latch('input_stream: "n"'))
    with graph:
        graph.start_run(events)
        graph.add_packet_to_input_stream("n", 1, 33000)
        events["started"].wait(10)
        state = graph.explain()
        events["event"].set()
    (cause,) = state.causes
    assert cause.startswith('node "latch" has been in Process at 33000 for ')
    assert "on thread tryon-0 at nodes.py:" in cause
    assert " in _wait" not in cause
    assert cause.endswith(" in wait).")
    assert str(state).splitlines()[1] == "running:"


def test_a_short_call_is_no_cause(events: dict[str, threading.Event]) -> None:
    graph = CalculatorGraph('input_stream: "n"' + latch('input_stream: "n"') + SILENT + JOIN)
    with graph:
        graph.start_run(events)
        for number in range(4):
            graph.add_packet_to_input_stream("n", number, number)
        events["started"].wait(10)
        assert graph.explain().causes == ()
        events["event"].set()


def test_missing_side_packet(events: dict[str, threading.Event]) -> None:
    user = 'node { name: "user" calculator: "TestSideUserCalculator" input_stream: "n" '
    user += 'input_side_packet: "N:side" output_stream: "o" }'
    graph = CalculatorGraph('input_stream: "n"' + latch('output_side_packet: "SIDE:side"') + user)
    with graph:
        graph.start_run(events)
        events["started"].wait(10)
        lines = str(graph.explain()).splitlines()
        events["event"].set()
    assert lines[0] == "running:"
    assert lines[1].startswith("  latch  in Open for ")
    assert lines[2:] == [
        "not open yet:",
        '  user  waits for side packet "side" of node "latch"',
        "open graph inputs:",
        "  n  nothing yet",
    ]


def sent_event(graph: CalculatorGraph, number: int) -> threading.Event:
    """An event that is set when the camera sent a number."""
    sent = threading.Event()
    graph.observe_output_stream("n", lambda _, packet: sent.set() if packet.value == number else None)
    return sent


def test_full_queue(events: dict[str, threading.Event]) -> None:
    graph = CalculatorGraph("max_queue_size: 2 num_threads: 2" + CAMERA + latch('input_stream: "n"'))
    sent = sent_event(graph, 2)
    with graph:
        graph.start_run({**events, "count": 10})
        sent.wait(10)
        lines = str(graph.explain()).splitlines()
        events["event"].set()
    assert lines[1].endswith("; 2 packets wait")
    assert lines[2:] == [
        "paused sources:",
        "  camera  until the full queues have room",
        "full queues:",
        "  latch n  2 of 2, holds back camera",
    ]


def test_reported_deadlock_has_its_cause() -> None:
    graph = CalculatorGraph("max_queue_size: 4 report_deadlock: true" + CAMERA + SILENT + JOIN)
    graph.start_run({"count": 100})
    with pytest.raises(GraphError) as caught:
        graph.wait_until_done()
    assert str(caught.value).endswith(f"\nLikely cause: {SILENT_SINCE_2.format('join')}")
    assert "  join n  4 of 4, holds back camera" in str(graph.explain()).splitlines()


def test_full_poller() -> None:
    graph = CalculatorGraph("max_queue_size: 2" + CAMERA)
    poller = graph.add_output_stream_poller("n")
    sent = sent_event(graph, 1)
    graph.start_run({"count": 2})
    sent.wait(10)
    assert graph.explain().causes == ('the poller of "n" is full (2 packets): take some.',)
    assert [packet.value for packet in poller] == [0, 1]
    graph.wait_until_done()


def test_cancel_says_why() -> None:
    with pytest.raises(GraphError) as caught, fed(SILENT + JOIN, 4) as graph:
        graph.cancel()
    message = f"The run was cancelled.\nIt did not go on: {SILENT_SINCE_2.format('join')}"
    assert str(caught.value).endswith(message)


def test_before_and_after_a_run() -> None:
    graph = CalculatorGraph('input_stream: "n"' + SILENT)
    with pytest.raises(GraphError, match=r"nothing to explain before start_run\(\)"):
        graph.explain()
    with graph:
        graph.start_run()
    assert str(graph.explain()) == "closed: detector"
