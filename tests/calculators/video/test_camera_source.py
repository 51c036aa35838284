import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.video.header import VideoHeader
from tryon import GraphError, Packet, Timestamp
from tryon.graph import CalculatorGraph

from .conftest import MakeVideo, scene

GRAPH = """
input_side_packet: "camera"
node {
  calculator: "CameraSourceCalculator"
  input_side_packet: "CAMERA:camera"
  output_stream: "VIDEO:frames"
  output_stream: "VIDEO_PRESTREAM:header"
  node_options { [type.googleapis.com/tryon.CameraSourceCalculatorOptions] { %s } }
}
"""
FRAMES = 8


class Unplugged(BaseHTTPRequestHandler):
    """A network camera that sends a few frames and is gone."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for index in range(FRAMES):
            picture = cv2.imencode(".jpg", scene(index)[..., ::-1])[1].tobytes()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            self.wfile.write(head.encode() + picture + b"\r\n")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def network_camera() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Unplugged) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/camera"
        server.shutdown()
        thread.join()


def run(camera: str, options: str = "") -> tuple[list[Packet], GraphError | None]:
    """Frames, with the header as the first of them, and the error with which the run ended."""
    packets: list[Packet] = []
    graph = CalculatorGraph(graph_config=GRAPH % options)
    graph.observe_output_stream("header", lambda _, packet: packets.insert(0, packet))
    graph.observe_output_stream("frames", lambda _, packet: packets.append(packet))
    try:
        graph.start_run({"camera": camera})
        graph.wait_until_done()
    except GraphError as error:
        return packets, error
    return packets, None


@pytest.mark.parametrize("name", ["recorded.mp4", "recorded.avi"])
def test_a_recorded_file_stands_in(make_video: MakeVideo, name: str) -> None:
    path = make_video(name, [0, 1, 2, 6, 7], codec="mpeg4")
    (header, *frames), error = run(str(path))
    assert error is None
    assert header.timestamp == Timestamp.PRESTREAM
    assert header.value == VideoHeader(64, 48, header.value.frame_rate)
    times = [0, 40_000, 80_000, 240_000, 280_000]
    assert [packet.timestamp for packet in frames][: len(times)] == times
    assert np.abs(frames[0].value.astype(int) - scene(0)).mean() < 8
    assert frames[0].value.flags.c_contiguous


def test_unplugged(network_camera: str) -> None:
    (_, *frames), error = run(network_camera)
    times = [packet.timestamp for packet in frames]
    assert len(times) == FRAMES
    assert times[0] == 0
    assert all(before < after for before, after in pairwise(times))
    assert np.abs(frames[3].value.astype(int) - scene(3)).mean() < 8
    assert f'Camera "{network_camera}" stopped after {FRAMES} frames' in str(error)
    assert "CameraSourceCalculator" in str(error)


@pytest.mark.parametrize("camera", ["97", "/dev/video97", "missing.mp4"])
def test_a_camera_that_is_not_there(camera: str, capfd: pytest.CaptureFixture[str]) -> None:
    packets, error = run(camera)
    assert packets == []
    assert f'There is no camera "{camera}"' in str(error)
    assert capfd.readouterr().err == ""


def test_options_are_checked() -> None:
    with pytest.raises(GraphError, match="width, height and frame_rate are positive"):
        CalculatorGraph(graph_config=GRAPH % "width: -1")


def test_a_file_is_no_camera(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert "There is no camera" in str(run(str(tmp_path / "empty.mp4"))[1])
