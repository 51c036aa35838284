"""Whatever stands in a graph file, reading and checking it gives a graph or a GraphError, and ends."""

import re
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tryon.config import parse_graph, read_graph
from tryon.errors import GraphError, GraphWarning
from tryon.validation import validate

GRAPHS = Path(__file__).parents[2] / "graphs"
TOKEN = re.compile(r"""#[^\n]*|"[^"\n]*"|[\w./]+|\s+|.""")
NODES = """
input_stream: "in"
input_side_packet: "count"
output_stream: "out"
num_threads: 2
max_queue_size: 3
executor { name: "x" type: "ThreadPoolExecutor"
  options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 } } }
input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" }
node { calculator: "TestCounterCalculator" output_stream: "n" input_side_packet: "COUNT:count" executor: "x" }
node { calculator: "GateCalculator" input_stream: "in" input_stream: "ALLOW:even" output_stream: "open"
  options { [mediapipe.GateCalculatorOptions.ext] { allow: true } } }
node { calculator: "PassThroughCalculator" input_stream: "A:0:n" input_stream: "A:1:open"
  output_stream: "A:0:m" output_stream: "A:1:o" max_in_flight: 2
  input_stream_handler { input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "A:0" } } } } }
node { calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:o" input_stream: "LOOP:out"
  input_stream_info { tag_index: "LOOP" back_edge: true } output_stream: "PREV_LOOP:last" }
node { name: "last" calculator: "TestPassCalculator" input_stream: "o" input_stream: "last"
  output_stream: "out" output_stream: "even"
  node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: false } } }
"""
TEXTS = [NODES, *(path.read_text() for path in sorted(GRAPHS.rglob("*.pbtxt")))]
WORDS = sorted({token for text in TEXTS for token in TOKEN.findall(text) if token.strip()})


def check(source: str | Path) -> str:
    """Reads and checks a graph; what is wrong with it, "" when nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GraphWarning)
        try:
            is_text = isinstance(source, str)
            validate(parse_graph(source, "g.pbtxt", GRAPHS) if is_text else read_graph(source))
        except GraphError as error:
            return str(error) or "an error without a message"
    return ""


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A graph with some of its characters, tokens or lines deleted, doubled, swapped or replaced."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        pattern = draw(st.sampled_from([".", TOKEN.pattern, "[^\n]*\n"]))
        parts = re.findall(pattern, text, re.DOTALL) or [text]
        first, second = (draw(st.integers(0, len(parts) - 1)) for _ in range(2))
        kind = draw(st.sampled_from(["delete", "double", "swap", "replace", "move", "cut"]))
        if kind == "delete":
            del parts[first : first + draw(st.integers(1, 3))]
        elif kind == "double":
            parts.insert(second, parts[first])
        elif kind == "swap":
            parts[first], parts[second] = parts[second], parts[first]
        elif kind == "replace":
            parts[first] = draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)))
        elif kind == "move":
            parts.insert(second, parts.pop(first))
        else:
            del parts[first:]
        text = "".join(parts)
    return text


@given(mutated())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_graphs(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from([*WORDS, "{", "}", ":", " ", "\n", "[", "]", "<", ">", '"']), max_size=40))
@settings(max_examples=200, deadline=None)
def test_words_in_any_order(words: list[str]) -> None:
    check("".join(words))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text(text: str) -> None:
    check(text)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "g.pbtxt"
    path.write_bytes(data)
    problem = check(path)
    assert not problem or str(path) in problem


PASS = 'node {{ calculator: "TestPassCalculator" input_stream: "s{}" output_stream: "s{}" }}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("node { calculator: " * 100_000, "nested more than 90 deep"),
        ("{" * 1_000_000, "nested more than 90 deep"),
        ("node { " * 200_000 + "} " * 200_000, "nested more than 90 deep"),
        ('input_stream: "' + "\\" * 100_001 + '"', "long row of backslashes"),
        ("num_thread: 1\n" * 5000, 'Did you mean "num_threads"?'),
        ('input_stream: "' + "a" * 1_000_000 + '"', ""),
        ('input_stream: "s2000"\n' + "".join(PASS.format(i + 1, i) for i in range(2000)), ""),
        ("".join(PASS.format(i, i) for i in range(500)), "cycle"),
        ("".join(PASS.format(f"_{i}", i) for i in range(1000)), "not have a corresponding"),
        ("".join(PASS.format(i + 1, "") for i in range(1000)), "defined twice"),
        (
            'node { calculator: "TestPassCalculator" ' + 'input_stream: "s" ' * 5000 + "}",
            "Failed to get tag",
        ),
    ],
    ids=[
        "unclosed",
        "braces",
        "closed",
        "backslashes",
        "wrong",
        "name",
        "chain",
        "cycles",
        "missing",
        "twice",
        "wide",
    ],
)
def test_large_graphs(text: str, message: str) -> None:
    found = check(text)
    assert message in found
    assert bool(found) == bool(message)
