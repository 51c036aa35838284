"""Gives an effect its frames: an effect knows no files, so a source and a sink are put around it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tryon.config import Config, GraphSource
from tryon.contract import Node
from tryon.errors import GraphError
from tryon.recording import Recording
from tryon.recording.source import RECORDING, RecordingSourceCalculator
from tryon.text_scan import FieldPath

INPUT_PATH = "input_path"
OUTPUT_PATH = "output_path"
HEADER = "input_header"
PLAYED = "tryon_recording"
SPLIT = "before_after"  # the node's name, and that of its stream
MAX_QUEUE_SIZE = 4  # frames are big: a few in each queue keep every node busy

_CAMERA = re.compile(r"camera:(?P<name>.+)|(?P<address>/dev/video\d+|(?:rtsps?|https?)://.+)")
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
    side_packets: dict[str, Any] = field(default_factory=dict)
    frames: str = ""
    header: str = ""
    unfed: tuple[str, ...] = ()


def host(
    effect: GraphSource,
    input_name: str | None,
    output: Path | None,
    threads: int | None,
    recording: Recording | None = None,
    split: bool = False,
) -> HostedGraph:
    """Puts a source before an effect's first input stream and a sink behind its first output stream.

    A graph without input streams has sources of its own: it runs as it is, and gets the names as the
    side packets `input_path` and `output_path` if it declares them.

    Args:
        effect: the graph; not changed.
        input_name: a video file, a folder or pattern of pictures, "camera:0", a device or an address.
        output: the video to write; None writes nothing.
        threads: how many threads run calculators; None leaves that to the graph.
        recording: takes the place of the input and of the graph's own sources, if given.
        split: behind the effect, a node shows its first output stream beside its first input stream.

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
    inputs = [_name(text) for text in config.input_stream]
    outputs = [_name(text) for text in config.output_stream]
    declared = [_name(text) for text in config.input_side_packet]
    side_packets: dict[str, Any] = {}
    positions = effect.positions
    source = None
    has_header = False
    if recording:
        if input_name is not None:
            raise GraphError("Give either --input or --replay: the recording is the input.")
        recorded = recording.side_packets()
        side_packets |= {name: recorded[name] for name in declared if recording.is_given(name)}
        side_packets[PLAYED] = recording
        has_header = _play(config, inputs, recording)
    elif inputs:
        if input_name is None:
            raise GraphError(f'{effect.name} reads the stream "{inputs[0]}": give the video with --input.')
        source = _find_source(input_name)
        config.input_stream[:] = inputs[1:]
        positions = {_without_first_input(path): place for path, place in positions.items()}
        node = config.node.add(calculator=source.calculator)
        node.input_side_packet.append(f"{source.tag}:{INPUT_PATH}")
        node.output_stream.extend([f"VIDEO:{inputs[0]}", f"VIDEO_PRESTREAM:{HEADER}"])
        side_packets[INPUT_PATH] = source.name
        has_header = True
    elif input_name is not None:
        side_packets |= _own(effect, declared, INPUT_PATH, "--input", input_name)
    if output is not None and input_name is not None and output.resolve() == Path(input_name).resolve():
        raise GraphError(f'"{output}" is the input itself; give another name with --output.')
    if split:
        if not (inputs and outputs):
            missing = "output_stream" if inputs else "input_stream"
            raise GraphError(
                f"{effect.name} has no {missing}: --split shows what comes in beside what comes out."
            )
        node = config.node.add(calculator="BeforeAfterCalculator", name=SPLIT)
        node.input_stream.extend([f"BEFORE:{inputs[0]}", f"AFTER:{outputs[0]}"])
        node.output_stream.append(f"IMAGE:{SPLIT}")
        outputs = [SPLIT]
        config.output_stream[0] = SPLIT
    if outputs and output is not None:
        node = config.node.add(calculator="VideoSinkCalculator")
        node.input_stream.append(f"VIDEO:{outputs[0]}")
        node.input_side_packet.append(f"OUTPUT_FILE_PATH:{OUTPUT_PATH}")
        if has_header:
            node.input_stream.append(f"VIDEO_PRESTREAM:{HEADER}")
        if source and source.has_sound:
            node.input_side_packet.append(f"AUDIO_FILE_PATH:{INPUT_PATH}")
        side_packets[OUTPUT_PATH] = str(output)
    elif output is not None:
        side_packets |= _own(effect, declared, OUTPUT_PATH, "--output", str(output))
    return HostedGraph(
        GraphSource(config, effect.name, effect.folder, positions),
        side_packets,
        next(iter([*outputs, *inputs]), ""),
        HEADER if has_header else "",
        () if recording else tuple(inputs[1:]),
    )


def _play(config: Config, inputs: Sequence[str], recording: Recording) -> bool:
    """Lets a recording send the input streams, and what the graph's sources sent when it was made.

    Returns:
        True if it sends the header of the video.
    """
    del config.input_stream[:]
    for node in config.node:
        names = [_name(text) for text in node.output_stream]
        is_source = names and not node.input_stream and not node.output_side_packet
        if is_source and set(names) <= set(recording.streams):
            node.CopyFrom(_player(names))
    for name in inputs:
        recording.check_stream(name)
    has_header = bool(inputs) and HEADER in recording.streams
    if inputs:
        config.node.append(_player([*inputs, HEADER] if has_header else inputs))
    return has_header


def _player(streams: Sequence[str]) -> Node:
    return Node(
        calculator=RecordingSourceCalculator.__name__,
        input_side_packet=[f"{RECORDING}:{PLAYED}"],
        output_stream=streams,
    )


@dataclass(frozen=True)
class _Source:
    calculator: str
    tag: str
    name: str
    has_sound: bool = False


def _name(text: str) -> str:
    """The name in "TAG:index:name"; whether that has the right form is for the validation to say."""
    return text.rpartition(":")[2]


def _without_first_input(path: FieldPath) -> FieldPath:
    """Where a part of the effect is when its first input stream is gone."""
    match path:
        case ("input_stream", int(index)):
            return ("input_stream", index - 1)
    return path


def _find_source(name: str) -> _Source:
    """The source that suits an input, and the name under which it finds it."""
    camera = _CAMERA.fullmatch(name)
    if camera:
        return _Source("CameraSourceCalculator", "CAMERA", camera["name"] or camera["address"])
    if Path(name).is_dir() or (_GLOB.search(name) and not Path(name).exists()):
        return _Source("ImageSequenceSourceCalculator", "INPUT_PATH", name)
    return _Source("VideoSourceCalculator", "INPUT_FILE_PATH", name, has_sound=True)


def _own(effect: GraphSource, declared: list[str], name: str, option: str, value: str) -> Mapping[str, str]:
    """The side packet that carries a file's name into a graph with sources or sinks of its own."""
    if name not in declared:
        kind = "input" if name == INPUT_PATH else "output"
        raise GraphError(
            f'{effect.name} has no {kind}_stream and no input_side_packet "{name}": it cannot take {option}.'
        )
    return {name: value}
