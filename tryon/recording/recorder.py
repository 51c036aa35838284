"""Recording a run."""

import itertools
import json
import platform
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import distributions
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from google.protobuf import text_format
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from tryon.config import Config
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph
from tryon.packet import Packet, type_name
from tryon.proto.pool import POOL
from tryon.recording.files import ValueWriter
from tryon.recording.recording import (
    FILES,
    FORMAT,
    GRAPH,
    HERE,
    MANIFEST,
    SIDE_PACKETS,
    STREAMS,
    file_name,
    is_inner,
    map_strings,
)
from tryon.recording.values import Unrecordable
from tryon.registry import nearest_name
from tryon.run import INSTALL_ROOT
from tryon.validated_graph import ValidatedGraph

PACKAGES = ("tryon", "numpy", "protobuf", "ai-edge-litert", "opencv-python-headless", "av")


class Recorder:
    """Writes what streams of a graph carry, while it runs; a context manager around the run.

    Args:
        graph: not started yet.
        folder: to write; must not exist, or be empty.
        side_packets: what the run is started with.
        streams: names or patterns ("segmentation__*"); those between the nodes of the graph's own file
            without.
        name: the graph's, for people.

    Attributes:
        size: bytes written so far, without the graph's own files.
        packets: recorded so far.
        closed: True after the block: a later run of the graph is not recorded.

    Raises:
        GraphError: the folder is not empty, a pattern fits no stream, a side packet cannot be recorded.
    """

    def __init__(
        self,
        graph: CalculatorGraph,
        folder: Path,
        side_packets: Mapping[str, Any],
        streams: Sequence[str] = (),
        name: str = "",
    ) -> None:
        names = _choose(graph.validated, streams)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise GraphError(f'"{folder}" is not empty; give another folder for the recording.')
        (folder / STREAMS).mkdir(parents=True)
        (folder / GRAPH).parent.mkdir()
        self._graph = graph
        self._folder = folder
        self.closed = False
        self._order = itertools.count()
        self._side_lock = threading.Lock()
        self._side_file = ValueWriter(folder / SIDE_PACKETS)
        self._sides_to_come = {name for name, node in graph.validated.side_producers.items() if node >= 0}
        self._files: dict[Path, str] = {}
        self._not_recorded: dict[str, str] = {}
        self._manifest: dict[str, Any] = {
            "format": FORMAT,
            "state": "recording",
            "graph": name,
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": platform.platform(),
            "versions": {"python": platform.python_version()} | _versions(),
            "nodes": [
                {
                    "name": info.name,
                    "calculator": info.node.calculator,
                    "module": info.calculator.__module__,
                    "inside": list(info.origin.inside),
                }
                for info in graph.validated.nodes
            ],
            "streams": {name: {} for name in names},
            "side_packets": {"given": sorted(side_packets), "not recorded": self._not_recorded},
        }
        (folder / GRAPH).write_text(_graph_text(graph.validated), encoding="utf-8")
        for resource, path in _resources(graph.validated):
            target = (folder / GRAPH).parent / resource
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        self._copied = _used_inside(graph.validated)
        for side, value in side_packets.items():
            self._record_side(side, value.value if isinstance(value, Packet) else value)
        self._write_manifest()
        self._streams = [_StreamRecorder(self, name) for name in names]
        for stream in self._streams:
            graph.observe_output_stream(
                stream.name, stream.note, observe_timestamp_bounds=True, observe_end=True
            )

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return sum(stream.file.size for stream in self._streams)

    @property
    def packets(self) -> int:
        """Packets recorded so far."""
        return sum(stream.packets for stream in self._streams)

    def next_order(self) -> int:
        """Numbers the events of all streams; also the moment to look for new side packets."""
        if self._sides_to_come:
            self._record_made_sides()
        return next(self._order)

    def header(self, stream: str) -> Any:
        """What the node that makes a stream says of all of it, or None."""
        return self._graph.stream_header(stream)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Completes the recording."""
        self.closed = True
        self._record_made_sides()
        self._side_file.close()
        for stream in self._streams:
            stream.file.close()
        self._manifest["state"] = "complete" if error is None else "failed"
        if error is not None:
            self._manifest["error"] = str(error)
        self._manifest["streams"] = {stream.name: stream.summary() for stream in self._streams}
        self._write_manifest()

    def _write_manifest(self) -> None:
        new = self._folder / f"{MANIFEST}.new"
        new.write_text(json.dumps(self._manifest, indent=2) + "\n", encoding="utf-8")
        new.replace(self._folder / MANIFEST)

    def _record_made_sides(self) -> None:
        with self._side_lock:
            for name in sorted(self._sides_to_come):
                try:
                    packet = self._graph.get_output_side_packet(name)
                except GraphError:  # it is not set yet
                    continue
                self._sides_to_come.remove(name)
                self._record_side(name, packet.value)

    def _record_side(self, name: str, value: Any) -> None:
        if name in self._copied:
            value = map_strings(value, self._keep_file)
        try:
            self._side_file.write({"name": name, "value": value})
        except Unrecordable as error:
            self._not_recorded[name] = str(error)

    def _keep_file(self, text: str) -> str:
        """The name by which the file that a text names, if it names one, lies in the recording."""
        path = Path(text)
        if len(text) > 4096 or "\0" in text or not path.is_absolute() or not path.is_file():
            return text
        if path not in self._files:
            self._files[path] = f"{FILES}/{len(self._files)}_{path.name}"
            target = self._folder / self._files[path]
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
        return HERE + self._files[path]


class _StreamRecorder:
    """One stream of a recording."""

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.name = name
        self.file = ValueWriter(recorder._folder / STREAMS / file_name(name))
        self.packets = 0
        self._recorder = recorder
        self._events = 0
        self._types: set[str] = set()
        self._first = self._last = 0

    def note(self, name: str, packet: Packet) -> None:
        """Called by the graph for each packet, each timestamp that settles without one, and at the end."""
        if self._recorder.closed:
            return
        if self._events == 0:
            header = self._recorder.header(name)
            if header is not None:
                self._write({"header": True, "value": header})
        record: dict[str, Any] = {"order": self._recorder.next_order(), "timestamp": packet.timestamp}
        if not packet.is_empty:
            record["value"] = packet.value
            self._types.add(type_name(type(packet.value)))
            self._first = packet.timestamp if self.packets == 0 else self._first
            self._last = packet.timestamp
            self.packets += 1
        self._write(record)
        self._events += 1

    def _write(self, record: dict[str, Any]) -> None:
        try:
            self.file.write(record)
        except Unrecordable as error:
            kind = type_name(type(record["value"]))
            raise GraphError(
                f'The stream "{self.name}" carries {kind}, which cannot be recorded '
                f"({error}): choose other streams with --record-stream, or make the type recordable with "
                "tryon.recording.make_recordable."
            ) from None

    def summary(self) -> dict[str, Any]:
        """What the manifest says of the stream."""
        known = {"packets": self.packets, "events": self._events, "bytes": self.file.size}
        if not self.packets:
            return known
        types = " or ".join(sorted(self._types))
        return {"type": types, **known, "first timestamp": self._first, "last timestamp": self._last}


def _versions() -> dict[str, str]:
    installed = ((package.metadata["Name"], package.version) for package in distributions())
    return {name: version for name, version in installed if name in PACKAGES}


def _choose(graph: ValidatedGraph, patterns: Sequence[str]) -> list[str]:
    """The streams that patterns name, or those that no subgraph hides, in the order of the graph."""
    if not patterns:
        return [name for name in graph.producers if not _is_inside(graph, name)]
    chosen: set[str] = set()
    for pattern in patterns:
        found = {name for name in graph.producers if fnmatchcase(name, pattern)}
        if not found:
            nearest = nearest_name(pattern, list(graph.producers))
            hint = f'Did you mean "{nearest}"?' if nearest else f"It has: {', '.join(graph.producers)}."
            raise GraphError(f'No stream of the graph is called "{pattern}". {hint}')
        chosen |= found
    return [name for name in graph.producers if name in chosen]


def _is_inside(graph: ValidatedGraph, stream: str) -> bool:
    index = graph.producers[stream]
    inside = graph.nodes[index].origin.inside if index >= 0 else ()
    return bool(inside) and stream.startswith(
        "".join(c.lower() if c.isalnum() else "_" for c in inside[0]) + "__"
    )


def _graph_text(graph: ValidatedGraph) -> str:
    config = Config()
    config.CopyFrom(graph.config)
    for node, info in zip(config.node, graph.nodes, strict=True):
        node.name = info.name
    return text_format.MessageToString(config, descriptor_pool=POOL)


def _used_inside(graph: ValidatedGraph) -> set[str]:
    """The side packets that inner nodes use: files that they name belong into the recording."""
    used = [info.contract.input_side_packets.tags for info in graph.nodes if is_inner(info)]
    return {entry.name for tags in used for entry in tags}


def _resources(graph: ValidatedGraph) -> Iterator[tuple[Path, Path]]:
    """The files that options of nodes name: (relative, where it is now)."""
    roots = [*([graph.folder] if graph.folder else []), Path.cwd(), INSTALL_ROOT]
    names: set[str] = set()

    def note(text: str) -> str:
        names.add(text)
        return text

    for info in graph.nodes:
        map_strings(info.node.options, note)
        for carrier in info.node.node_options:
            options: Message = GetMessageClass(POOL.FindMessageTypeByName(carrier.TypeName()))()
            options.ParseFromString(carrier.value)
            map_strings(options, note)
    for name in sorted(names):
        path = Path(name)
        if not name or "\0" in name or len(name) > 4096 or path.is_absolute() or ".." in path.parts:
            continue
        found = next((root / path for root in roots if (root / path).is_file()), None)
        if found:
            yield path, found
