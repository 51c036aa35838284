"""Reading a recording."""

import heapq
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from tryon.config import GraphSource, read_graph
from tryon.errors import GraphError
from tryon.packet import Packet, empty_packet
from tryon.recording.files import ValueReader
from tryon.registry import nearest_name
from tryon.validated_graph import NodeInfo

FORMAT = 1
MANIFEST = "manifest.json"
GRAPH = "graph/graph.pbtxt"
FILES = "files"
STREAMS = "streams"
SIDE_PACKETS = "side_packets"
HERE = "<recording>/"  # begins the name of a file that travels in the recording
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a stream told.

    Attributes:
        order: grows with time over all streams.
        stream: its name.
        packet: what it sent; an empty one at the last timestamp that settled; an empty one at Done at its
            end.
    """

    order: int
    stream: str
    packet: Packet


@dataclass(frozen=True)
class RecordedNode:
    """A node of the graph that was recorded.

    Attributes:
        name: in the expanded graph.
        calculator, module: its calculator, and where that was defined.
        inside: the subgraph nodes that it came out of, outermost first.
    """

    name: str
    calculator: str
    module: str
    inside: tuple[str, ...]


class Recording:
    """A folder that `tryon run --record` wrote.

    Attributes:
        folder: where it lies.
        manifest: what is in `manifest.json`.
        streams: the recorded streams.
        nodes: of the expanded graph.
        not_recorded: side packets of types that cannot be recorded: {name: type}.

    Raises:
        GraphError: it is no recording, or of a newer version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = folder / MANIFEST
        self.manifest = _read_manifest(path)
        try:
            self.streams = tuple(self.manifest["streams"])
            self.nodes = [
                RecordedNode(node["name"], node["calculator"], node["module"], tuple(node["inside"]))
                for node in self.manifest["nodes"]
            ]
            self._given = frozenset(self.manifest["side_packets"]["given"])
            self.not_recorded: dict[str, str] = self.manifest["side_packets"]["not recorded"]
            self._complete = self.manifest["state"] != "recording"
        except (KeyError, TypeError) as error:
            raise GraphError(f"{path}: the recording is damaged: no {error}.") from error

    def graph(self) -> GraphSource:
        """The graph that ran, subgraphs expanded."""
        return read_graph(self.folder / GRAPH)

    def packets(self, stream: str) -> Iterator[Packet]:
        """The packets of a stream."""
        for event in self._events(stream):
            if not event.packet.is_empty:
                yield event.packet

    def events(self, streams: Sequence[str]) -> Iterator[Event]:
        """What several streams told, in the order of the run."""
        return heapq.merge(*map(self._events, streams), key=lambda event: event.order)

    def side_packets(self) -> dict[str, Any]:
        """The values of the recorded side packets, those that the run was given and those that nodes made."""
        here = f"{self.folder.resolve()}/"

        def find(text: str) -> str:
            return here + text.removeprefix(HERE) if text.startswith(HERE) else text

        with ValueReader(self.folder / SIDE_PACKETS, self._complete) as reader:
            return {record["name"]: map_strings(record["value"], find) for record in reader.records()}

    def is_given(self, side_packet: str) -> bool:
        """True for a side packet that the run was given, False for one that a node made."""
        return side_packet in self._given

    def check_stream(self, name: str) -> None:
        """Raises GraphError when a stream was not recorded."""
        if name not in self.streams:
            nearest = nearest_name(name, list(self.streams))
            hint = f'Did you mean "{nearest}"?' if nearest else f"It has: {', '.join(self.streams)}."
            raise GraphError(f'The recording "{self.folder}" has no stream "{name}". {hint}')

    def header(self, stream: str) -> Any:
        """What the node that made a stream said of all of it, or None."""
        with self._reader(stream) as reader:
            first = next(reader.records(), {})
        return first["value"] if "header" in first else None

    def _events(self, stream: str) -> Iterator[Event]:
        written = self.manifest["streams"][stream].get("events")
        count = 0
        with self._reader(stream) as reader:
            for record in reader.records():
                if "header" in record:
                    continue
                timestamp = record["timestamp"]
                packet = Packet(record["value"], timestamp) if "value" in record else empty_packet(timestamp)
                yield Event(record["order"], stream, packet)
                count += 1
        if written is not None and count != written:
            raise GraphError(
                f'The recording "{self.folder}" is cut off: "{stream}" has {count} of {written} events.'
            )

    def _reader(self, stream: str) -> ValueReader:
        return ValueReader(self.folder / STREAMS / file_name(stream), self._complete)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version = manifest["format"]
    except (FileNotFoundError, NotADirectoryError):
        raise GraphError(f'"{path.parent}" is no recording: it has no {path.name}.') from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(f"{path}: the recording is damaged: {error}.") from error
    if version != FORMAT:
        raise GraphError(f'"{path.parent}" has the format {version}; this tryon reads {FORMAT}.')
    assert isinstance(manifest, dict)
    return manifest


def file_name(stream: str) -> str:
    """The name of a stream's files, without the suffix."""
    return stream if len(stream) <= LONGEST_NAME else f"{stream[:90]}_{zlib.crc32(stream.encode()):08x}"


def is_inner(info: NodeInfo) -> bool:
    """True for the nodes that a replay runs: neither sources nor sinks."""
    return bool(info.node.input_stream and (info.node.output_stream or info.node.output_side_packet))


def map_strings(value: Any, change: Callable[[str], str]) -> Any:
    """A value with all its texts changed, also those in lists, tuples, dicts and messages."""
    if type(value) is str:
        return change(value)
    if type(value) in (list, tuple):
        return type(value)(map_strings(item, change) for item in value)
    if type(value) is dict:
        return {key: map_strings(item, change) for key, item in value.items()}
    if isinstance(value, Message):
        changed = type(value)()
        changed.CopyFrom(value)
        _change_message(changed, change)
        return changed
    return value


def _change_message(message: Message, change: Callable[[str], str]) -> None:
    for field, value in message.ListFields():
        if isinstance(value, str):
            setattr(message, field.name, change(value))
        elif isinstance(value, Message):
            _change_message(value, change)
        elif not isinstance(value, int | float | bytes) and not hasattr(value, "items"):
            for index, item in enumerate(value):
                if isinstance(item, str):
                    value[index] = change(item)
                elif isinstance(item, Message):
                    _change_message(item, change)
