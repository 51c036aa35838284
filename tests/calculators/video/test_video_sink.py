from collections.abc import Callable
from pathlib import Path

import av
import pytest

from calculators.video.reader import VideoReader
from tryon import GraphError
from tryon.graph import CalculatorGraph

from .conftest import MakeVideo, scene

COPY = """
input_side_packet: "input" input_side_packet: "output"
max_queue_size: 4
node {
  calculator: "VideoSourceCalculator"
  input_side_packet: "INPUT_FILE_PATH:input"
  output_stream: "VIDEO:frames" output_stream: "VIDEO_PRESTREAM:header"
}
node {
  calculator: "VideoSinkCalculator"
  input_stream: "VIDEO:frames" input_stream: "VIDEO_PRESTREAM:header"
  input_side_packet: "OUTPUT_FILE_PATH:output" input_side_packet: "AUDIO_FILE_PATH:input"
}
"""
WRITE = """
input_stream: "frames" input_side_packet: "output"
node {
  calculator: "VideoSinkCalculator"
  input_stream: "VIDEO:frames" input_side_packet: "OUTPUT_FILE_PATH:output"
  node_options { [type.googleapis.com/tryon.VideoSinkCalculatorOptions] { %s } }
}
"""


def copy(source: Path, path: Path) -> None:
    graph = CalculatorGraph(graph_config=COPY)
    graph.start_run({"input": str(source), "output": str(path)})
    graph.wait_until_done()


def times(path: Path) -> list[int]:
    with VideoReader(path) as reader:
        return [timestamp for timestamp, _ in reader]


def test_copies_times_length_and_sound(tmp_path: Path, make_video: MakeVideo) -> None:
    source = make_video("in.mp4", [*range(20), 25, 26, 40], codec="mpeg4", audio="aac", seconds=1.6)
    path = tmp_path / "out.mp4"
    copy(source, path)
    assert sorted(tmp_path.iterdir()) == [source, path]
    assert times(path) == times(source)
    with av.open(str(source)) as before, av.open(str(path)) as after:
        assert after.streams.video[0].duration == before.streams.video[0].duration
        assert after.streams.audio[0].frames >= before.streams.audio[0].frames - 1


def damaged(make_video: MakeVideo) -> Path:
    path = make_video("in.mp4", range(100), movflags="faststart")
    path.write_bytes(path.read_bytes()[:-300])
    return path


def test_an_error_on_the_way_keeps_the_beginning(tmp_path: Path, make_video: MakeVideo) -> None:
    source, path = damaged(make_video), tmp_path / "out.mp4"
    path.write_text("from before")
    with pytest.raises(GraphError, match=r'in\.mp4" is damaged or cut off after'):
        copy(source, path)
    assert path.read_text() == "from before"
    kept = times(tmp_path / "out.mp4.partial")
    assert kept == [40_000 * index for index in range(len(kept))]
    assert len(kept) > 20


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("out.gif", "in.mp4", r"VideoSinkCalculator.*ends with one of \.mp4"),
        ("missing/out.mp4", "in.mp4", "VideoSinkCalculator.*there is no folder"),
        ("in.mp4", "in.mp4", "VideoSinkCalculator.*both read and written"),
        ("out.mp4", "missing.mp4", "VideoSourceCalculator.*There is no video file"),
    ],
)
def test_an_error_at_the_start_leaves_nothing(
    tmp_path: Path, make_video: MakeVideo, name: str, source: str, message: str
) -> None:
    content = make_video("in.mp4").read_bytes()
    with pytest.raises(GraphError, match=message):
        copy(tmp_path / source, tmp_path / name)
    assert list(tmp_path.iterdir()) == [tmp_path / "in.mp4"]
    assert (tmp_path / "in.mp4").read_bytes() == content


def test_stopping_the_sources_finishes_the_file(tmp_path: Path, make_video: MakeVideo) -> None:
    """What Ctrl-C does."""
    source, path = make_video("in.mp4", range(500)), tmp_path / "out.mp4"
    graph = CalculatorGraph(graph_config=COPY)
    seen = []

    def stop_after_ten(name: str, packet: object) -> None:
        seen.append(packet)
        if len(seen) == 10:
            graph.close_all_packet_sources()

    graph.observe_output_stream("frames", stop_after_ten)
    graph.start_run({"input": str(source), "output": str(path)})
    graph.wait_until_done()
    assert sorted(tmp_path.iterdir()) == [source, path]
    assert times(path) == [40_000 * index for index in range(len(seen))]
    assert 10 <= len(seen) < 500


def run(tmp_path: Path, options: str, feed: Callable[[CalculatorGraph], None]) -> None:
    graph = CalculatorGraph(graph_config=WRITE % options)
    graph.start_run({"output": str(tmp_path / "out.webm")})
    feed(graph)
    graph.close_all_packet_sources()
    graph.wait_until_done()


def add(graph: CalculatorGraph, *frames: tuple[int, tuple[int, int]]) -> None:
    for timestamp, size in frames:
        graph.add_packet_to_input_stream("frames", scene(0, *size), timestamp)


def test_frames_from_outside(tmp_path: Path) -> None:
    run(tmp_path, "quality: 40", lambda graph: add(graph, (5000, (64, 48)), (9000, (64, 48))))
    assert times(tmp_path / "out.webm") == [5000, 9000]


@pytest.mark.parametrize(
    ("options", "frames", "message"),
    [
        ("quality: 64", [], "quality is 64; libvpx-vp9 takes 0"),
        ("", [], "Not one frame came"),
        ("", [(0, (64, 48)), (40_000, (32, 48))], r"at 0\.040 s \(timestamp 40000\) is 32x48"),
    ],
)
def test_errors_name_the_node(
    tmp_path: Path, options: str, frames: list[tuple[int, tuple[int, int]]], message: str
) -> None:
    with pytest.raises(GraphError, match=f"VideoSinkCalculator.*{message}"):
        run(tmp_path, options, lambda graph: add(graph, *frames))
    assert not (tmp_path / "out.webm").exists()
