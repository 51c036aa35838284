"""`tryon run` on graphs that have sources of their own; test_video.py has the ones with files."""

import io
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.tryon import nodes
from tests.tryon.cli.command import tryon
from tryon.cli.graphs import load_graph
from tryon.cli.progress import Bar, Lines, Reporter, histogram_table, make_reporter, node_table
from tryon.cli.running import RunRequest, run
from tryon.profile import NodeProfile
from tryon.profiler_config import Histogram

assert nodes

COUNTER = """
input_side_packet: "count"
output_stream: "out"
node { name: "counter" calculator: "TestCounterCalculator" input_side_packet: "COUNT:count"
       output_stream: "a" }
"""
PASS = 'node { name: "pass" calculator: "TestPassCalculator" input_stream: "a" output_stream: "out" }'
FAIL = """
node { name: "fail" calculator: "TestFailCalculator" input_side_packet: "WHERE:where"
       input_stream: "a" output_stream: "out" }
"""
INTERRUPT = """
node { name: "interrupt" calculator: "TestInterruptCalculator" input_stream: "a" output_stream: "out" }
"""
ENDLESS = "count=1000000000"


class PressAgain(Lines):
    """Presses Ctrl-C once more when the run says that it is stopping."""

    def say(self, message: str) -> None:
        super().say(message)
        if message.startswith("Stopping"):
            signal.raise_signal(signal.SIGINT)


@pytest.fixture
def write_graph(tmp_path: Path) -> Callable[..., str]:
    def write(*parts: str) -> str:
        path = tmp_path / "graph.pbtxt"
        path.write_text("".join(parts))
        return str(path)

    return write


def test_run_prints_the_table(capsys: pytest.CaptureFixture[str], write_graph: Callable[..., str]) -> None:
    outcome = tryon(capsys, "run", write_graph(COUNTER, PASS), "--side", "count=7")
    assert outcome.status == 0
    header, counter, passed, total = outcome.out.splitlines()
    assert " ".join(header.split()) == "node count mean ms p50 ms p99 ms total s share queue"
    assert counter.split()[:2] == ["counter", "8"]
    assert passed.split()[:2] == ["pass", "7"]
    assert total.startswith("7 frames in ")
    assert outcome.err.startswith("graph: 7 frames, ")


def test_run_prints_histograms(capsys: pytest.CaptureFixture[str], write_graph: Callable[..., str]) -> None:
    profiler = "profiler_config { enable_profiler: true num_histogram_intervals: 2 }"
    outcome = tryon(capsys, "run", write_graph(profiler, COUNTER, PASS), "--side", "count=7")
    assert [line.split() for line in outcome.out.splitlines()[3:6]] == [
        ["calls", "<", "1000", "ms", "longer"],
        ["counter", "8", "0"],
        ["pass", "7", "0"],
    ]


def test_run_prints_notes(capsys: pytest.CaptureFixture[str], write_graph: Callable[..., str]) -> None:
    note = PASS.replace("TestPass", "TestNote")
    outcome = tryon(capsys, "run", write_graph(COUNTER, note), "--side", "count=7")
    assert outcome.out.splitlines()[3] == "pass: chose tea."


def test_delegate_without_models(capsys: pytest.CaptureFixture[str], write_graph: Callable[..., str]) -> None:
    graph = write_graph(COUNTER, PASS)
    outcome = tryon(capsys, "run", graph, "--side", "count=7", "--delegate", "gpu")
    assert outcome.status == 1
    assert 'no node has the option "delegate"' in outcome.err


def test_ctrl_c_stops(capsys: pytest.CaptureFixture[str], write_graph: Callable[..., str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    outcome = tryon(capsys, "run", write_graph(COUNTER, INTERRUPT), "--side", ENDLESS)
    assert outcome.status == 130
    assert outcome.out.splitlines()[-1].startswith("Stopped by Ctrl-C: ")
    assert outcome.err.startswith("Stopping: the frames under way are finished. Ctrl-C again cancels.\n")
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_twice_cancels(write_graph: Callable[..., str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    request = RunRequest(load_graph(write_graph(COUNTER, INTERRUPT)), side_packets=[ENDLESS])
    result = run(request, lambda: PressAgain(Console(file=io.StringIO()), "graph"))
    assert (result.interrupted, result.cancelled) == (True, True)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], 'graph.pbtxt needs the side packet "count": give it with --side count=VALUE.'),
        (
            ["--side", "count=3"],
            'graph.pbtxt needs the side packet "where": give it with --side where=VALUE.',
        ),
        (["--side", "count"], '--side "count" is not of the form name=value.'),
        (["--side", "cuont=3"], 'graph.pbtxt has no side packet "cuont". Did you mean "count"?'),
        (["--side", "zzz=3"], 'graph.pbtxt has no side packet "zzz". It has: count, where.'),
        (["--side", "count=three"], 'The side packet "count" holds int, not "three".'),
        (["--look", "x.json"], 'graph.pbtxt has no side packet "look_path": it takes no --look.'),
        (["--input", "x.mp4"], 'graph.pbtxt has no input_stream and no input_side_packet "input_path"'),
        (["--set", "counter.x=1"], '"counter.x=1": TestCounterCalculator has no options.'),
        (["--set", "cuonter.x=1"], 'the graph has no node "cuonter". Did you mean "counter"?'),
        (
            ["--side", "count=9", "--side", "where=process"],
            "graph.pbtxt:7:1: Calculator::Process() for node \"fail\" failed: KeyError: 'boom in process' in "
            "nodes.py",
        ),
    ],
)
def test_one_message(
    capsys: pytest.CaptureFixture[str], write_graph: Callable[..., str], arguments: list[str], message: str
) -> None:
    outcome = tryon(capsys, "run", write_graph(COUNTER, FAIL), *arguments)
    assert outcome.status == 1
    errors = [line for line in outcome.err.splitlines() if not line.startswith("graph: ")]
    assert len(errors) == 1
    assert errors[0].startswith("error: ")
    assert message in errors[0]
    assert "Traceback" not in outcome.err


def test_verbose_shows_the_calculators_traceback(
    capsys: pytest.CaptureFixture[str], write_graph: Callable[..., str]
) -> None:
    sides = ["--side", "count=9", "--side", "where=process"]
    outcome = tryon(capsys, "run", write_graph(COUNTER, FAIL), *sides, "--verbose")
    assert outcome.status == 1
    assert 'raise KeyError(f"boom in {where}")' in outcome.err


@pytest.mark.parametrize(("terminal", "kind"), [(True, Bar), (False, Lines)])
def test_a_bar_needs_a_terminal(terminal: bool, kind: type[Reporter]) -> None:
    console = Console(file=io.StringIO(), force_terminal=terminal)
    assert isinstance(make_reporter(console, "hair"), kind)


def test_bar() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    bar = Bar(console, "hair")
    bar.update(30, 0)
    bar.update(30, 120)
    bar.say("Stopping.")
    bar.stop(120, 120)
    shown = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
    assert "30/?" in shown
    assert "30/120" in shown
    assert "120/120" in shown
    assert "Stopping.\n" in shown


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        (
            node_table([NodeProfile("to[bold]mask", "XCalculator", 120, 240.0, 2.0, 1.875, 9.5, 3)], 0.5),
            [
                "node          count  mean ms  p50 ms  p99 ms  total s  share  queue",
                "to[bold]mask    120     2.00    1.88    9.50     0.24   48 %      3",
            ],
        ),
        (
            histogram_table([Histogram("to[bold]mask", 2500, (7, 0, 1)), Histogram("b", 2500, (0, 12, 0))]),
            [
                "calls         < 2.5 ms  < 5 ms  longer",
                "to[bold]mask         7       0       1",
                "b                    0      12       0",
            ],
        ),
    ],
    ids=["nodes", "histograms"],
)
def test_tables(table: Table, lines: list[str]) -> None:
    console = Console(file=io.StringIO(), width=100)
    console.print(table)
    text = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
    assert text.splitlines() == lines
