from pathlib import Path

import pytest
from google.protobuf import text_format

from tryon.cli.host import SPLIT, host
from tryon.config import GraphSource, parse_graph
from tryon.errors import GraphError
from tryon.proto.pool import POOL

EFFECT = """
input_stream: "frames"
input_stream: "VIDEO:more"
output_stream: "painted"
output_stream: "mask"
node { calculator: "Paint" input_stream: "frames" output_stream: "painted" }
"""
OWN = 'input_side_packet: "input_path" input_side_packet: "output_path" node { calculator: "Whole" }'
CLOSED = 'node { calculator: "Whole" }'


def effect(text: str) -> GraphSource:
    return parse_graph(text, "effect.pbtxt")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("name", "source", "path"),
    [
        ("a.mp4", "VideoSourceCalculator INPUT_FILE_PATH", "a.mp4"),
        ("no such.mp4", "VideoSourceCalculator INPUT_FILE_PATH", "no such.mp4"),
        (".", "ImageSequenceSourceCalculator INPUT_PATH", "."),
        ("x/*.png", "ImageSequenceSourceCalculator INPUT_PATH", "x/*.png"),
        ("x/f?.png", "ImageSequenceSourceCalculator INPUT_PATH", "x/f?.png"),
        ("camera:0", "CameraSourceCalculator CAMERA", "0"),
        ("camera:clip.mp4", "CameraSourceCalculator CAMERA", "clip.mp4"),
        ("/dev/video1", "CameraSourceCalculator CAMERA", "/dev/video1"),
        ("rtsp://host/x", "CameraSourceCalculator CAMERA", "rtsp://host/x"),
        ("https://host/x", "CameraSourceCalculator CAMERA", "https://host/x"),
    ],
)
def test_source_for_an_input(name: str, source: str, path: str) -> None:
    hosted = host(effect(EFFECT), name, None, None)
    node = hosted.source.config.node[-1]
    assert [f"{node.calculator} {side}" for side in node.input_side_packet] == [f"{source}:input_path"]
    assert list(node.output_stream) == ["VIDEO:frames", "VIDEO_PRESTREAM:input_header"]
    assert hosted.side_packets == {"input_path": path}


@pytest.mark.parametrize("name", ["camera:0", "."])
def test_only_files_have_sound(name: str) -> None:
    sink = host(effect(EFFECT), name, Path("out.mp4"), None).source.config.node[-1]
    assert list(sink.input_stream) == ["VIDEO:painted", "VIDEO_PRESTREAM:input_header"]
    assert list(sink.input_side_packet) == ["OUTPUT_FILE_PATH:output_path"]


def test_a_file_name_that_looks_like_a_pattern(tmp_path: Path) -> None:
    odd = tmp_path / "clip[1].mp4"
    odd.touch()
    assert host(effect(EFFECT), str(odd), None, None).source.config.node[-1].calculator == (
        "VideoSourceCalculator"
    )


def test_the_whole_host() -> None:
    """The effect's nodes stay first, under their names and positions; other inputs stay open."""
    source = effect(EFFECT)
    hosted = host(source, "in.mp4", Path("out.mp4"), 3)
    assert lines(text_format.MessageToString(hosted.source.config, descriptor_pool=POOL)) == lines("""
        node {
        calculator: "Paint"
        input_stream: "frames"
        output_stream: "painted"
        }
        node {
        calculator: "VideoSourceCalculator"
        output_stream: "VIDEO:frames"
        output_stream: "VIDEO_PRESTREAM:input_header"
        input_side_packet: "INPUT_FILE_PATH:input_path"
        }
        node {
        calculator: "VideoSinkCalculator"
        input_stream: "VIDEO:painted"
        input_stream: "VIDEO_PRESTREAM:input_header"
        input_side_packet: "OUTPUT_FILE_PATH:output_path"
        input_side_packet: "AUDIO_FILE_PATH:input_path"
        }
        num_threads: 3
        input_stream: "more"
        max_queue_size: 4
        output_stream: "painted"
        output_stream: "mask"
    """)
    assert hosted.side_packets == {"input_path": "in.mp4", "output_path": "out.mp4"}
    assert (hosted.frames, hosted.header, hosted.unfed) == ("painted", "input_header", ("more",))
    assert hosted.source.where("node", 0) == "effect.pbtxt:6:1: "
    assert len(source.config.node) == 1


def test_the_graph_keeps_its_own_queue_size() -> None:
    assert host(effect(EFFECT + "max_queue_size: 9"), "a.mp4", None, None).source.config.max_queue_size == 9


def test_threads_replace_the_default_executor() -> None:
    executors = 'executor { type: "ThreadPoolExecutor" } executor { name: "slow" type: "ThreadPoolExecutor" }'
    config = host(effect(EFFECT + executors), "a.mp4", None, 2).source.config
    assert ([executor.name for executor in config.executor], config.num_threads) == (["slow"], 2)


def test_a_graph_with_its_own_source_and_sink() -> None:
    hosted = host(effect(OWN), "in.mp4", Path("out.mp4"), None)
    assert hosted.side_packets == {"input_path": "in.mp4", "output_path": "out.mp4"}
    assert len(hosted.source.config.node) == 1


@pytest.mark.parametrize(
    ("graph", "input_name", "output", "message"),
    [
        (EFFECT, None, None, 'effect.pbtxt reads the stream "frames": give the video with --input.'),
        (EFFECT, "a.mp4", "a.mp4", '"a.mp4" is the input itself; give another name with --output.'),
        (
            CLOSED,
            "a.mp4",
            None,
            'effect.pbtxt has no input_stream and no input_side_packet "input_path": it cannot take --input.',
        ),
        (
            CLOSED,
            None,
            "a.mp4",
            'effect.pbtxt has no output_stream and no input_side_packet "output_path": '
            "it cannot take --output.",
        ),
    ],
)
def test_problems(graph: str, input_name: str | None, output: str | None, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        host(effect(graph), input_name, Path(output) if output else None, None)
    assert str(caught.value) == message


def test_positions_stay_those_of_the_file() -> None:
    graph = host(
        effect('input_stream: "frames"\ninput_stream: "more"\n' + CLOSED), "a.mp4", None, None
    ).source
    assert graph.where("input_stream", 0) == "effect.pbtxt:2:15: "
    assert graph.where("node", 0) == "effect.pbtxt:3:1: "


def test_bad_names_are_left_to_the_validation() -> None:
    hosted = host(effect('input_stream: "frames" input_stream: "T:1:a-b"'), "a.mp4", None, None)
    assert list(hosted.source.config.input_stream) == ["a-b"]


def test_split() -> None:
    """Before and after go through one more node, whose frames are the finished ones."""
    hosted = host(effect(EFFECT), "in.mp4", Path("out.mp4"), None, split=True)
    _, _, node, sink = hosted.source.config.node
    assert (node.name, node.calculator) == (SPLIT, "BeforeAfterCalculator")
    assert list(node.input_stream) == ["BEFORE:frames", "AFTER:painted"]
    assert list(node.output_stream) == [f"IMAGE:{SPLIT}"]
    assert sink.input_stream[0] == f"VIDEO:{SPLIT}"
    assert list(hosted.source.config.output_stream) == [SPLIT, "mask"]
    assert hosted.frames == SPLIT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('input_stream: "a"', "effect.pbtxt has no output_stream: --split shows what comes"),
        ('output_stream: "a"', "effect.pbtxt has no input_stream: --split shows what comes"),
    ],
)
def test_nothing_to_split(text: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        host(effect(text), "in.mp4" if "input" in text else None, None, None, split=True)
