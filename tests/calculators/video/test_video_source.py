from pathlib import Path

import numpy as np
import pytest

from calculators.video.header import VideoHeader
from tryon import GraphError, Packet, Timestamp
from tryon.graph import CalculatorGraph

from .conftest import MakeVideo, scene

GRAPH = """
input_side_packet: "path"
node {
  calculator: "VideoSourceCalculator"
  input_side_packet: "INPUT_FILE_PATH:path"
  output_stream: "VIDEO:frames"
  output_stream: "VIDEO_PRESTREAM:header"
}
"""


def test_frames_and_header(make_video: MakeVideo) -> None:
    path = make_video("in.mp4", [0, 1, 5, 6])
    frames: list[Packet] = []
    headers: list[Packet] = []
    graph = CalculatorGraph(graph_config=GRAPH)
    graph.observe_output_stream("frames", lambda _, packet: frames.append(packet))
    graph.observe_output_stream("header", lambda _, packet: headers.append(packet))
    graph.start_run({"path": str(path)})
    graph.wait_until_done()
    assert [packet.timestamp for packet in frames] == [0, 40_000, 200_000, 240_000]
    assert np.abs(frames[3].value.astype(int) - scene(3)).mean() < 6
    (header,) = headers
    assert header.timestamp == Timestamp.PRESTREAM
    assert isinstance(header.value, VideoHeader)
    assert (header.value.width, header.value.height, header.value.frame_count) == (64, 48, 4)


def test_errors_name_node_and_file(tmp_path: Path) -> None:
    graph = CalculatorGraph(graph_config=GRAPH)
    with pytest.raises(GraphError, match=r'VideoSourceCalculator.*There is no video file ".*missing\.mp4"'):
        graph.start_run({"path": str(tmp_path / "missing.mp4")})
        graph.wait_until_done()
