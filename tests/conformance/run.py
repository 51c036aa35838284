"""Runs one case as the reference ran it."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.case import Case, difference, encode, read_timestamp, write_timestamp
from tryon import GraphError, Packet
from tryon.graph import CalculatorGraph, GraphInputStreamAddMode
from tryon.proto import calculator_pb2


@dataclass
class Outcome:
    """What a run gave.

    Attributes:
        packets: by observed stream: (timestamp as cases write it, packet).
        before_close: how many of them were there before the streams were closed.
        side: output side packets' values.
        config: the expanded graph; None when it was not accepted.
        error: what was raised, and `phase`, where: init, observe, start_run, add[i], ...
    """

    packets: dict[str, list[tuple[int | str, Packet]]] = field(default_factory=dict)
    before_close: dict[str, int] = field(default_factory=dict)
    side: dict[str, Any] = field(default_factory=dict)
    config: calculator_pb2.CalculatorGraphConfig | None = None
    error: Exception | None = None
    phase: str = "init"


def run_case(case: Case, bounds: bool) -> Outcome:
    """Runs a case, observing timestamp bounds or packets only; errors are part of the outcome."""
    outcome = Outcome()
    graph = None
    try:
        graph = CalculatorGraph(graph_config=case.pbtxt)
        outcome.config = graph.config
        _run(case, graph, bounds, outcome)
    except Exception as error:  # noqa: BLE001 - any error is an outcome
        outcome.error = error
        if graph is not None:
            graph.cancel()
            with contextlib.suppress(GraphError):
                graph.wait_until_done()
    return outcome


def _run(case: Case, graph: CalculatorGraph, bounds: bool, outcome: Outcome) -> None:
    outcome.phase = "observe"
    for name in case.observe:
        packets = outcome.packets[name] = []

        def note(_: str, packet: Packet, packets: list[tuple[int | str, Packet]] = packets) -> None:
            packets.append((write_timestamp(packet.timestamp), packet))

        graph.observe_output_stream(name, note, bounds)
    if case.add_mode:
        graph.graph_input_stream_add_mode = GraphInputStreamAddMode[case.add_mode]
    if not case.no_start:
        outcome.phase = "start_run"
        graph.start_run({name: encode(s["type"], s["value"]) for name, s in case.side_packets.items()})
        if case.settle:
            outcome.phase = "start_idle"
            graph.wait_until_idle()
    for index, operation in enumerate(case.inputs):
        _apply(case, graph, index, operation, outcome)
    if case.mode == "initialize_only":
        return
    outcome.before_close = {name: len(packets) for name, packets in outcome.packets.items()}
    outcome.phase = "close"
    graph.close_all_packet_sources()
    outcome.phase = "wait_done"
    graph.wait_until_done()
    outcome.phase = "get_side"
    outcome.side = {name: graph.get_output_side_packet(name).value for name in case.get_side}


def _apply(
    case: Case, graph: CalculatorGraph, index: int, operation: dict[str, Any], outcome: Outcome
) -> None:
    kind = operation.get("op", "add")
    outcome.phase = f"{kind}[{index}]"
    if kind == "add":
        value = encode(operation["type"], operation["value"])
        packet = Packet(value, read_timestamp(operation["timestamp"]))
        graph.add_packet_to_input_stream(operation["stream"], packet)
    elif kind == "close":
        graph.close_input_stream(operation["stream"])
    elif kind == "close_all":
        graph.close_all_packet_sources()
    elif kind == "idle":
        graph.wait_until_idle()
    else:
        raise ValueError(f'unknown operation "{kind}"')
    if case.settle and kind not in ("idle", "close_all"):
        outcome.phase = f"idle[{index}]"
        graph.wait_until_idle()


def stream_differences(case: Case, outcome: Outcome, expected: dict[str, list[list[Any]]]) -> list[str]:
    """Where the observed packets differ from the recorded ones."""
    problems = []
    for name, wanted in expected.items():
        got = outcome.packets.get(name, [])
        for (timestamp, packet), (wanted_timestamp, value) in zip(got, wanted, strict=False):
            if timestamp != wanted_timestamp or packet.is_empty != (value is None):
                break
            problem = "" if value is None else difference(case.type_of(name), packet.value, value)
            if problem:
                problems.append(f"{name} at {timestamp}: {problem}")
        shown = [[timestamp, None if packet.is_empty else "packet"] for timestamp, packet in got]
        recorded = [[timestamp, None if value is None else "packet"] for timestamp, value in wanted]
        if shown != recorded:
            problems.append(f"{name}: got {_short(shown)}, expected {_short(recorded)}")
    return problems


def _short(items: list[list[Any]]) -> str:
    text = ", ".join(str(timestamp) if value else f"{timestamp} empty" for timestamp, value in items)
    return f"[{text}]" if len(text) < 200 else f"[{text[:200]}... {len(items)} in all]"
