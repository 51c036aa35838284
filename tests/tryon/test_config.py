"""Graph files: parsing, positions, messages that point at the place."""

from pathlib import Path

import pytest

from tryon.config import find_positions, parse_graph, read_graph
from tryon.errors import GraphError

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
    assert find_positions(GRAPH)[path] == position


def test_where_falls_back_to_the_known_part() -> None:
    source = parse_graph(GRAPH, "g.pbtxt")
    assert source.where("node", 1, "executor", 0) == "g.pbtxt:5:1: "
    assert source.where("executor", 0) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('input_stream: "in"\n inputstream: 3', "g:2:2: Failed to parse:  inputstream: 3"),
        ("nod { }", 'Did you mean "node"?'),
        ("node { calculator: 3 }", "g:1:20: Failed to parse"),
        ("node {", "g:1:6: Failed to parse: node {"),
        ("num_threads: 1.5", "g:1:14: Failed to parse"),
        ("node { options { [mediapipe.NopeOptions.ext] {} } }", "mediapipe.NopeOptions.ext"),
        ("node { node_options { [type.googleapis.com/tryon.Nope] {} } }", "tryon.Nope"),
        ("\x00\x01", "g:1:1: Failed to parse"),
    ],
)
def test_exception(text: str, message: str) -> None:
    with pytest.raises(GraphError) as error:
        parse_graph(text, "g")
    assert message in str(error.value)


def test_reads_files(tmp_path: Path) -> None:
    path = tmp_path / "graph.pbtxt"
    path.write_text('input_stream: "in"')
    source = read_graph(path)
    assert list(source.config.input_stream) == ["in"]
    assert source.folder == tmp_path.resolve()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("missing.pbtxt", None, "There is no graph file"), ("binary.pbtxt", b"\xff\xfe\x00", "cannot be read")],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GraphError, match=message):
        read_graph(path)


def test_folder_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="cannot be read as a graph"):
        read_graph(tmp_path)
