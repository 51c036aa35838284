"""Reads the state of a run."""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from tryon.calculator import Calculator
from tryon.explain.causes import find_causes
from tryon.explain.groups import BARRIER, MUX, Groups, policy_name, sync_groups
from tryon.explain.state import GraphState, NodeState, QueueState, Status

if TYPE_CHECKING:
    from tryon.node import NodeRunner
    from tryon.run import Run
    from tryon.stream import InputQueue

LOCK_TIMEOUT_S = 1.0
STEPS = ("open", "process", "close")

Holders = Mapping["InputQueue", Sequence[str]]


def explain_run(run: Run) -> GraphState:
    """The state of a run, whatever it is doing, and why it does not go on."""
    locked = run.scheduler.lock.acquire(LOCK_TIMEOUT_S)  # what holds it longer is worth a look, too
    try:
        return read_state(run)
    finally:
        if locked:
            run.scheduler.lock.release()


def read_state(run: Run) -> GraphState:
    """As `explain_run`, for a caller who holds the lock."""
    held: dict[InputQueue, list[str]] = defaultdict(list)
    for node in run.nodes:
        for queue in node.full_queues:
            held[queue].append(node.name)
    for name, graph_input in run.inputs.items():
        for queue in graph_input.full_queues:
            held[queue].append(f'graph input "{name}"')
    places = dict(_places(run.nodes))
    makers = {side.name: node.name for node in run.nodes for side in node.undelivered}
    nodes = tuple(_node(run, node, held, places, makers) for node in run.nodes)
    pollers = (queue for stream in run.streams.values() for queue in stream.queues if queue.node is None)
    inputs = {name: item.stream.bound for name, item in run.inputs.items() if not item.shard.is_closed}
    errors = tuple(str(error) for error in run.scheduler.errors)
    waiting = tuple(_queue(queue, queue.stream.name, held) for queue in pollers)
    causes = () if errors else find_causes(GraphState(nodes, inputs, waiting))
    return GraphState(nodes, inputs, waiting, errors, causes)


def _node(
    run: Run, node: NodeRunner, held: Holders, places: Mapping[NodeRunner, str], makers: Mapping[str, str]
) -> NodeState:
    info = node.info
    entries = info.contract.inputs.tags
    queues = tuple(
        _queue(
            queue,
            f"{entry.key_text}:{entry.name}" if entry.tag else entry.name,
            held,
            position in info.back_edges,
        )
        for position, (queue, entry) in enumerate(zip(node.queues, entries, strict=True))
    )
    missing = [side.name for side in node.input_side_packets if side.is_empty and side.name in makers]
    is_running = node in places
    call = node.current
    return NodeState(
        node.name,
        _status(node, is_running),
        call.step.value,
        call.context.input_timestamp,
        (time.perf_counter_ns() - call.started_ns) / 1e9 if is_running else 0.0,
        places.get(node, ""),
        queues,
        _groups(run, node),
        policy_name(info, run.graph.config) == BARRIER,
        tuple(stream.name for stream in node.outputs),
        node.offset,
        tuple((name, makers[name]) for name in missing) if node.needs else (),
        node.is_source,
    )


def _groups(run: Run, node: NodeRunner) -> Groups:
    """The inputs that wait for each other now: of a Mux, only the selected one and the selecting one."""
    groups = sync_groups(node.info, run.graph.config)
    if policy_name(node.info, run.graph.config) == MUX and node.queues[-1].packets:
        selected = node.queues[-1].packets[0].value
        return groups[selected : selected + 1] if selected >= 0 else ()
    return groups


def _status(node: NodeRunner, is_running: bool) -> Status:
    if is_running:
        return Status.RUNNING
    if node.busy:
        return Status.READY
    if node.state.name != "OPEN":
        return Status.CLOSED if node.state.name == "CLOSED" else Status.NOT_OPEN
    if node.full_queues:
        return Status.PAUSED
    return Status.WAITING if any(queue.packets for queue in node.queues) else Status.IDLE


def _queue(queue: InputQueue, label: str, held: Holders, back_edge: bool = False) -> QueueState:
    packets = list(queue.packets)
    return QueueState(
        label,
        queue.stream.name,
        len(packets),
        packets[0].timestamp if packets else None,
        queue.stream.bound,
        queue.max_size,
        queue.is_full,
        back_edge,
        tuple(held.get(queue, ())),
    )


def _places(nodes: Sequence[NodeRunner]) -> Iterator[tuple[NodeRunner, str]]:
    """The nodes whose calculators run right now, each with its thread and its line of Python."""
    contexts = {id(call.context): node for node in nodes for call in node.calls}
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for thread, innermost in sys._current_frames().items():
        frame: FrameType | None = innermost
        while frame is not None:
            node = _node_of(frame, contexts) if frame.f_code.co_name in STEPS else None
            if node is not None:
                inside = "" if frame is innermost else f" (inside of it {_line(innermost)})"
                yield node, f"on thread {names.get(thread, thread)} at {_line(frame)}{inside}"
                break
            frame = frame.f_back


def _node_of(frame: FrameType, contexts: Mapping[int, NodeRunner]) -> NodeRunner | None:
    """The node whose calculator's method the frame is."""
    values = frame.f_locals
    if not isinstance(values.get("self"), Calculator):
        return None
    return next((contexts[id(value)] for value in values.values() if id(value) in contexts), None)


def _line(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} in {frame.f_code.co_name}"
