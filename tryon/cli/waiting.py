"""Waiting for a run on the command line: progress, Ctrl-C, and why it does not go on."""

import queue
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import Enum, auto
from types import FrameType

from tryon.cli.progress import Reporter
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

UPDATE_INTERVAL_S = 0.1
STALL_S = 10.0  # nothing finished for so long: the run says why by itself, once


class _Event(Enum):
    DONE = auto()
    INTERRUPT = auto()
    EXPLAIN = auto()


def _signals() -> dict[int, _Event]:
    """What signals ask for; Ctrl-\\ is unknown on Windows."""
    signals: dict[int, _Event] = {signal.SIGINT: _Event.INTERRUPT}
    if hasattr(signal, "SIGQUIT"):
        signals[signal.SIGQUIT] = _Event.EXPLAIN
    return signals


class Watch:
    """Counts what passes."""

    def __init__(self) -> None:
        self.frames = 0
        self.total = 0

    def frame(self, name: str, packet: Packet) -> None:
        """A frame is finished."""
        self.frames += 1

    def header(self, name: str, packet: Packet) -> None:
        """The video says how long it is."""
        self.total = packet.value.frame_count


def wait(graph: CalculatorGraph, watch: Watch, reporter: Reporter) -> int:
    """Waits for the end of the run; returns how often Ctrl-C was pressed.

    Signals reach only the main thread, and only between its steps: the run is waited for in another one.
    """
    events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
    interrupts = 0
    stall = _Stall(graph)
    with ThreadPoolExecutor(1) as pool, _signals_to(events):
        done = pool.submit(graph.wait_until_done)
        done.add_done_callback(lambda _: events.put(_Event.DONE))
        while not done.done():
            try:
                event = events.get(timeout=UPDATE_INTERVAL_S)
            except queue.Empty:
                reporter.update(watch.frames, watch.total)
                stall.look(watch.frames, reporter)
                continue
            if event is _Event.EXPLAIN:
                reporter.say(str(graph.explain()))
            elif event is _Event.INTERRUPT:
                interrupts += 1
                if interrupts == 1:
                    reporter.say("Stopping: the frames under way are finished. Ctrl-C again cancels.")
                    graph.close_all_packet_sources()
                else:
                    signal.signal(signal.SIGINT, signal.SIG_DFL)
                    _say_causes(graph, reporter)
                    graph.cancel()
        reporter.stop(watch.frames, watch.total)
    error = done.exception()
    if error is not None and not (interrupts > 1 and isinstance(error, GraphError)):
        raise error
    return interrupts


class _Stall:
    """Notices that nothing gets finished any more."""

    def __init__(self, graph: CalculatorGraph) -> None:
        self._graph = graph
        self._frames = 0
        self._since = time.perf_counter()
        self._said = False

    def look(self, frames: int, reporter: Reporter) -> None:
        """Says once a stall why, if there is a reason."""
        now = time.perf_counter()
        if frames != self._frames:
            self._frames, self._since, self._said = frames, now, False
        elif not self._said and now - self._since > STALL_S:
            self._said = _say_causes(self._graph, reporter)


def _say_causes(graph: CalculatorGraph, reporter: Reporter) -> bool:
    """Shows what the run is doing if something holds it up; returns whether."""
    state = graph.explain()
    if state.causes:
        reporter.say(str(state))
    return bool(state.causes)


@contextmanager
def _signals_to(events: "queue.SimpleQueue[_Event]") -> Iterator[None]:
    """Turns signals into events."""
    signals = _signals()

    def put(number: int, frame: FrameType | None) -> None:
        events.put(signals[number])

    before = {number: signal.signal(number, put) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
