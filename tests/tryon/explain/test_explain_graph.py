"""What each node of a graph waits for, without running it."""

from pathlib import Path

import pytest

from tests.tryon import nodes
from tests.tryon.cli.command import tryon
from tests.tryon.explain import nodes as stuck_nodes
from tryon.cli.graphs import installed_effects
from tryon.config import read_graph
from tryon.explain.graph import explain_graph, find_cycles
from tryon.validated_graph import ValidatedGraph
from tryon.validation import validate

assert nodes
assert stuck_nodes

SILENT = """
node { name: "detector" calculator: "TestSilentCalculator" input_stream: "n" output_stream: "landmarks" }
"""
PASS = 'node { name: "pass" calculator: "TestPassCalculator" input_stream: "landmarks" output_stream: "m" }'
NO_OFFSET = 'node "detector" declares no timestamp_offset and promises nothing where it sends nothing'
FEED = 'the application has to feed graph input "{}", to move its bound or to close it'


def join(first: str, second: str, more: str = "") -> str:
    return (
        f'node {{ name: "join" calculator: "TestPassCalculator" input_stream: "{first}" '
        f'input_stream: "{second}" output_stream: "c" output_stream: "d" {more} }}\n'
    )


def handler(name: str) -> str:
    return f'input_stream_handler {{ input_stream_handler: "{name}InputStreamHandler" }}'


def checked(text: str) -> ValidatedGraph:
    return validate(read_graph(f'input_stream: "n"\n{text}'))


@pytest.mark.parametrize(
    ("text", "waits", "stalls"),
    [
        (join("n", "n2", "") + 'input_stream: "n2"', '"n" and "n2", known at the same timestamp', 2),
        (SILENT + join("n", "landmarks"), '"n" and "landmarks", known at the same timestamp', 1),
        (
            SILENT + join("n", "landmarks", handler("Immediate")),
            'any packet of "n" and "landmarks", as it comes (ImmediateInputStreamHandler)',
            0,
        ),
        (
            SILENT + join("n", "landmarks", handler("Barrier")),
            'a packet on each of "n" and "landmarks", whatever their timestamps (BarrierInputStreamHandler)',
            1,
        ),
        (
            SILENT + join("n", "landmarks", handler("FixedSize")),
            '"n" and "landmarks", known at the same timestamp (FixedSizeInputStreamHandler)',
            1,
        ),
    ],
)
def test_waits(text: str, waits: str, stalls: int) -> None:
    node = explain_graph(checked(text))[-1]
    assert (node.name, node.waits, len(node.stalls)) == ("join", waits, stalls)


@pytest.mark.parametrize(
    ("text", "stalls"),
    [
        (SILENT + join("n", "landmarks"), [f'"landmarks" may hold up "n": {NO_OFFSET}']),
        (SILENT + PASS + join("n", "m"), [f'"m" may hold up "n": {NO_OFFSET}']),
        (SILENT + PASS + join("landmarks", "m"), []),
        (
            'input_stream: "n2"' + join("n", "n2"),
            [f'"n" may hold up "n2": {FEED.format("n")}', f'"n2" may hold up "n": {FEED.format("n2")}'],
        ),
        (
            join("n", "c2", 'input_stream_info { tag_index: ":1" back_edge: true }')
            + 'node { calculator: "TestPassCalculator" input_stream: "c" output_stream: "c2" }',
            ['"c2" closes a cycle: nothing comes on it before this node sent something'],
        ),
    ],
    ids=["direct", "through a node with an offset", "both alike", "two inputs", "back edge"],
)
def test_stalls(text: str, stalls: list[str]) -> None:
    found = {node.name: node.stalls for node in explain_graph(checked(text))}
    assert list(found["join"]) == stalls


def test_sources_and_side_packets() -> None:
    graph = checked(
        """
        node { name: "one" calculator: "TestCounterCalculator" input_side_packet: "COUNT:c"
               output_stream: "a" }
        node { name: "twice" calculator: "TestSideCalculator" input_side_packet: "N:s"
               output_side_packet: "TWICE:t" }
        node { name: "add" calculator: "TestSideUserCalculator" input_side_packet: "N:t" input_stream: "a"
               output_stream: "b" }
        """
        + join("b", "n")
    )
    found = {node.name: node for node in explain_graph(graph)}
    assert found["one"].waits.startswith("room in the queues downstream")
    assert found["twice"].waits.startswith("nothing: ")
    assert found["add"].opens_after == ('"t" of node "twice"',)
    assert found["join"].stalls == (
        '"b" may hold up "n": it gets on as source "one" does',
        f'"n" may hold up "b": {FEED.format("n")}',
    )


def test_cycles() -> None:
    graph = checked(
        """
        node { name: "previous" calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:n"
               input_stream: "LOOP:m" input_stream_info { tag_index: "LOOP" back_edge: true }
               output_stream: "PREV_LOOP:before" }
        """
        + join("n", "before")
        + 'node { name: "far" calculator: "TestPassCalculator" input_stream: "d" output_stream: "m" }'
    )
    assert find_cycles(graph) == [["previous", "join", "far"]]


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "stall.pbtxt"
    path.write_text('num_threads: 3 max_queue_size: 7 input_stream: "n"' + SILENT + join("n", "landmarks"))
    outcome = tryon(capsys, "explain", str(path))
    assert (outcome.status, outcome.err) == (0, "")
    assert [" ".join(line.split()) for line in outcome.out.splitlines() if line.strip()] == [
        f"stall {path}",
        "Executors",
        "default 3 threads all nodes",
        "Queues",
        "7 packets then the sources upstream pause; a deadlock by full queues lets the full queues grow",
        "Nodes",
        'detector waits for each packet of "n"',
        'join waits for "n" and "landmarks", known at the same timestamp',
        f'may stall "landmarks" may hold up "n": {NO_OFFSET}',
    ]


@pytest.mark.parametrize("name", installed_effects())
def test_installed_effects(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert tryon(capsys, "explain", name).status == 0
