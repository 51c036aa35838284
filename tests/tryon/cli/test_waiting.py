"""A run on the command line that does not go on says why: on Ctrl-\\, after a while, on a second Ctrl-C."""

import io
import signal
import threading
from collections.abc import Callable
from functools import partial

import pytest
from rich.console import Console

from tests.tryon.explain import nodes
from tryon.cli import waiting
from tryon.cli.progress import Lines
from tryon.cli.waiting import Watch, wait
from tryon.explain import causes
from tryon.graph import CalculatorGraph

assert nodes

LATCH = """
node { name: "latch" calculator: "TestLatchCalculator" input_side_packet: "STARTED:started"
       input_side_packet: "EVENT:event" }
"""
STARVED = """
input_stream: "a"
input_stream: "b"
node { name: "join" calculator: "TestPassCalculator" input_stream: "a" input_stream: "b"
       output_stream: "c" output_stream: "d" }
"""


class Listener(Lines):
    """Notes what a run says, and answers: a call for each beginning of a message."""

    def __init__(self, answers: dict[str, Callable[[], None]]) -> None:
        super().__init__(Console(file=io.StringIO(), width=200), "graph")
        self.said: list[str] = []
        self._answers = answers

    def update(self, frames: int, total: int) -> None:
        self.say("update")

    def say(self, message: str) -> None:
        self.said.append(message)
        for start in [start for start in self._answers if message.startswith(start)]:
            self._answers.pop(start)()


@pytest.mark.parametrize(
    ("answers", "presses"),
    [({"update": signal.SIGQUIT}, 0), ({"update": signal.SIGINT, "Stopping": signal.SIGINT}, 2)],
    ids=["Ctrl-\\", "Ctrl-C twice"],
)
def test_keys_explain(
    monkeypatch: pytest.MonkeyPatch, answers: dict[str, signal.Signals], presses: int
) -> None:
    monkeypatch.setattr(causes, "LONG_S", 0.0)
    events = {"started": threading.Event(), "event": threading.Event()}
    graph = CalculatorGraph(LATCH)
    graph.start_run(events)
    events["started"].wait(10)
    before = [signal.getsignal(key) for key in (signal.SIGINT, signal.SIGQUIT)]
    keys = {start: partial(signal.raise_signal, key) for start, key in answers.items()}
    listener = Listener({**keys, "likely cause": events["event"].set})
    assert wait(graph, Watch(), listener) == presses
    explained = next(message for message in listener.said if message.startswith("likely cause"))
    assert explained.startswith('likely cause: node "latch" has been in Process for ')
    assert "\nrunning:\n  latch  in Process for " in explained
    assert [signal.getsignal(key) for key in (signal.SIGINT, signal.SIGQUIT)] == before


def test_a_stalled_run_explains_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "STALL_S", 0.0)
    graph = CalculatorGraph(STARVED)
    graph.start_run()
    graph.add_packet_to_input_stream("a", 1, 33000)
    graph.wait_until_idle()
    listener = Listener({"likely cause": graph.close_all_packet_sources})
    assert wait(graph, Watch(), listener) == 0
    (said,) = [message for message in listener.said if message != "update"]
    assert said.startswith(
        'likely cause: nothing came yet on "b", a graph input, and node "join" has packets'
    )
