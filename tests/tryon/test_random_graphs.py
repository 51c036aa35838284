"""Random graphs: the same packets whatever runs them, and an end whatever they are."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tryon import GraphError, Packet, Timestamp
from tryon.graph import CalculatorGraph

INPUTS = ("a", "b")
EXECUTORS = (
    "num_threads: 1\n",
    "num_threads: 3\n",
    "num_threads: 2 max_queue_size: 1\n",
    'executor { type: "ApplicationThreadExecutor" }\n',
)
POLICIES = (
    "Barrier",
    "Default",
    "EarlyClose",
    "FixedSize",
    "Immediate",
    "Mux",
    "SyncSet",
    "TimestampAlign",
)
NAMED = (
    'executor { name: "pool" type: "ThreadPoolExecutor" options { '
    "[mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }\n"
    'executor { name: "one" type: "ThreadPoolExecutor" options { '
    "[mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 } } }\n"
)
LIMIT_S = 20

Events = list[tuple[str, int, int | None]]
Seen = dict[str, list[object]]


@dataclass(frozen=True)
class RandomGraph:
    """A graph over the inputs a and b, and the names of all its streams."""

    text: str
    streams: tuple[str, ...]


def node(calculator: str, inputs: list[str], outputs: list[str], more: str = "") -> str:
    streams = "".join(f'input_stream: "{name}" ' for name in inputs)
    streams += "".join(f'output_stream: "{name}" ' for name in outputs)
    return f'node {{ calculator: "{calculator}" {streams}{more}}}\n'


@st.composite
def graphs(draw: st.DrawFn, policies: bool) -> RandomGraph:
    """Up to seven nodes; with `policies`, also such as make the packets depend on who is quicker."""
    streams = list(INPUTS)  # that carry numbers
    flags = []
    text = NAMED
    kinds = ["pass", "even", "merge", "loop"] + (["bounds", "first", "policy"] if policies else [])
    for index in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(kinds))
        made = [f"s{index}"]
        taken = draw(st.lists(st.sampled_from(streams), min_size=1, max_size=3, unique=True))
        in_flight = f"max_in_flight: {draw(st.integers(0, 3))} "
        where = draw(st.sampled_from(["", 'executor: "pool" ', 'executor: "one" ']))
        if kind in ("pass", "policy"):
            made = [f"s{index}_{position}" for position in range(len(taken))]
            handler = ""
            if kind == "policy":
                name = draw(st.sampled_from(POLICIES))
                taken = taken if len(taken) > 1 or name != "Mux" else [*taken, taken[0]]
                made = [f"s{index}_{position}" for position in range(len(taken))]
                handler = f'input_stream_handler {{ input_stream_handler: "{name}InputStreamHandler" }} '
            text += node("TestPassCalculator", taken, made, handler + in_flight + where)
        elif kind == "merge":
            text += node("MergeCalculator", taken, made, where)
        elif kind == "loop":
            text += (
                f'node {{ calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:{taken[0]}" '
                f'input_stream: "LOOP:{taken[-1]}" output_stream: "PREV_LOOP:s{index}" '
                'input_stream_info { tag_index: "LOOP" back_edge: true } }\n'
            )
        else:
            text += node(f"Test{kind.title()}Calculator", taken[:1], made, where)
        if kind == "bounds":
            flags += made
        else:
            streams += made
    return RandomGraph(text, (*streams, *flags))


events = st.lists(
    st.tuples(st.sampled_from(INPUTS), st.integers(1, 3), st.none() | st.integers(0, 9)), max_size=14
)


def run(graph: RandomGraph, given_events: Events, executor: str) -> Seen:
    """The (timestamp, value) pairs of every stream.

    Each packet comes some steps after its stream's last; an event without a value only advances the
    stream's bound.
    """
    runner = CalculatorGraph(f'{executor}input_stream: "a" input_stream: "b"\n{graph.text}')
    seen: Seen = {name: [] for name in graph.streams}

    def note(name: str, packet: Packet) -> None:
        seen[name].append((packet.timestamp, packet.value))

    for name in graph.streams:
        runner.observe_output_stream(name, note)
    with runner:
        runner.start_run()
        times = dict.fromkeys(INPUTS, 0)
        for name, step, value in given_events:
            times[name] += step
            if value is None:
                runner.set_input_stream_timestamp_bound(name, times[name])
            else:
                runner.add_packet_to_input_stream(name, value, times[name])
    return seen


def in_time(work: Callable[[], object]) -> bool:
    """False when `work` does not end, though nothing is left for it to do."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    return not thread.is_alive()


@settings(max_examples=80, deadline=None)
@given(graphs(policies=False), events)
def test_same_packets_on_every_executor(graph: RandomGraph, given_events: Events) -> None:
    first, *others = (run(graph, given_events, executor) for executor in EXECUTORS)
    for other in others:
        assert other == first


@settings(max_examples=120, deadline=None)
@given(
    graphs(policies=True),
    st.lists(
        st.tuples(
            st.sampled_from(INPUTS),
            st.sampled_from([1, 2, Timestamp.PRESTREAM, Timestamp.POSTSTREAM, Timestamp.MAX]),
            st.sampled_from([None, "close", 0, 1, 2]),
        ),
        max_size=8,
    ),
    st.sampled_from(EXECUTORS),
    st.booleans(),
)
def test_every_run_ends(
    graph: RandomGraph, given_events: list[tuple[str, int, object]], executor: str, report_deadlock: bool
) -> None:
    deadlock = "report_deadlock: true\n" if report_deadlock else ""
    runner = CalculatorGraph(f'{executor}{deadlock}input_stream: "a" input_stream: "b"\n{graph.text}')
    ends: list[BaseException | None] = []

    def work() -> None:
        try:
            with runner:
                runner.start_run()
                for name, timestamp, value in given_events:
                    if value == "close":
                        runner.close_input_stream(name)
                    elif value is None:
                        runner.set_input_stream_timestamp_bound(name, timestamp)
                    else:
                        runner.add_packet_to_input_stream(name, value, timestamp)
            ends.append(None)
        except GraphError as error:
            ends.append(error)

    before = set(threading.enumerate())
    assert in_time(work), f"hangs:\n{runner.explain()}"
    assert len(ends) == 1, "the run ended with something else than a GraphError"
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []
