"""Which call is made when: calls in flight, layers of sources, batches, loops that nobody ends."""

import threading

import pytest

from tests.tryon.test_graph import EXECUTORS, chain, watch
from tryon.graph import CalculatorGraph

COUNTER = 'node {{ calculator: "TestCounterCalculator" input_side_packet: "COUNT:n" {more} }}\n'


def test_calls_in_flight_run_at_once_and_come_out_in_order() -> None:
    graph = CalculatorGraph(
        'num_threads: 3 input_stream: "in" node { calculator: "TestBackwardsCalculator" input_stream: "in" '
        'output_stream: "out" input_side_packet: "TURNS:turns" max_in_flight: 3 }' + chain_from("out")
    )
    seen, passed = watch(graph, "out"), watch(graph, "s1")
    turns = [threading.Event() for _ in range(7)]
    turns[3].set()  # 2 goes before 1, and 1 before 0, and so on
    turns[6].set()
    with graph:
        graph.start_run({"turns": turns})
        for i in range(6):
            graph.add_packet_to_input_stream("in", i, i)
    assert seen == passed == [(i, i) for i in range(6)]


def chain_from(name: str) -> str:
    return chain(1).replace('"s0"', f'"{name}"')


@pytest.mark.parametrize("executor", EXECUTORS)
def test_in_flight_calls_end_before_the_node_closes(executor: str) -> None:
    graph = CalculatorGraph(
        executor + ' input_stream: "s0" node { calculator: "TestPassCalculator" input_stream: "s0" '
        'output_stream: "s1" max_in_flight: 4 }'
    )
    seen = watch(graph, "s1", bounds=True)
    with graph:
        graph.start_run()
        for i in range(20):
            graph.add_packet_to_input_stream("s0", i, 2 * i)
        graph.set_input_stream_timestamp_bound("s0", 100)
        graph.wait_until_idle()
    assert [item for item in seen if item[1] is not None] == [(2 * i, i) for i in range(20)]
    assert seen[-1] == (99, None)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_later_layer_of_sources_starts_when_the_earlier_is_done(executor: str) -> None:
    graph = CalculatorGraph(
        executor
        + "\n"
        + COUNTER.format(more='output_stream: "late" source_layer: 1')
        + COUNTER.format(more='output_stream: "s0"')
        + chain(2)
    )
    order: list[str] = []
    for name in ("late", "s2"):
        graph.observe_output_stream(name, lambda name, packet: order.append(name))
    graph.start_run({"n": 5})
    graph.wait_until_done()
    assert order == ["s2"] * 5 + ["late"] * 5


def test_closing_the_sources_also_ends_layers_that_never_started() -> None:
    graph = CalculatorGraph(
        COUNTER.format(more='output_stream: "late" source_layer: 2').replace("COUNT:n", "COUNT:few")
        + COUNTER.format(more='output_stream: "s0" source_layer: 1')
        + 'node { calculator: "TestJournalCalculator" input_side_packet: "JOURNAL:j" input_stream: "s0" }'
    )
    started = threading.Event()
    graph.observe_output_stream("s0", lambda name, packet: started.set())
    journal: list[object] = []
    graph.start_run({"n": 10**9, "few": 3, "j": journal})
    assert started.wait(10)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    assert journal[-1] == "close"


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_batch_waits_until_it_is_full_or_the_stream_ends(executor: str) -> None:
    graph = CalculatorGraph(
        executor + ' input_stream: "s0" node { calculator: "TestPassCalculator" input_stream: "s0" '
        'output_stream: "s1" input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" '
        "options { [mediapipe.DefaultInputStreamHandlerOptions.ext] { batch_size: 3 } } } }"
    )
    seen = watch(graph, "s1")
    counts = []
    with graph:
        graph.start_run()
        for i in range(5):
            graph.add_packet_to_input_stream("s0", i, i)
            graph.wait_until_idle()
            counts.append(len(seen))
    assert counts == [0, 0, 3, 3, 3]
    assert seen == [(i, i) for i in range(5)]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_loop_that_nobody_ends_ends_with_its_inputs(executor: str) -> None:
    graph = CalculatorGraph(
        executor + ' input_stream: "a" node { calculator: "TestPassCalculator" input_stream: "a" '
        'input_stream: "d" output_stream: "c" output_stream: "d" '
        "input_stream_info { tag_index: ':1' back_edge: true } }"
        'node { calculator: "TestJournalCalculator" input_side_packet: "JOURNAL:j" input_stream: "c" }'
    )
    journal: list[object] = []
    with graph:
        graph.start_run({"j": journal})
        graph.add_packet_to_input_stream("a", 1, 1)
    assert journal == ["open", "close"]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_ten_thousand_starts_leave_nothing_behind(executor: str) -> None:
    graph = CalculatorGraph(executor + ' input_stream: "s0"\n' + chain(1))
    seen = watch(graph, "s1")
    before = threading.active_count()
    for i in range(10_000 // len(EXECUTORS)):
        graph.start_run()
        if i % 2:
            graph.add_packet_to_input_stream("s0", i, 1)
        graph.close_all_packet_sources()
        graph.wait_until_done()
    assert threading.active_count() == before
    assert len(seen) == 10_000 // len(EXECUTORS) // 2
