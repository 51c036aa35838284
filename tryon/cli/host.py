"""Gives an effect its frames: an effect knows no files, so a source and a sink are put around it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tryon.config import Config, GraphSource
from tryon.errors import GraphError
from tryon.tag_map import parse_tag_index_name

INPUT_PATH = "input_path"
OUTPUT_PATH = "output_path"
CAMERA = "camera"
MAX_QUEUE_SIZE = 4  # frames are big: a few in each queue keep every node busy

_CAMERA = re.compile(r"camera:(?P<index>\d+)|(?P<address>/dev/video\d+|(?:rtsps?|https?)://.+)")
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class HostedGraph:
    """A graph that can run by itself.

    Attributes:
        source: the effect's graph with the source and the sink as its last nodes; what stands in the
            effect keeps its names and positions.
        side_packets: where the frames come from and go to.
        frames: the stream whose packets are the finished frames; "" when the graph names none.
        header: the stream that announces the video; "" when there is none.
        unfed: graph input streams that nothing feeds.
    """

    source: GraphSource
    side_packets: dict[str, str] = field(default_factory=dict)
    frames: str = ""
    header: str = ""
    unfed: tuple[str, ...] = ()


def host(
    effect: GraphSource, input_name: str | None, output: Path | None, threads: int | None
) -> HostedGraph:
    """Puts a source before an effect's first input stream and a sink behind its first output stream.

    A graph without input streams has sources of its own: it runs as it is, and gets the names as the
    side packets `input_path` and `output_path` if it declares them.

    Args:
        effect: the graph; not changed.
        input_name: a video file, a folder or pattern of pictures, "camera:0", a device or an address.
        output: the video to write; None writes nothing.
        threads: how many threads run calculators; None leaves that to the graph.

    Raises:
        GraphError: the graph wants an input and none was given, or has no use for what was given.
    """
    config = Config()
    config.CopyFrom(effect.config)
    config.max_queue_size = config.max_queue_size or MAX_QUEUE_SIZE
    if threads is not None:
        kept = [executor for executor in config.executor if executor.name]
        del config.executor[:]
        config.executor.extend(kept)
        config.num_threads = threads
    inputs = [parse_tag_index_name(text).name for text in config.input_stream]
    outputs = [parse_tag_index_name(text).name for text in config.output_stream]
    declared = [parse_tag_index_name(text).name for text in config.input_side_packet]
    side_packets: dict[str, str] = {}
    header = audio = ""
    if inputs:
        if input_name is None:
            raise GraphError(f'{effect.name} reads the stream "{inputs[0]}": give the video with --input.')
        del config.input_stream[0]
        header, audio = _add_source(config, inputs[0], input_name, side_packets)
    elif input_name is not None:
        side_packets |= _own(effect, declared, INPUT_PATH, "--input", input_name)
    if output is not None and input_name is not None and output.resolve() == Path(input_name).resolve():
        raise GraphError(f'"{output}" is the input itself; give another name with --output.')
    if outputs and output is not None:
        sink = config.node.add(calculator="VideoSinkCalculator")
        sink.input_stream.append(f"VIDEO:{outputs[0]}")
        sink.input_side_packet.append(f"OUTPUT_FILE_PATH:{OUTPUT_PATH}")
        if header:
            sink.input_stream.append(f"VIDEO_PRESTREAM:{header}")
        if audio:
            sink.input_side_packet.append(f"AUDIO_FILE_PATH:{audio}")
        side_packets[OUTPUT_PATH] = str(output)
    elif output is not None:
        side_packets |= _own(effect, declared, OUTPUT_PATH, "--output", str(output))
    source = GraphSource(config, effect.name, effect.folder, effect.positions)
    return HostedGraph(source, side_packets, next(iter([*outputs, *inputs]), ""), header, tuple(inputs[1:]))


def _add_source(config: Config, stream: str, name: str, side_packets: dict[str, str]) -> tuple[str, str]:
    """Adds the source for an input; returns the stream of the header and the side packet of the sound."""
    camera = _CAMERA.fullmatch(name)
    if camera:
        node = config.node.add(calculator="CameraSourceCalculator")
        node.input_side_packet.append(f"CAMERA:{CAMERA}")
        side_packets[CAMERA] = camera["index"] or camera["address"]
    elif Path(name).is_dir() or (_GLOB.search(name) and not Path(name).exists()):
        node = config.node.add(calculator="ImageSequenceSourceCalculator")
        node.input_side_packet.append(f"INPUT_PATH:{INPUT_PATH}")
        side_packets[INPUT_PATH] = name
    else:
        node = config.node.add(calculator="VideoSourceCalculator")
        node.input_side_packet.append(f"INPUT_FILE_PATH:{INPUT_PATH}")
        node.output_stream.append(f"VIDEO:{stream}")
        node.output_stream.append(f"VIDEO_PRESTREAM:{stream}_header")
        side_packets[INPUT_PATH] = name
        return f"{stream}_header", INPUT_PATH
    node.output_stream.append(f"VIDEO:{stream}")
    return "", ""


def _own(effect: GraphSource, declared: list[str], name: str, option: str, value: str) -> Mapping[str, str]:
    """The side packet that carries a file's name into a graph with sources or sinks of its own."""
    if name not in declared:
        kind = "input" if name == INPUT_PATH else "output"
        raise GraphError(
            f'{effect.name} has no {kind}_stream and no input_side_packet "{name}": it cannot take {option}.'
        )
    return {name: value}
