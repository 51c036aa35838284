"""The conformance cases, recorded and replayed: all input policies, loops, gates, special timestamps."""

from itertools import groupby
from pathlib import Path

import pytest

from tests.conformance.case import Case, case_files, encode, load_case, read_timestamp
from tryon import GraphError, Packet
from tryon.graph import CalculatorGraph, GraphInputStreamAddMode
from tryon.recording import Recorder, Recording
from tryon.recording.replay import prepare_replay

CASES = Path(__file__).parents[2] / "conformance" / "cases"
A_GROUP = 5
# Streams of these loops never end, so that a node that waits for them is never called; a replay ends them.
NEVER_END = {"loopback__merge_back_edge", "loopback__pt_back_edge_default"}


def group(path: Path) -> str:
    return path.stem.partition("__")[0]


def some_cases() -> list[Path]:
    """A few of each group, of those that end well."""
    chosen = []
    for _, paths in groupby(case_files(CASES), group):
        cases = [path for path in paths if runs_well(load_case(path)) and path.stem not in NEVER_END]
        chosen += cases[:: len(cases) // A_GROUP + 1]
    return chosen


def runs_well(case: Case) -> bool:
    return not (case.expected_error or case.reference_crash or case.no_start or case.mode)


def record(case: Case, folder: Path) -> None:
    graph = CalculatorGraph(case.pbtxt)
    if case.add_mode:
        graph.graph_input_stream_add_mode = GraphInputStreamAddMode[case.add_mode]
    side_packets = {name: encode(side["type"], side["value"]) for name, side in case.side_packets.items()}
    with Recorder(graph, folder, side_packets), graph:
        graph.start_run(side_packets)
        for operation in case.inputs:
            kind = operation.get("op", "add")
            if kind == "add":
                packet = Packet(encode(operation["type"], operation["value"]))
                timestamp = read_timestamp(operation["timestamp"])
                graph.add_packet_to_input_stream(operation["stream"], packet, timestamp)
            elif kind == "close":
                graph.close_input_stream(operation["stream"])
            elif kind == "close_all":
                graph.close_all_packet_sources()
            if case.settle or kind == "idle":
                graph.wait_until_idle()


@pytest.mark.parametrize("path", some_cases(), ids=lambda path: path.stem)
def test_the_whole_and_each_node_replay_the_same(tmp_path: Path, path: Path) -> None:
    record(load_case(path), tmp_path / "rec")
    recording = Recording(tmp_path / "rec")
    for names in ([], *([node.name] for node in recording.nodes)):
        try:
            replay = prepare_replay(recording, names)
        except GraphError as error:
            assert "so there is nothing to compare" in str(error)  # noqa: PT017 - other errors fail the test
            continue
        replay.graph.start_run(replay.side_packets)
        replay.graph.wait_until_done()
        for stream in replay.comparisons:
            stream.finish()
        assert [(names, stream.stream, stream.first) for stream in replay.comparisons if stream.first] == []
