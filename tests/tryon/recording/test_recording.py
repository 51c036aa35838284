"""Recording graphs and replaying them."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tryon import nodes
from tests.tryon.cli.command import tryon
from tryon import (
    STOP,
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    Packet,
    ProcessStatus,
    Timestamp,
    register,
)
from tryon.graph import CalculatorGraph
from tryon.recording import Recorder, Recording
from tryon.recording.recording import MANIFEST
from tryon.recording.replay import prepare_replay

assert nodes


@register
class TestHeaderCalculator(Calculator):
    """A source that says something of its stream."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.outputs[0].set(int)

    def open(self, context: CalculatorContext) -> None:
        context.outputs[0].header = {"rate": 30}

    def process(self, context: CalculatorContext) -> ProcessStatus:
        context.outputs[0].add(1, 0)
        return STOP


@register
class TestReadHeaderCalculator(Calculator):
    """Sends the header of its input instead of the packets."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(int)
        contract.outputs[0].set(dict)

    def open(self, context: CalculatorContext) -> None:
        self._header = context.inputs[0].header

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add(self._header, context.input_timestamp)


SUBGRAPH = """
type: "TwiceSubgraph"
input_stream: "IN:in"
output_stream: "OUT:out"
node { name: "first" calculator: "TestPassCalculator" input_stream: "in" output_stream: "middle" }
node { name: "second" calculator: "TestPassCalculator" input_stream: "middle" output_stream: "out" }
"""
# A source, a loop, a node that drops packets, a subgraph, a side packet made by a node, a graph input.
GRAPH = """
input_stream: "given"
input_side_packet: "count"
input_side_packet: "n"
node { name: "counter" calculator: "TestCounterCalculator" input_side_packet: "COUNT:count"
       output_stream: "numbers" }
node { name: "side" calculator: "TestSideCalculator" input_side_packet: "N:n"
       output_side_packet: "TWICE:twice" }
node { name: "even" calculator: "TestEvenCalculator" input_stream: "numbers" output_stream: "evens" }
node { name: "adder" calculator: "TestSideUserCalculator" input_side_packet: "N:twice" input_stream: "evens"
       output_stream: "sums" }
node { name: "previous" calculator: "TestPrevCalculator" input_stream: "MAIN:sums" input_stream: "LOOP:looped"
       input_stream_info { tag_index: "LOOP" back_edge: true } output_stream: "PAIR:pairs" }
node { name: "loop" calculator: "TestPassCalculator" input_stream: "pairs" output_stream: "looped" }
node { name: "twice" calculator: "TwiceSubgraph" input_stream: "IN:given" output_stream: "OUT:passed" }
node { name: "sink" calculator: "TestJournalCalculator" input_stream: "pairs"
       input_side_packet: "JOURNAL:journal" }
"""
GIVEN = [(Timestamp.MIN, "first"), (0, np.arange(6.0).reshape(2, 3)), (7, [1, (2.5, None)]), (8, b"x")]


def record(folder: Path, threads: int = 1, streams: list[str] | None = None) -> dict[str, list[Any]]:
    """Records a run of GRAPH; returns what the streams carried."""
    graph = CalculatorGraph(f"num_threads: {threads}\n{GRAPH}", [SUBGRAPH])
    seen: dict[str, list[Any]] = {}
    for name in graph.validated.producers:
        seen[name] = []
        graph.observe_output_stream(
            name, lambda stream, packet: seen[stream].append((packet.timestamp, packet.value))
        )
    side_packets = {"count": 9, "n": 4, "journal": []}
    with Recorder(graph, folder, side_packets, streams or [], "the graph"):
        graph.start_run(side_packets)
        for timestamp, value in GIVEN:
            graph.add_packet_to_input_stream("given", value, timestamp)
        graph.close_input_stream("given")
        graph.wait_until_done()
    return seen


def text(packets: Any) -> str:
    """Packets in a form that compares, arrays included."""
    return repr([(timestamp, repr(value)) for timestamp, value in packets])


@pytest.mark.parametrize("threads", [1, 2])
def test_reads_what_ran(tmp_path: Path, threads: int) -> None:
    seen = record(tmp_path / "rec", threads)
    recording = Recording(tmp_path / "rec")
    assert set(recording.streams) == {"given", "numbers", "evens", "sums", "pairs", "looped", "passed"}
    for name in recording.streams:
        packets = [(packet.timestamp, packet.value) for packet in recording.packets(name)]
        assert text(packets) == text(seen[name])
    assert recording.side_packets() == {"count": 9, "n": 4, "journal": [], "twice": 8}
    assert recording.is_given("n")
    assert not recording.is_given("twice")
    manifest = recording.manifest
    assert (manifest["state"], manifest["graph"]) == ("complete", "the graph")
    assert manifest["streams"]["sums"]["packets"] == 5
    assert manifest["streams"]["sums"]["type"] == "int"
    assert {node.name: node.inside for node in recording.nodes}["twice__second"] == ("twice",)


def test_events_keep_the_order_of_the_run(tmp_path: Path) -> None:
    record(tmp_path / "rec")
    events = list(Recording(tmp_path / "rec").events(["numbers", "pairs", "given"]))
    assert [event.order for event in events] == sorted(event.order for event in events)
    ends = [event.stream for event in events if event.packet.timestamp == Timestamp.DONE]
    assert sorted(ends) == ["given", "numbers", "pairs"]


@pytest.mark.parametrize("record_threads", [1, 2])
@pytest.mark.parametrize("replay_threads", [1, 2])
@pytest.mark.parametrize(
    ("names", "ran", "compared"),
    [
        (
            [],
            {"even", "adder", "previous", "loop", "twice__first", "twice__second"},
            {"evens", "sums", "pairs", "looped", "passed"},
        ),
        (["adder"], {"adder"}, {"sums"}),
        (["previous"], {"previous"}, {"pairs"}),
        (["loop", "previous"], {"previous", "loop"}, {"pairs", "looped"}),
        (["twice"], {"twice__first", "twice__second"}, {"passed"}),
        (["twice__second"], {"twice__first", "twice__second"}, {"passed"}),
        (["counter"], {"counter"}, {"numbers"}),
    ],
)
def test_replays_the_same(
    tmp_path: Path,
    record_threads: int,
    replay_threads: int,
    names: list[str],
    ran: set[str],
    compared: set[str],
) -> None:
    record(tmp_path / "rec", record_threads)
    replay = prepare_replay(Recording(tmp_path / "rec"), names, replay_threads)
    assert set(replay.nodes) == ran
    replay.graph.start_run(replay.side_packets)
    replay.graph.wait_until_done()
    for stream in replay.comparisons:
        stream.finish()
    assert {stream.stream for stream in replay.comparisons} == compared
    assert [(stream.stream, stream.first) for stream in replay.comparisons if stream.different] == []
    assert all(stream.packets for stream in replay.comparisons)


def test_headers(tmp_path: Path) -> None:
    text = 'node { calculator: "TestHeaderCalculator" output_stream: "a" } '
    text += 'node { calculator: "TestReadHeaderCalculator" input_stream: "a" output_stream: "b" }'
    graph = CalculatorGraph(text)
    with Recorder(graph, tmp_path / "rec", {}):
        graph.start_run()
        graph.wait_until_done()
    recording = Recording(tmp_path / "rec")
    assert recording.header("a") == {"rate": 30}
    assert recording.header("b") is None
    replay = prepare_replay(recording)
    replay.graph.start_run(replay.side_packets)
    replay.graph.wait_until_done()
    assert (replay.comparisons[0].packets, replay.comparisons[0].first) == (1, "")


def test_chosen_streams(tmp_path: Path) -> None:
    record(tmp_path / "rec", streams=["twice__*", "given"])
    recording = Recording(tmp_path / "rec")
    assert set(recording.streams) == {"given", "twice__middle"}
    assert prepare_replay(recording, ["twice__first"]).nodes == ["twice__first"]
    with pytest.raises(GraphError, match="No output of twice__second was recorded, so there is nothing to"):
        prepare_replay(recording, ["twice__second"])


def folder_is_full(folder: Path) -> None:
    folder.mkdir()
    (folder / "x").touch()


@pytest.mark.parametrize(
    ("prepare", "streams", "message"),
    [
        (folder_is_full, [], "is not empty; give another folder"),
        (Path.touch, [], "is not empty; give another folder"),
        (lambda folder: None, ["zzz"], 'No stream of the graph is called "zzz". It has: '),
        (lambda folder: None, ["evns"], 'No stream of the graph is called "evns". Did you mean "evens"?'),
    ],
)
def test_cannot_record(
    tmp_path: Path, prepare: Callable[[Path], None], streams: list[str], message: str
) -> None:
    prepare(tmp_path / "rec")
    with pytest.raises(GraphError) as caught:
        record(tmp_path / "rec", streams=streams)
    assert message in str(caught.value)


PASS = """
input_stream: "in"
node { name: "pass" calculator: "TestPassCalculator" input_stream: "in" output_stream: "out" }
"""


def record_pass(folder: Path, values: list[Any], **side_packets: Any) -> None:
    graph = CalculatorGraph(PASS)
    with Recorder(graph, folder, side_packets):
        graph.start_run(side_packets)
        for timestamp, value in enumerate(values):
            graph.add_packet_to_input_stream("in", value, timestamp)
        graph.close_all_packet_sources()
        graph.wait_until_done()


def test_the_graph_runs_again_unrecorded(tmp_path: Path) -> None:
    graph = CalculatorGraph(PASS)
    with Recorder(graph, tmp_path / "rec", {}), graph:
        graph.start_run()
        graph.add_packet_to_input_stream("in", 1, 0)
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("in", 2, 0)
    assert [packet.value for packet in Recording(tmp_path / "rec").packets("out")] == [1]


def test_a_type_that_cannot_be_recorded(tmp_path: Path) -> None:
    with pytest.raises(GraphError) as caught:
        record_pass(tmp_path / "rec", [1, 2, open])
    assert 'The stream "in" carries builtin_function_or_method, which cannot be recorded' in str(caught.value)
    recording = Recording(tmp_path / "rec")
    assert recording.manifest["state"] == "failed"
    assert "cannot be recorded" in recording.manifest["error"]
    assert [packet.value for packet in recording.packets("in")] == [1, 2], "what came before is there"


def test_side_packets_may_be_anything(tmp_path: Path) -> None:
    record_pass(tmp_path / "rec", [1], known=Packet(3), unknown=open)
    recording = Recording(tmp_path / "rec")
    assert recording.side_packets() == {"known": 3}
    assert recording.manifest["side_packets"]["not recorded"] == {
        "unknown": "builtins.builtin_function_or_method"
    }


def test_a_side_packet_that_was_not_recorded_is_told_when_needed(tmp_path: Path) -> None:
    gate = 'input_stream: "in" input_side_packet: "EVENT:event" output'
    graph = CalculatorGraph(
        PASS.replace("TestPass", "TestGateKeeper").replace('input_stream: "in" output', gate)
    )
    event = threading.Event()
    event.set()
    with Recorder(graph, tmp_path / "rec", {"event": event}):
        graph.start_run({"event": event})
        graph.close_all_packet_sources()
        graph.wait_until_done()
    with pytest.raises(GraphError, match=r'"event" of node "pass" was not recorded \(it is a threading'):
        prepare_replay(Recording(tmp_path / "rec"))


KILLED = """
import os, sys
from pathlib import Path
import numpy as np
from tests.tryon import nodes
from tests.tryon.recording.test_recording import PASS
from tryon.graph import CalculatorGraph
from tryon.recording import Recorder
graph = CalculatorGraph(PASS)
with Recorder(graph, Path(sys.argv[1]), {"n": 3}):
    graph.start_run({"n": 3})
    for t in range(100):
        graph.add_packet_to_input_stream("in", np.full((50, 50), t), t)
        graph.wait_until_idle()
        if t == 20:
            os.kill(os.getpid(), 9)
"""


def test_a_killed_recording_is_readable(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "rec")], check=False)
    assert done.returncode == -signal.SIGKILL
    recording = Recording(tmp_path / "rec")
    assert recording.manifest["state"] == "recording"
    assert recording.side_packets() == {"n": 3}
    for name in ("in", "out"):
        packets = list(recording.packets(name))
        assert [packet.timestamp for packet in packets] == list(range(21))
        assert all(np.all(packet.value == packet.timestamp) for packet in packets)
    replay = prepare_replay(recording)
    replay.graph.start_run(replay.side_packets)
    replay.graph.wait_until_done()
    assert (replay.comparisons[0].packets, replay.comparisons[0].different) == (21, 0)


def change_manifest(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / MANIFEST
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


def cut(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes()[:-1])

    return change


def drop_line(folder: Path) -> None:
    path = folder / "streams/in.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def spoil(folder: Path) -> None:
    path = folder / "streams/in.data"
    path.write_bytes(path.read_bytes().replace(b"\x03", b"\x04"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), '" is no recording: it has no manifest.json.'),
        (lambda folder: (folder / MANIFEST).write_text("{"), "manifest.json: the recording is damaged: "),
        (lambda folder: (folder / MANIFEST).write_text("[]"), "manifest.json: the recording is damaged: "),
        (
            lambda folder: (folder / MANIFEST).write_text('{"format": 1}'),
            "manifest.json: the recording is damaged",
        ),
        (change_manifest(format=2), "has the format 2; this tryon reads 1."),
        (cut("streams/in.jsonl"), "in.jsonl:4: the recording is cut off: the last line has no end."),
        (cut("streams/in.data"), "in.jsonl:3: the recording is cut off: "),
        (drop_line, 'is cut off: "in" has 3 of 4 events.'),
        (spoil, "in.jsonl:3: the recording is damaged: the bytes from 16 on in "),
        (lambda folder: (folder / "streams/in.data").unlink(), "streams/in.data"),
        (
            lambda folder: (folder / "graph/graph.pbtxt").write_text("nod {"),
            "graph.pbtxt:1:1: Failed to parse",
        ),
    ],
)
def test_damaged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, change: Callable[[Path], None], message: str
) -> None:
    record_pass(tmp_path / "rec", [np.array([value]) for value in (1, 2, 3)])
    change(tmp_path / "rec")
    outcome = tryon(capsys, "replay", str(tmp_path / "rec"))
    assert outcome.status == 1
    assert message in outcome.err
    assert "Traceback" not in outcome.err


def test_ctrl_c_leaves_a_complete_recording(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    node = 'node { calculator: "TestInterruptCalculator" input_stream: "b" output_stream: "c" }'
    Path("graph.pbtxt").write_text(COUNT + node)
    outcome = tryon(capsys, "run", "graph.pbtxt", "--side", "count=1000000", "--record", "rec")
    assert outcome.status == 130, outcome.err
    assert Recording(Path("rec")).manifest["state"] == "complete"
    outcome = tryon(capsys, "replay", "rec", "--node", "even")
    assert outcome.status == 0, outcome.out + outcome.err


def test_a_calculator_that_is_not_here(tmp_path: Path) -> None:
    record_pass(tmp_path / "rec", [1])
    path = tmp_path / "rec" / MANIFEST
    path.write_text(path.read_text().replace("TestPassCalculator", "TheirCalculator"))
    with pytest.raises(GraphError) as caught:
        prepare_replay(Recording(tmp_path / "rec"))
    assert str(caught.value) == (
        'The node "pass" is a TheirCalculator of the module "tests.tryon.nodes", which is not known here: '
        "give its file with --calculators."
    )


def test_no_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = tryon(capsys, "replay", str(tmp_path / "nothing"))
    assert (outcome.status, outcome.err) == (
        1,
        f'error: "{tmp_path}/nothing" is no recording: it has no manifest.json.\n',
    )


COUNT = """
input_side_packet: "count"
output_stream: "b"
node { name: "counter" calculator: "TestCounterCalculator" input_side_packet: "COUNT:count"
       output_stream: "a" }
node { name: "even" calculator: "TestEvenCalculator" input_stream: "a" output_stream: "b" }
"""


def test_on_the_command_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("graph.pbtxt").write_text(COUNT)
    outcome = tryon(capsys, "run", "graph.pbtxt", "--side", "count=5", "--record", "rec")
    assert outcome.status == 0, outcome.err
    assert outcome.out.splitlines()[-1] == "recorded 8 packets, 0.0 MB -> rec"
    outcome = tryon(capsys, "replay", "rec")
    assert (outcome.status, outcome.out.splitlines()[-1]) == (0, "ran even: 3 packets are equal"), outcome.err
    outcome = tryon(capsys, "replay", "rec", "--node", "evn")
    assert (outcome.status, outcome.err) == (
        1,
        'error: The recorded graph has no node "evn". Did you mean "even"?\n',
    )
    Path("pass.pbtxt").write_text(COUNT.replace("TestEven", "TestPass"))
    outcome = tryon(capsys, "run", "pass.pbtxt", "--replay", "rec")
    assert outcome.status == 0, outcome.err
    assert outcome.out.splitlines()[-1].startswith("5 frames in ")
    rows = [line.split()[:2] for line in outcome.out.splitlines()]
    assert ["RecordingSourceCalculator", "6"] in rows, "the counter does not run"
    outcome = tryon(capsys, "run", "pass.pbtxt", "--replay", "rec", "--input", "x")
    assert outcome.err == "error: Give either --input or --replay: the recording is the input.\n"
    Path("rec/graph/graph.pbtxt").write_text(COUNT.replace("TestEven", "TestPass"))
    outcome = tryon(capsys, "replay", "rec")
    assert (outcome.status, outcome.out.splitlines()[1:]) == (
        1,
        [
            "b             5          2        -  at 1: a packet, recorded none",
            "ran even: 2 of 5 packets differ",
        ],
    )
