"""`tryon run --trace`, and what the file holds."""

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tryon import nodes
from tests.tryon.cli.command import tryon
from tryon.graph import CalculatorGraph
from tryon.trace import Call, Trace
from tryon.trace_file import write_trace

assert nodes

COUNTER = """
max_queue_size: 3
input_side_packet: "count"
node { name: "counter" calculator: "TestCounterCalculator" input_side_packet: "COUNT:count"
       output_stream: "a" }
"""
NODES = """
node { name: "first" calculator: "TestPassCalculator" input_stream: "a" output_stream: "b" }
node { name: "second" calculator: "TestPassCalculator" input_stream: "a" input_stream: "b"
       output_stream: "c" output_stream: "d" }
"""
FAIL = """
node { name: "fail" calculator: "TestFailCalculator" input_side_packet: "WHERE:where"
       input_stream: "a" output_stream: "out" }
"""
INTERRUPT = """
node { name: "interrupt" calculator: "TestInterruptCalculator" input_stream: "a" output_stream: "out" }
"""
NODE_TRACKS, THREAD_TRACKS, QUEUE_TRACKS = 1, 2, 3

Event = dict[str, Any]
Write = Callable[..., str]


@pytest.fixture
def write_graph(tmp_path: Path) -> Write:
    def write(*parts: str) -> str:
        path = tmp_path / "graph.pbtxt"
        path.write_text("".join(parts))
        return str(path)

    return write


def events_of(path: Path) -> list[Event]:
    events = json.loads(path.read_text())["traceEvents"]
    assert isinstance(events, list)
    assert not Path(f"{path}.partial").exists()
    return events


def names_of(events: list[Event], group: int) -> dict[int, str]:
    """The tracks of a group: {number: name}."""
    found = [event for event in events if event["ph"] == "M" and event["name"] == "thread_name"]
    return {event["tid"]: event["args"]["name"] for event in found if event["pid"] == group}


def check_slices(events: list[Event]) -> None:
    """Calls on one track follow each other, and every track has a name."""
    tracks: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            tracks[event["pid"], event["tid"]].append(event)
    for (group, number), slices in tracks.items():
        assert number in names_of(events, group)
        end = 0.0
        for event in slices:
            assert event["ts"] >= end
            assert event["dur"] > 0
            end = event["ts"] + event["dur"] - 1e-6


def check_flows(events: list[Event]) -> set[tuple[str, str, str]]:
    """Every arrow starts in a call and ends in a later one; returns (stream, from, to)."""
    tracks = names_of(events, NODE_TRACKS)
    slices = [event for event in events if event["ph"] == "X" and event["pid"] == NODE_TRACKS]

    def inside(flow: Event) -> bool:
        near = (event for event in slices if event["tid"] == flow["tid"])
        return any(event["ts"] <= flow["ts"] < event["ts"] + event["dur"] for event in near)

    starts = {event["id"]: event for event in events if event["ph"] == "s"}
    ends = {event["id"]: event for event in events if event["ph"] == "f"}
    assert starts.keys() == ends.keys()
    ways = set()
    for number, start in starts.items():
        end = ends[number]
        assert start["name"] == end["name"]
        assert start["ts"] <= end["ts"]
        assert inside(start)
        assert inside(end)
        ways.add((start["name"], tracks[start["tid"]], tracks[end["tid"]]))
    return ways


def test_trace_of_a_run(capsys: pytest.CaptureFixture[str], write_graph: Write, tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    graph = write_graph("num_threads: 2", COUNTER, NODES)
    assert tryon(capsys, "run", graph, "--side", "count=20", "--trace", str(path)).status == 0
    events = events_of(path)
    check_slices(events)
    assert check_flows(events) == {
        ("a", "counter", "first"),
        ("a", "counter", "second"),
        ("b", "first", "second"),
    }
    assert sum(event["ph"] == "s" for event in events) == 60
    assert list(names_of(events, NODE_TRACKS).values()) == ["counter", "first", "second"]
    assert set(names_of(events, THREAD_TRACKS).values()) <= {"tryon-0", "tryon-1"}
    second = next(number for number, name in names_of(events, NODE_TRACKS).items() if name == "second")
    calls = [event for event in events if event["ph"] == "X" and event["tid"] == second]
    assert [event["name"] for event in calls] == ["Open", *map(str, range(20)), "Close"]
    assert {**calls[1]["args"], "thread": ""} == {
        "calculator": "TestPassCalculator",
        "step": "Process",
        "thread": "",
        "received": {"a": "0", "b": "0"},
        "sent": {"c": "0", "d": "0"},
    }


def test_queue_sizes(capsys: pytest.CaptureFixture[str], write_graph: Write, tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    tryon(capsys, "run", write_graph(COUNTER, NODES), "--side", "count=20", "--trace", str(path))
    counters = [event for event in events_of(path) if event["ph"] == "C"]
    sizes: dict[str, list[int]] = defaultdict(list)
    for event in counters:
        assert event["pid"] == QUEUE_TRACKS
        sizes[event["name"]].append(event["args"]["packets"])
    assert list(sizes) == ["first a", "second a", "second b"]
    for queue in sizes.values():
        assert (min(queue), queue[-1], len(queue)) == (0, 0, 40)
        assert max(queue) <= 4


@pytest.mark.parametrize(
    ("parts", "sides", "status"),
    [
        ([COUNTER, FAIL], ["count=9", "where=process"], 1),
        ([COUNTER, INTERRUPT], ["count=1000000000"], 130),
    ],
    ids=["error", "Ctrl-C"],
)
def test_the_trace_is_written_however_the_run_ends(
    capsys: pytest.CaptureFixture[str],
    write_graph: Write,
    tmp_path: Path,
    parts: list[str],
    sides: list[str],
    status: int,
) -> None:
    path = tmp_path / "trace.json"
    options = [option for side in sides for option in ("--side", side)]
    outcome = tryon(capsys, "run", write_graph(*parts), *options, "--trace", str(path))
    assert outcome.status == status
    assert check_flows(events_of(path))


def test_no_such_folder(capsys: pytest.CaptureFixture[str], write_graph: Write, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "trace.json"
    outcome = tryon(capsys, "run", write_graph(COUNTER), "--side", "count=3", "--trace", str(path))
    assert outcome.status == 1
    assert f'error: --trace: there is no folder "{path.parent}".' in outcome.err


def test_packets_of_the_application(tmp_path: Path) -> None:
    graph = CalculatorGraph('input_stream: "a"' + NODES)
    trace = Trace()
    with graph:
        graph.start_run(trace=trace)
        for number in range(5):
            graph.add_packet_to_input_stream("a", number, number)
    write_trace(trace, graph.validated, tmp_path / "trace.json")
    events = events_of(tmp_path / "trace.json")
    check_slices(events)
    assert ("a", "input a", "first") in check_flows(events)
    assert [packet.timestamp for packet in trace.added_packets] == list(range(5))


def test_only_the_last_calls_are_kept(tmp_path: Path) -> None:
    graph = CalculatorGraph(COUNTER + NODES)
    trace = Trace(capacity=10)
    graph.start_run({"count": 50}, trace)
    graph.wait_until_done()
    assert len(trace.calls) == 10
    assert trace.calls[-1].step == "Close"
    write_trace(trace, graph.validated, tmp_path / "trace.json")
    check_flows(events_of(tmp_path / "trace.json"))


def test_calls_that_overlap_have_tracks_of_their_own(tmp_path: Path) -> None:
    graph = CalculatorGraph('input_stream: "a"' + NODES)
    trace = Trace()
    for start, end in ((0, 50), (10, 30), (40, 60), (55, 70)):
        name = f"worker-{start}"
        trace.record(Call("first", "Process", start, start, end, name, (("a", start),), (("b", start),)))
    write_trace(trace, graph.validated, tmp_path / "trace.json")
    events = events_of(tmp_path / "trace.json")
    check_slices(events)
    tracks = names_of(events, NODE_TRACKS)
    calls = [event for event in events if event["ph"] == "X" and event["pid"] == NODE_TRACKS]
    assert [tracks[event["tid"]] for event in calls] == ["first", "first (2)", "first (2)", "first"]


def test_a_run_without_calls(tmp_path: Path) -> None:
    graph = CalculatorGraph('input_stream: "a"' + NODES)
    write_trace(Trace(), graph.validated, tmp_path / "trace.json")
    assert {event["ph"] for event in events_of(tmp_path / "trace.json")} == {"M"}
