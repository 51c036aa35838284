import json
import tempfile
from pathlib import Path

import pytest

from tests.tryon import nodes
from tryon import GraphError
from tryon.graph import CalculatorGraph
from tryon.trace import Call, Trace

assert nodes

NODES = """
input_stream: "a"
node { name: "first" calculator: "TestPassCalculator" input_stream: "a" output_stream: "b" }
node { name: "second" calculator: "TestPassCalculator" input_stream: "b" output_stream: "c" }
"""


def graph_with(fields: str) -> CalculatorGraph:
    return CalculatorGraph(NODES + f"profiler_config {{ {fields} }}")


def run(graph: CalculatorGraph, packets: int = 3) -> None:
    with graph:
        graph.start_run()
        for number in range(packets):
            graph.add_packet_to_input_stream("a", number, number)


@pytest.mark.parametrize(
    ("fields", "runs", "files"),
    [
        ("trace_enabled: true", 1, ["t0.json"]),
        ("trace_enabled: true", 3, ["t0.json", "t1.json"]),
        ("trace_enabled: true trace_log_count: 1", 2, ["t0.json"]),
        ("trace_enabled: true trace_log_disabled: true", 1, []),
        ("enable_profiler: true", 1, []),
        ("trace_log_interval_usec: 5 enable_stream_latency: true", 1, []),
    ],
)
def test_files(tmp_path: Path, fields: str, runs: int, files: list[str]) -> None:
    graph = graph_with(f'{fields} trace_log_path: "{tmp_path / "t"}"')
    for _ in range(runs):
        run(graph)
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    for name in files:
        assert json.loads((tmp_path / name).read_text())["traceEvents"]


def test_default_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    run(graph_with("trace_enabled: true"))
    assert [path.name for path in tmp_path.iterdir()] == ["mediapipe_trace_0.json"]


def test_also_after_an_error(tmp_path: Path) -> None:
    graph = graph_with(f'trace_enabled: true trace_log_path: "{tmp_path}/"')
    with pytest.raises(GraphError, match="cancelled"), graph:
        graph.start_run()
        graph.cancel()
    assert [path.name for path in tmp_path.iterdir()] == ["0.json"]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ("trace_enabled: true trace_log_capacity: 5", 5),
        ("trace_enabled: true", 10),  # both nodes: Open, three times Process, Close
        ("enable_profiler: true num_histogram_intervals: 2", 10),
        ("enable_profiler: true", None),
        ("", None),
    ],
)
def test_recorded_calls(fields: str, kept: int | None) -> None:
    graph = graph_with(f"{fields} trace_log_disabled: true")
    assert graph.trace is None
    run(graph)
    assert (len(graph.trace.calls) if graph.trace else None) == kept


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("enable_profiler: true num_histogram_intervals: 3", {"first": (1, 2, 1), "second": (0, 0, 1)}),
        (
            'enable_profiler: true num_histogram_intervals: 3 calculator_filter: "s.*"',
            {"second": (0, 0, 1)},
        ),
        ("enable_profiler: true num_histogram_intervals: 1", {}),
        ("num_histogram_intervals: 3", {}),
    ],
)
def test_histograms(fields: str, expected: dict[str, tuple[int, ...]]) -> None:
    graph = graph_with(f"{fields} histogram_interval_size_usec: 10")
    trace = Trace()
    with graph:
        graph.start_run(trace=trace)
        graph.wait_until_idle()
        for node, length_ns in (
            ("first", 9_999),
            ("first", 10_000),
            ("first", 19_999),
            ("first", 20_000),
            ("second", 10**9),
        ):
            trace.record(Call(node, "Process", 0, 0, length_ns, "tryon-0", (), ()))
    assert {row.node: row.counts for row in graph.histograms()} == expected
    assert {row.interval_us for row in graph.histograms()} <= {10}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ('calculator_filter: "("', 'profiler_config: calculator_filter "(" is no regular expression: '),
        ('trace_enabled: true trace_log_path: "no/such/t"', 'trace_log_path: there is no folder "no/such".'),
    ],
)
def test_problems(fields: str, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        run(graph_with(fields))
    assert message in str(caught.value)
