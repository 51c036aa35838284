"""Graph files: parsing, positions, messages that point at the place."""

import re
from pathlib import Path

import pytest

from tryon.config import parse_graph, read_graph
from tryon.errors import GraphError
from tryon.text_scan import Scan

GRAPH = """input_stream: "in"
# a comment { with: "brackets" }
node { calculator: "A" input_stream: "x" input_stream: 'T:y'
  node_options { [type.googleapis.com/mediapipe.MediaPipeOptions] { } } }
node {
  calculator: "B"
  input_stream: ["a",
                 "b"]
}
"""


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (("input_stream", 0), (1, 15)),
        (("node", 0), (3, 1)),
        (("node", 0, "calculator", 0), (3, 20)),
        (("node", 0, "input_stream", 1), (3, 56)),
        (("node", 0, "node_options", 0), (4, 3)),
        (("node", 1), (5, 1)),
        (("node", 1, "input_stream", 1), (8, 18)),
    ],
)
def test_positions(path: tuple[str | int, ...], position: tuple[int, int]) -> None:
    assert Scan(GRAPH).positions()[path] == position


def test_where_falls_back_to_the_known_part() -> None:
    source = parse_graph(GRAPH, "g.pbtxt")
    assert source.where("node", 1, "executor", 0) == "g.pbtxt:5:1: "
    assert source.where("executor", 0) == ""


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            'input_stream: "in"\n inputstream: 3',
            ["g:2:2: Failed to parse: ", '"inputstream". Did you mean "input_stream"?\n inputstream: 3\n ^'],
        ),
        ("nod { }", ['Did you mean "node"?']),
        ("node { calculator: 3 }", ["g:1:20: Failed to parse: Expected string"]),
        ("node { calculator: Foo }", ['Strings stand in quotes: "Foo".']),
        (
            "node {\n calculator: 'x'\n",
            ['g:2:14: Failed to parse: Expected "}". The "{" of "node" in line 1'],
        ),
        ("node { } }", ["g:1:10: Failed to parse", 'The "}" in line 1, column 10 closes nothing.']),
        ('node {\n calculator: "x\n}', ["g:2:14: Failed to parse: String missing ending quote"]),
        ("num_threads: 1.5", ["g:1:14: Failed to parse"]),
        ("num_threads: 1\nnum_threads: 2", ["g:2:14: Failed to parse", "The first is in line 1."]),
        ("report_deadlock: maybe", ['g:1:18: Failed to parse: Expected "true" or "false".']),
        ("input_stream: '\\377'", ["g:1:21: Failed to parse: Couldn't parse string"]),
        ("node { options { [mediapipe.NopeOptions.ext] {} } }", ["mediapipe.NopeOptions.ext"]),
        (
            "node { options { [mediapipe.GateOptions.ext] {} } }",
            ['Did you mean "mediapipe.GateCalculatorOptions.ext"?'],
        ),
        (
            "node { node_options {\n [type.googleapis.com/tryon.Nope] {} } }",
            ["g:2:23: Failed to parse: Type tryon.Nope not found"],
        ),
        (
            "node { node_options { [mediapipe.GateCalculatorOptions] {} } }",
            ["In node_options write [type.googleapis.com/mediapipe.GateCalculatorOptions]."],
        ),
        (
            'node {\n options { [mediapipe.GateCalculatorOptions.ext] { }\n input_stream: "x" } }',
            ["g:3:2: Failed to parse", 'Is a "}" missing before it?'],
        ),
        ("// comment", ['Comments begin with "#".']),
        ("graphs/hair.pbtxt", ['give Path("graphs/hair.pbtxt")']),
        ("\x00\x01", ["g:1:1: Failed to parse"]),
        ("input_stream: '\ud800'", ["g:1:16: Failed to parse: This is no character of a text."]),
        ("node { node_options { " * 50, ["Messages are nested more than 90 deep."]),
    ],
)
def test_exception(text: str, messages: list[str]) -> None:
    with pytest.raises(GraphError) as error:
        parse_graph(text, "g")
    found = str(error.value)
    assert [message for message in messages if message not in found] == [], found


def test_parse_errors_come_all_at_once() -> None:
    with pytest.raises(GraphError) as error:
        parse_graph('node { calculater: "a" nam: "b" }\nnum_thread: 3\nnum_threads: "x"', "g")
    found = str(error.value)
    assert re.findall(r"g:(\d+:\d+): Failed to parse", found) == ["1:8", "1:24", "2:1", "3:14"]


def test_strings_say_how_they_begin() -> None:
    with pytest.raises(
        GraphError, match=r'^Failed to parse: input_stream: "a"\n<string>:2:1: Failed to parse'
    ):
        read_graph('input_stream: "a"\nnope: 1')


def test_long_lines_are_cut() -> None:
    with pytest.raises(GraphError) as error:
        parse_graph('input_stream: "a" ' * 1000 + "nope: 1" + ' input_stream: "a"' * 1000, "g")
    _, line, pointer = str(error.value).splitlines()
    assert len(line) == 110
    assert line[len(pointer) - 1 :].startswith("nope")


def test_reads_files(tmp_path: Path) -> None:
    path = tmp_path / "graph.pbtxt"
    path.write_text('input_stream: "in"')
    source = read_graph(path)
    assert list(source.config.input_stream) == ["in"]
    assert source.folder == tmp_path.resolve()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", r"graph.pbtxt:1:1: It cannot be read as a graph: this is a binary file"),
        (
            b'input_stream: "a"\n# \xe9',
            r"graph.pbtxt:2:3: It cannot be read as a graph: byte 0xe9 is no UTF-8",
        ),
        (b"", r"graph.pbtxt:1:1: There is no graph in this file"),
        (b"# node { }\n", r"graph.pbtxt:1:1: There is no graph in this file"),
        (b"#" * 4_000_001, r"has more than 4000000 bytes"),
    ],
)
def test_bad_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "graph.pbtxt"
    path.write_bytes(content)
    with pytest.raises(GraphError, match=message):
        read_graph(path)


def test_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "graph.pbtxt"
    path.write_bytes(b'\xef\xbb\xbfinput_stream: "a"')
    assert list(read_graph(path).config.input_stream) == ["a"]


def test_missing_file(tmp_path: Path) -> None:
    (tmp_path / "hair.pbtxt").write_text('type: "Hair"')
    with pytest.raises(
        GraphError, match=r'There is no graph file ".*hiar.pbtxt". Did you mean ".*hair.pbtxt"\?'
    ):
        read_graph(tmp_path / "hiar.pbtxt")
    with pytest.raises(GraphError, match=r"is a folder and cannot be read as a graph; in it: hair.pbtxt\."):
        read_graph(tmp_path)
    with pytest.raises(GraphError, match="cannot be read as a graph"):
        read_graph(tmp_path / "a\0b.pbtxt")
