"""Whole graphs: what goes in, what comes out, and how runs end."""

import threading
from collections.abc import Callable

import pytest

from tryon import GraphError, Packet, Timestamp
from tryon.graph import CalculatorGraph, GraphInputStreamAddMode
from tryon.input_policies.sync_set import SingleStream

EXECUTORS = [
    "",
    "num_threads: 1",
    "num_threads: 4",
    'executor { type: "ApplicationThreadExecutor" }',
]
JOIN = """
input_stream: "a" input_stream: "b"
node { calculator: "TestPassCalculator" input_stream: "a" input_stream: "b"
       output_stream: "c" output_stream: "d" }
"""

Seen = list[tuple[int, object]]


def watch(graph: CalculatorGraph, stream: str, bounds: bool = False) -> Seen:
    seen: Seen = []

    def note(name: str, packet: Packet) -> None:
        seen.append((packet.timestamp, None if packet.is_empty else packet.value))

    graph.observe_output_stream(stream, note, bounds)
    return seen


def chain(length: int) -> str:
    return "".join(
        f'node {{ calculator: "TestPassCalculator" input_stream: "s{i}" output_stream: "s{i + 1}" }}\n'
        for i in range(length)
    )


@pytest.fixture(autouse=True)
def _no_thread_left() -> object:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert left == []


@pytest.mark.parametrize("executor", EXECUTORS)
def test_source_through_a_chain(executor: str) -> None:
    graph = CalculatorGraph(
        executor + ' node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" '
        'output_stream: "s0" }\n' + chain(4)
    )
    seen = watch(graph, "s4")
    graph.start_run({"n": 300})
    graph.wait_until_done()
    assert seen == [(i, i) for i in range(300)]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_runs_again_after_the_end(executor: str) -> None:
    graph = CalculatorGraph(executor + ' input_stream: "s0"\n' + chain(1))
    seen = watch(graph, "s1")
    for _ in range(2):
        with graph:
            graph.start_run()
            graph.add_packet_to_input_stream("s0", "x", 1)
    assert seen == [(1, "x"), (1, "x")]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_inputs_are_synchronised(executor: str) -> None:
    graph = CalculatorGraph(executor + JOIN)
    c, d = watch(graph, "c"), watch(graph, "d")
    graph.start_run()
    graph.add_packet_to_input_stream("a", 1, 10)
    graph.wait_until_idle()
    assert c == []
    graph.add_packet_to_input_stream("b", 2, 20)
    graph.wait_until_idle()
    assert (c, d) == ([(10, 1)], [])
    graph.close_all_packet_sources()
    graph.wait_until_done()
    assert (c, d) == ([(10, 1)], [(20, 2)])


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (lambda graph: graph.set_input_stream_timestamp_bound("b", 11), [(10, 1)]),
        (lambda graph: graph.set_input_stream_timestamp_bound("b", 10), []),
        (lambda graph: graph.close_input_stream("b"), [(10, 1)]),
    ],
)
def test_a_bound_releases_a_join(release: Callable[[CalculatorGraph], None], expected: Seen) -> None:
    graph = CalculatorGraph(JOIN)
    seen = watch(graph, "c")
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("a", 1, 10)
        release(graph)
        graph.wait_until_idle()
        assert seen == expected


def test_bounds_flow_through_nodes_with_an_offset() -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(3))
    seen = watch(graph, "s3", bounds=True)
    with graph:
        graph.start_run()
        graph.set_input_stream_timestamp_bound("s0", 6)
        graph.wait_until_idle()
        graph.add_packet_to_input_stream("s0", "x", 8)
        graph.wait_until_idle()
    assert seen == [(5, None), (8, "x")]


def test_nothing_is_promised_without_an_offset() -> None:
    graph = CalculatorGraph(
        'input_stream: "n" node { calculator: "TestEvenCalculator" input_stream: "n" output_stream: "e" }'
    )
    seen = watch(graph, "e", bounds=True)
    with graph:
        graph.start_run()
        for i in range(4):
            graph.add_packet_to_input_stream("n", i, i)
        graph.wait_until_idle()
    assert seen == [(0, 0), (2, 2)]


def test_process_timestamp_bounds() -> None:
    graph = CalculatorGraph(
        'input_stream: "s0"' + chain(1) + 'node { calculator: "TestBoundsCalculator" input_stream: "s1" '
        'output_stream: "b" }'
    )
    seen = watch(graph, "b")
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("s0", 1, 1)
        graph.wait_until_idle()
        graph.set_input_stream_timestamp_bound("s0", 5)
        graph.wait_until_idle()
    assert seen == [(1, True), (4, False)]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_back_edge(executor: str) -> None:
    graph = CalculatorGraph(
        executor + ' input_stream: "s0"'
        'node { calculator: "TestPrevCalculator" input_stream: "MAIN:s0" input_stream: "LOOP:pair2" '
        'output_stream: "PAIR:pair" input_stream_info { tag_index: "LOOP" back_edge: true } }'
        'node { calculator: "TestPassCalculator" input_stream: "pair" output_stream: "pair2" }'
    )
    seen = watch(graph, "pair2")
    with graph:
        graph.start_run()
        for i in range(3):
            graph.add_packet_to_input_stream("s0", i, i)
    assert seen == [(0, (0, None)), (1, (1, (0, None))), (2, (2, (1, (0, None))))]


@pytest.mark.parametrize(("given", "result"), [({"n": 4}, 18), ({}, 52)])
def test_side_packets(given: dict[str, int], result: int) -> None:
    graph = CalculatorGraph(
        'input_stream: "in" input_side_packet: "n"'
        'node { calculator: "TestSideUserCalculator" input_side_packet: "N:m" input_stream: "in" '
        'output_stream: "out" }'
        'node { calculator: "TestSideCalculator" input_side_packet: "N:n" output_side_packet: "TWICE:m" }'
    )
    seen = watch(graph, "out")
    with graph:
        graph.start_run(given)
        graph.add_packet_to_input_stream("in", 10, 0)
    assert seen == [(0, result)]
    assert graph.get_output_side_packet("m").value == result - 10


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, 'Side packet "n" is required but was not provided.'),
        (
            {"n": "x"},
            'Side packet "n" failed validation: The Packet stores "string", but "int" was requested.',
        ),
    ],
)
def test_bad_side_packets(given: dict[str, object], message: str) -> None:
    graph = CalculatorGraph(
        'node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" output_stream: "s" }'
    )
    with pytest.raises(GraphError) as error:
        graph.start_run(given)
    assert message in str(error.value)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    ("where", "text", "out"),
    [
        ("open", "Calculator::Open() for node \"f\" failed: KeyError: 'boom in open'", []),
        ("process", "Calculator::Process() for node \"f\" failed: KeyError: 'boom in process'", [0, 1, 2]),
        ("close", "Calculator::Close() for node \"f\" failed: KeyError: 'boom in close'", [0, 1, 2, 3, 4]),
    ],
)
def test_a_calculator_that_raises(executor: str, where: str, text: str, out: list[int]) -> None:
    graph = CalculatorGraph(
        executor + ' node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" '
        'output_stream: "s" }'
        'node { name: "f" calculator: "TestFailCalculator" input_side_packet: "WHERE:w" input_stream: "s" '
        'output_stream: "out" }'
        'node { calculator: "TestJournalCalculator" input_side_packet: "JOURNAL:j" input_stream: "s" }'
    )
    seen = watch(graph, "out")
    journal: list[object] = []
    graph.start_run({"n": 5, "w": where, "j": journal})
    with pytest.raises(GraphError) as error:
        graph.wait_until_done()
    assert str(error.value).startswith("CalculatorGraph::Run() failed: \n")
    assert str(error.value).count(text) == 1
    assert isinstance(error.value.__cause__, KeyError)
    assert [value for _, value in seen] == out
    assert journal.count("failed") == (1 if "open" in journal and "close" not in journal else 0)
    if where == "process":
        assert "(at timestamp 3)" in str(error.value)


def test_an_observer_that_raises() -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(1))

    def observe(name: str, packet: Packet) -> None:
        raise LookupError("not mine")

    graph.observe_output_stream("s1", observe)
    graph.start_run()
    graph.add_packet_to_input_stream("s0", 1, 1)
    with pytest.raises(GraphError, match='observer of output stream "s1" failed: LookupError: not mine'):
        graph.wait_until_idle()
    with pytest.raises(GraphError, match="not mine"):
        graph.wait_until_done()


@pytest.mark.parametrize(
    ("packets", "message"),
    [
        ([(5, 1), (4, 1)], "Current minimum expected timestamp is 6 but received 4."),
        ([(5, 1), (5, 1)], "Current minimum expected timestamp is 6 but received 5."),
        ([(1, 1), (Timestamp.POSTSTREAM, 1)], "must be the only Packet in an InputStream."),
        ([(1, "x")], 'stream "n": The Packet stores "string", but "int" was requested.'),
    ],
)
def test_bad_packets(packets: list[tuple[int, object]], message: str) -> None:
    graph = CalculatorGraph(
        'input_stream: "n" node { calculator: "TestEvenCalculator" input_stream: "n" output_stream: "e" }'
    )
    graph.start_run()
    with pytest.raises(GraphError) as error:
        for timestamp, value in packets:
            graph.add_packet_to_input_stream("n", value, timestamp)
    assert message in str(error.value)
    with pytest.raises(GraphError):
        graph.wait_until_done()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda graph: graph.add_packet_to_input_stream("nope", 1, 1), 'no stream "nope"'),
        (lambda graph: graph.add_packet_to_input_stream("s1", 1, 1), "which is not a graph input stream"),
        (lambda graph: graph.close_input_stream("nope"), 'no stream "nope"'),
        (lambda graph: graph.start_run(), "running already"),
        (lambda graph: graph.observe_output_stream("s1", print), "before start_run"),
        (lambda graph: graph.add_output_stream_poller("s1"), "before start_run"),
    ],
)
def test_bad_calls(call: Callable[[CalculatorGraph], None], message: str) -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(1))
    with graph:
        graph.start_run()
        with pytest.raises(GraphError) as error:
            call(graph)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda graph: graph.add_packet_to_input_stream("s0", 1, 1), "is called before StartRun()"),
        (lambda graph: graph.wait_until_idle(), "not running"),
        (lambda graph: graph.wait_until_done(), "not running"),
        (lambda graph: graph.observe_output_stream("nope", print), 'stream "nope" because it doesn\'t exist'),
        (lambda graph: graph.add_output_stream_poller("nope"), 'stream "nope" because it doesn\'t exist'),
        (lambda graph: graph.get_output_side_packet("nope"), 'output side packet "nope" because it doesn'),
    ],
)
def test_bad_calls_before_the_start(call: Callable[[CalculatorGraph], None], message: str) -> None:
    with pytest.raises(GraphError) as error:
        call(CalculatorGraph('input_stream: "s0"' + chain(1)))
    assert message in str(error.value)


@pytest.mark.parametrize("timestamp", [Timestamp.UNSET, Timestamp.UNSTARTED, Timestamp.DONE])
def test_timestamps_that_no_packet_may_have_are_refused_and_forgotten(timestamp: int) -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(1))
    seen = watch(graph, "s1")
    with graph:
        graph.start_run()
        with pytest.raises(GraphError, match="can't be the timestamp of a Packet in a stream"):
            graph.add_packet_to_input_stream("s0", "x", timestamp)
        graph.add_packet_to_input_stream("s0", "y", 1)
    assert seen == [(1, "y")]


def test_poller() -> None:
    graph = CalculatorGraph(
        'max_queue_size: 2 node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" '
        'output_stream: "s0" }' + chain(1)
    )
    poller = graph.add_output_stream_poller("s1")
    with graph:
        graph.start_run({"n": 20})
        assert [packet.value for packet in poller] == list(range(20))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_poller_that_nobody_asks_holds_nothing_up(executor: str) -> None:
    graph = CalculatorGraph(
        executor + ' max_queue_size: 2 node { calculator: "TestCounterCalculator" '
        'input_side_packet: "COUNT:n" output_stream: "s0" }' + chain(1)
    )
    first, second = graph.add_output_stream_poller("s0"), graph.add_output_stream_poller("s1")
    graph.start_run({"n": 20})
    assert [packet.value for packet in second] == list(range(20))
    assert [packet.value for packet in first] == list(range(20))
    graph.wait_until_done()


def test_back_pressure_holds_the_source() -> None:
    graph = CalculatorGraph(
        'max_queue_size: 3 node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" '
        'output_stream: "s0" }'
        'node { calculator: "TestGateKeeperCalculator" input_side_packet: "EVENT:e" input_stream: "s0" '
        'output_stream: "s1" }'
    )
    seen = watch(graph, "s1")
    event = threading.Event()
    reached = threading.Event()
    graph.observe_output_stream("s0", lambda name, packet: reached.set() if packet.value == 3 else None)
    graph.start_run({"n": 50, "e": event})
    assert reached.wait(10)
    event.set()
    graph.wait_until_done()
    assert len(seen) == 50
    assert max(row.queue for row in graph.profile()) <= 3


@pytest.mark.parametrize("executor", EXECUTORS)
def test_full_queues_grow_rather_than_deadlock(executor: str) -> None:
    graph = CalculatorGraph(executor + " max_queue_size: 2" + JOIN)
    seen = watch(graph, "c")
    with graph:
        graph.start_run()
        for i in range(6):
            graph.add_packet_to_input_stream("a", i, i)
    assert [value for _, value in seen] == list(range(6))


def test_report_deadlock() -> None:
    graph = CalculatorGraph("max_queue_size: 2 report_deadlock: true" + JOIN)
    graph.start_run()
    where = r'input throttling for input stream: "a" of a node "\[TestPassCalculator, input streams: <a,b>'
    with pytest.raises(GraphError, match=where):
        for i in range(6):
            graph.add_packet_to_input_stream("a", i, i)
    with pytest.raises(GraphError, match="deadlock"):
        graph.wait_until_done()


def test_add_if_not_full_refuses() -> None:
    graph = CalculatorGraph(
        'max_queue_size: 1 input_stream: "in" node { calculator: "TestGateKeeperCalculator" '
        'input_side_packet: "EVENT:e" input_stream: "in" output_stream: "out" }'
    )
    graph.graph_input_stream_add_mode = GraphInputStreamAddMode.ADD_IF_NOT_FULL
    event = threading.Event()
    graph.start_run({"e": event})
    with pytest.raises(GraphError, match='Graph is throttled: "in" was not added'):
        for i in range(3):
            graph.add_packet_to_input_stream("in", i, i)
    event.set()
    graph.close_all_packet_sources()
    graph.wait_until_done()


def test_closing_the_sources_ends_an_endless_run() -> None:
    graph = CalculatorGraph(
        'node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" output_stream: "s0" }'
        + chain(1)
        + 'node { calculator: "TestJournalCalculator" input_side_packet: "JOURNAL:j" input_stream: "s1" }'
    )
    journal: list[object] = []
    started = threading.Event()
    graph.observe_output_stream("s1", lambda name, packet: started.set())
    graph.start_run({"n": 10**9, "j": journal})
    assert started.wait(10)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    assert journal[0] == "open"
    assert journal[-1] == "close"
    assert journal[1:-1] == list(range(len(journal) - 2))


def test_leaving_the_block_with_an_exception_cancels() -> None:
    graph = CalculatorGraph(
        'node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" output_stream: "s0" }'
        'node { calculator: "TestJournalCalculator" input_side_packet: "JOURNAL:j" input_stream: "s0" }'
    )
    journal: list[object] = []
    with pytest.raises(LookupError), graph:
        graph.start_run({"n": 10**9, "j": journal})
        raise LookupError
    assert journal in ([], ["open", "failed"]) or journal[-1] == "failed"


@pytest.mark.parametrize(
    "timestamp", [Timestamp.PRESTREAM, Timestamp.POSTSTREAM, Timestamp.MIN, Timestamp.MAX]
)
def test_special_timestamps(timestamp: int) -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(2))
    seen = watch(graph, "s2")
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("s0", "x", timestamp)
    assert seen == [(timestamp, "x")]


def test_a_prestream_packet_ends_only_its_own_stream() -> None:
    graph = CalculatorGraph(JOIN)
    c, d = watch(graph, "c"), watch(graph, "d")
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("a", "header", Timestamp.PRESTREAM)
        graph.add_packet_to_input_stream("b", 1, 5)
    assert (c, d) == ([(Timestamp.PRESTREAM, "header")], [(5, 1)])


def test_packets_after_the_end_are_dropped_when_nobody_reads_any_more() -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(1))
    seen = watch(graph, "s1")
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("s0", "x", 1)
        graph.close_input_stream("s0")
        graph.wait_until_idle()
        graph.add_packet_to_input_stream("s0", "y", 2)
    assert seen == [(1, "x")]


def test_a_packet_after_the_end_that_somebody_would_read_fails_the_run() -> None:
    graph = CalculatorGraph('executor { type: "ApplicationThreadExecutor" } input_stream: "s0"' + chain(1))
    graph.start_run()
    graph.close_input_stream("s0")
    graph.add_packet_to_input_stream("s0", "y", 2)
    with pytest.raises(
        GraphError, match="minimum expected timestamp is Timestamp::Done\\(\\) but received 2"
    ):
        graph.wait_until_done()


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_fault_of_the_runtime_ends_the_run(executor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(policy: SingleStream) -> None:
        raise LookupError("a bug")

    graph = CalculatorGraph(
        executor
        + ' node { calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" output_stream: "s0" }'
        + chain(2)
    )
    monkeypatch.setattr(SingleStream, "readiness", fault)
    graph.start_run({"n": 3})
    with pytest.raises(GraphError, match="The runtime failed: LookupError: a bug"):
        graph.wait_until_done()


def test_immediate_policy() -> None:
    graph = CalculatorGraph(
        'input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }' + JOIN
    )
    c, d = watch(graph, "c"), watch(graph, "d")
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("a", 1, 10)
        graph.add_packet_to_input_stream("a", 2, 20)
        graph.add_packet_to_input_stream("b", 3, 25)
        graph.wait_until_idle()
        assert (c, d) == ([(10, 1), (20, 2)], [(25, 3)])


def test_a_bound_that_settles_while_the_node_runs_wakes_it() -> None:
    graph = CalculatorGraph(
        'input_stream: "a" input_stream: "b" node { calculator: "TestWaiterCalculator" input_stream: "a" '
        'input_stream: "b" input_side_packet: "EVENT:e" input_side_packet: "JOURNAL:j" '
        'input_side_packet: "STARTED:s" }'
    )
    event, started = threading.Event(), threading.Event()
    journal: list[int] = []
    graph.start_run({"e": event, "s": started, "j": journal})
    graph.add_packet_to_input_stream("a", 1, 10)
    assert started.wait(10)
    graph.set_input_stream_timestamp_bound("b", 6)
    event.set()
    graph.wait_until_idle()
    assert journal == [10, 5]
    graph.close_all_packet_sources()
    graph.wait_until_done()


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_node_that_stopped_keeps_no_packets(executor: str) -> None:
    graph = CalculatorGraph(
        executor + ' max_queue_size: 2 node { calculator: "TestCounterCalculator" '
        'input_side_packet: "COUNT:n" output_stream: "s0" }'
        'node { name: "first" calculator: "TestFirstCalculator" input_stream: "s0" output_stream: "f" }'
        + chain(1)
    )
    first, all_of_them = watch(graph, "f"), watch(graph, "s1")
    graph.start_run({"n": 200})
    graph.wait_until_done()
    assert first == [(0, 0)]
    assert len(all_of_them) == 200
    assert next(row.queue for row in graph.profile() if row.name == "first") <= 2


def test_a_prestream_packet_is_all_that_a_node_with_bounds_sees() -> None:
    graph = CalculatorGraph(
        'input_stream: "in" node { calculator: "TestBoundsCalculator" input_stream: "in" output_stream: "b" }'
    )
    seen = watch(graph, "b")
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("in", "header", Timestamp.PRESTREAM)
    assert seen == [(Timestamp.PRESTREAM, True)]


def test_named_executor_runs_the_node() -> None:
    names: list[str] = []
    graph = CalculatorGraph(
        'input_stream: "s0" executor { name: "x" type: "ThreadPoolExecutor" options { '
        '[mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 thread_name_prefix: "special" } } }'
        'node { calculator: "TestPassCalculator" input_stream: "s0" output_stream: "s1" executor: "x" }'
    )
    graph.observe_output_stream("s1", lambda name, packet: names.append(threading.current_thread().name))
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("s0", 1, 1)
    assert names == ["special-0"]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_waiting_for_observed_output(executor: str) -> None:
    graph = CalculatorGraph(executor + ' input_stream: "s0"' + chain(2))
    seen = watch(graph, "s2")
    graph.start_run()
    for i in range(3):
        graph.add_packet_to_input_stream("s0", i, i)
        graph.wait_for_observed_output()
        assert seen == [(j, j) for j in range(i + 1)]
    graph.close_all_packet_sources()
    with pytest.raises(GraphError, match="no observer will be told anything more"):
        graph.wait_for_observed_output()
    graph.close()
    graph.close()


def test_combined_error_message() -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(1))
    graph.start_run()
    assert graph.get_combined_error_message() == ""
    graph.cancel()
    assert graph.has_error()
    assert graph.get_combined_error_message().startswith("The run was cancelled.")
    with pytest.raises(GraphError):
        graph.close()


def test_binary_config() -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(1))
    assert type(graph.config).FromString(graph.binary_config) == graph.config


def test_profile_counts() -> None:
    graph = CalculatorGraph('input_stream: "s0"' + chain(1))
    with graph:
        graph.start_run()
        for i in range(7):
            graph.add_packet_to_input_stream("s0", i, i)
    (row,) = graph.profile()
    assert (row.name, row.calculator, row.count) == ("TestPassCalculator", "TestPassCalculator", 7)
    assert 0 < row.p50_ms <= row.p99_ms <= row.total_ms
