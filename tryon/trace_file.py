"""Trace files in the Trace Event Format, which ui.perfetto.dev and chrome://tracing show.

Three groups of tracks: threads (which node each runs), nodes (which timestamp each works on, joined by
arrows from the call that sent a packet to the call that received it), queues (how many packets wait).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeAlias

from tryon.timestamp import timestamp_text
from tryon.trace import AddedPacket, Call, StreamTimestamps, Trace
from tryon.validated_graph import ValidatedGraph

Event: TypeAlias = dict[str, Any]
ADDED_NS = 1000  # how long a packet that the application adds is shown, so that an arrow can leave it


class Group(IntEnum):
    """The groups of tracks; the numbers are the process ids of the format."""

    NODES = 1
    THREADS = 2
    QUEUES = 3


@dataclass(frozen=True)
class _Place:
    """The end of an arrow: a track and a time."""

    track: int
    time_ns: int


class _Tracks:
    """Gives every track a number of its own and announces it."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Group, str], int] = {}
        self._busy_until: dict[tuple[Group, str], list[int]] = defaultdict(list)

    def number(self, group: Group, name: str) -> int:
        """The number of a track."""
        return self._numbers.setdefault((group, name), len(self._numbers) + 1)

    def lane(self, group: Group, name: str, start_ns: int, end_ns: int) -> int:
        """The track of that name, or a further one where calls overlap (`max_in_flight`)."""
        lanes = self._busy_until[group, name]
        lane = next((index for index, until in enumerate(lanes) if until <= start_ns), len(lanes))
        lanes[lane : lane + 1] = [end_ns]
        return self.number(group, f"{name} ({lane + 1})" if lane else name)

    def announce(self) -> Iterator[Event]:
        """The names and the order of groups and tracks."""
        for group in Group:
            yield _meta("process_name", group, 0, name=group.name.lower())
            yield _meta("process_sort_index", group, 0, sort_index=int(group))
        for (group, name), number in self._numbers.items():
            yield _meta("thread_name", group, number, name=name)
            yield _meta("thread_sort_index", group, number, sort_index=number)


def write_trace(trace: Trace, graph: ValidatedGraph, path: Path) -> None:
    """Writes the trace of a run of `graph`; the file appears under its name when it is complete.

    Raises:
        OSError: it cannot be written.
    """
    partial = Path(f"{path}.partial")
    encode = json.JSONEncoder(separators=(",", ":")).encode
    with partial.open("w", encoding="utf-8") as file:
        file.write('{"displayTimeUnit":"ms","traceEvents":[\n')
        between = ""
        for event in trace_events(trace, graph):
            file.write(between + encode(event))
            between = ",\n"
        file.write("\n]}\n")
    partial.replace(path)


def trace_events(trace: Trace, graph: ValidatedGraph) -> Iterator[Event]:
    """The events of a run of `graph`: slices, then the arrows between them, then the queues' sizes."""
    calls = sorted(trace.calls, key=lambda call: call.start_ns)
    added = trace.added_packets
    times = [*(call.start_ns for call in calls[:1]), *(packet.time_ns for packet in added[:1])]
    zero = min(times, default=0)
    tracks = _Tracks()
    for stream in dict.fromkeys(packet.stream for packet in added):
        tracks.number(Group.NODES, f"input {stream}")
    calculators = {info.name: info.node.calculator for info in graph.nodes}
    for name in calculators:
        tracks.number(Group.NODES, name)
    senders: dict[tuple[str, int], _Place] = {}
    receivers: list[tuple[str, int, _Place]] = []
    for packet in added:
        track = tracks.number(Group.NODES, f"input {packet.stream}")
        title = timestamp_text(packet.timestamp)
        yield _slice(title, Group.NODES, track, packet.time_ns - zero, ADDED_NS, {"stream": packet.stream})
        senders[packet.stream, packet.timestamp] = _Place(track, packet.time_ns - zero)
    for call in calls:
        start, length = call.start_ns - zero, max(call.end_ns - call.start_ns, 1)
        thread = tracks.number(Group.THREADS, call.thread)
        name = call.node if call.step == "Process" else f"{call.node} {call.step}"
        yield _slice(name, Group.THREADS, thread, start, length, {"timestamp": call.title})
        track = tracks.lane(Group.NODES, call.node, start, start + length)
        facts = {
            "calculator": calculators[call.node],
            "step": call.step,
            "thread": call.thread,
            "received": _texts(call.inputs),
            "sent": _texts(call.outputs),
        }
        yield _slice(call.title, Group.NODES, track, start, length, facts)
        for stream, timestamp in call.outputs:
            senders[stream, timestamp] = _Place(track, start + length - 1)
        receivers += [(stream, timestamp, _Place(track, start)) for stream, timestamp in call.inputs]
    yield from _arrows(senders, receivers)
    yield from _queue_sizes(calls, added, graph, zero)
    yield from tracks.announce()


def _arrows(
    senders: dict[tuple[str, int], _Place], receivers: Iterable[tuple[str, int, _Place]]
) -> Iterator[Event]:
    for number, (stream, timestamp, receiver) in enumerate(receivers, 1):
        sender = senders.get((stream, timestamp))
        if sender is None:  # its call is older than what the trace kept
            continue
        common = {"name": stream, "cat": "packet", "id": number, "pid": Group.NODES}
        yield common | {"ph": "s", "tid": sender.track, "ts": sender.time_ns / 1000}
        yield common | {"ph": "f", "bp": "e", "tid": receiver.track, "ts": receiver.time_ns / 1000}


def _queue_sizes(
    calls: list[Call], added: list[AddedPacket], graph: ValidatedGraph, zero: int
) -> Iterator[Event]:
    """How many packets wait before each input: one more when a call sent it, one less when one takes it.

    A packet that the node's input policy dropped leaves when a later one of its stream is taken.
    """
    sent: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for packet in added:
        sent[packet.stream].append((packet.timestamp, packet.time_ns))
    taken: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for call in calls:
        for stream, timestamp in call.outputs:
            sent[stream].append((timestamp, call.end_ns))
        for stream, timestamp in call.inputs:
            taken[call.node, stream].append((timestamp, call.start_ns))
    for info in graph.nodes:
        for entry in info.contract.inputs.tags:
            label = f"{entry.key_text}:{entry.name}" if entry.tag else entry.name
            arrivals = sorted(sent[entry.name])
            changes = [(time, 1) for _, time in arrivals]
            gone = 0
            for timestamp, time in taken[info.name, entry.name]:
                while gone < len(arrivals) and arrivals[gone][0] <= timestamp:
                    changes.append((time, -1))
                    gone += 1
            size = 0
            for time, change in sorted(changes, key=lambda change: (change[0], -change[1])):
                size += change
                yield {
                    "name": f"{info.name} {label}",
                    "ph": "C",
                    "pid": Group.QUEUES,
                    "ts": (time - zero) / 1000,
                    "args": {"packets": size},
                }


def _slice(name: str, group: Group, track: int, start_ns: int, length_ns: int, facts: Event) -> Event:
    return {
        "name": name,
        "cat": group.name.lower(),
        "ph": "X",
        "pid": group,
        "tid": track,
        "ts": start_ns / 1000,
        "dur": length_ns / 1000,
        "args": facts,
    }


def _meta(kind: str, group: Group, track: int, **facts: str | int) -> Event:
    return {"name": kind, "ph": "M", "pid": group, "tid": track, "args": facts}


def _texts(streams: StreamTimestamps) -> dict[str, str]:
    return {stream: timestamp_text(timestamp) for stream, timestamp in streams}
