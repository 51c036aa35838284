"""A calculator or an observer that raises, anywhere: one message, and nothing is left running."""

import threading
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, Packet, register
from tryon.config import parse_graph
from tryon.graph import CalculatorGraph
from tryon.validation import validate

EXECUTORS = (
    "num_threads: 1",
    "num_threads: 2",
    "num_threads: 4 max_queue_size: 1",
    'executor { type: "ApplicationThreadExecutor" }',
    'executor { name: "own" type: "ThreadPoolExecutor" '
    "options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 } } }",
)
FAULTY = (
    'node { name: "faulty" calculator: "TestFaultyCalculator" input_stream: "%s" output_stream: "%s" '
    'input_side_packet: "FAULT:fault" %s }\n'
)
PASS = 'node { calculator: "TestPassCalculator" input_stream: "%s" output_stream: "%s" }\n'
SUBGRAPH = 'type: "Faulty" input_stream: "I:i" output_stream: "O:o" input_side_packet: "FAULT:fault"\n' + (
    FAULTY % ("i", "m", "") + PASS % ("m", "o")
)
SWITCH = """
node {
  calculator: "SwitchContainer"
  input_stream: "a"
  output_stream: "b"
  input_side_packet: "FAULT:fault"
  node_options { [type.googleapis.com/mediapipe.SwitchContainerOptions] {
    contained_node { calculator: "TestFaultyCalculator" }
    contained_node { calculator: "TestPassSidesCalculator" }
  } }
}
"""
NESTS = {
    "plain": FAULTY % ("a", "b", ""),
    "own executor": FAULTY % ("a", "b", 'executor: "own"'),
    "two at once": FAULTY % ("a", "b", "max_in_flight: 2"),
    "subgraph": 'node { calculator: "Faulty" input_stream: "I:a" output_stream: "O:b" '
    'input_side_packet: "FAULT:fault" }\n',
    "switch": SWITCH,
}
ERRORS = (KeyError("it is {broken}"), GraphError("it is {broken}"), StopIteration("it is {broken}"))


@dataclass
class Fault:
    """What the faulty calculator raises, and where: in `process` at the packet numbered `at`."""

    phase: str
    at: int
    error: BaseException
    journal: list[str] = field(default_factory=list)

    def happens_with(self, packets: int) -> bool:
        return self.phase in ("open", "close") or (
            self.phase in ("process", "observer") and self.at < packets
        )


class Noting(Calculator):
    """Notes in its fault's journal what is called."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(int)
        contract.outputs[0].set(int)
        contract.input_side_packets["FAULT"].set(Fault)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self.fault: Fault = context.input_side_packets["FAULT"].value
        self.fault.journal.append("open")

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add_packet(context.inputs[0].packet)

    def close(self, context: CalculatorContext) -> None:
        self.fault.journal.append("close")


@register
class TestPassSidesCalculator(Noting):
    """Passes numbers on and ignores the fault."""


@register
class TestFaultyCalculator(Noting):
    """Passes numbers on until its fault happens."""

    def open(self, context: CalculatorContext) -> None:
        super().open(context)
        self.fail("open")

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[0].value == self.fault.at:
            self.fail("process")
        super().process(context)

    def close(self, context: CalculatorContext) -> None:
        super().close(context)
        self.fail("close")

    def fail(self, phase: str) -> None:
        if self.fault.phase == phase:
            raise self.fault.error


def graph_text(executor: str, nest: str) -> str:
    return f'input_stream: "in" input_side_packet: "fault" {executor}\n' + (
        PASS % ("in", "a") + NESTS[nest] + PASS % ("b", "out")
    )


def run(graph: CalculatorGraph, fault: Fault, packets: int, settle: bool) -> None:
    """Runs a graph on packets of 0, 1, 2 ...; ends the run whatever happens."""
    graph.start_run({"fault": fault})
    try:
        for number in range(packets):
            graph.add_packet_to_input_stream("in", number, 10 * number)
            if settle:
                graph.wait_until_idle()
        graph.close_all_packet_sources()
    finally:
        graph.wait_until_done()


@given(
    executor=st.sampled_from(EXECUTORS),
    nest=st.sampled_from(sorted(NESTS)),
    phase=st.sampled_from(["open", "process", "close", "observer", "nowhere"]),
    at=st.integers(0, 4),
    packets=st.integers(0, 5),
    error=st.sampled_from(ERRORS),
    settle=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_one_fault_is_reported_once(
    executor: str, nest: str, phase: str, at: int, packets: int, error: Exception, settle: bool
) -> None:
    if nest == "own executor":
        executor = EXECUTORS[-1]
    before = set(threading.enumerate())
    seen: list[int] = []
    fault = Fault(phase, at, error)

    def note(name: str, packet: Packet) -> None:
        if phase == "observer" and packet.value == at:
            raise error
        seen.append(packet.value)

    graph = CalculatorGraph(graph_text(executor, nest), [SUBGRAPH])
    graph.observe_output_stream("out", note)
    if fault.happens_with(packets):
        with pytest.raises(GraphError) as caught:
            run(graph, fault, packets, settle)
        message = str(caught.value)
        assert message.count("it is {broken}") == 1, message
        if phase == "observer":
            assert 'The observer of output stream "out" failed: ' in message
        else:
            assert f"Calculator::{phase.capitalize()}() for node " in message
            assert "aulty" in message
        if phase == "process":
            assert f"timestamp {10 * at}" in message
        assert caught.value.__cause__ is error or phase == "close"
        assert seen == list(range(len(seen)))
        assert len(seen) <= (packets if phase == "close" else at)
    else:
        run(graph, fault, packets, settle)
        assert seen == list(range(packets))
    opened = fault.journal.count("open") - (phase == "open")
    assert fault.journal.count("close") == opened, fault.journal
    assert set(threading.enumerate()) == before


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("nest", sorted(NESTS))
def test_the_graph_runs_again_after_a_fault(executor: str, nest: str) -> None:
    executor = EXECUTORS[-1] if nest == "own executor" else executor
    graph = CalculatorGraph(graph_text(executor, nest), [SUBGRAPH])
    seen: list[int] = []
    graph.observe_output_stream("out", lambda name, packet: seen.append(packet.value))
    with pytest.raises(GraphError, match="broken"):
        run(graph, Fault("process", 1, ERRORS[0]), 3, settle=True)
    assert seen == [0]
    run(graph, Fault("nowhere", 0, ERRORS[0]), 3, settle=False)
    assert seen == [0, 0, 1, 2]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("error", [SystemExit("broken"), KeyboardInterrupt("broken")])
@pytest.mark.parametrize("executor", EXECUTORS[:3])
def test_an_exit_in_a_thread_of_the_graph_ends_the_run(executor: str, error: BaseException) -> None:
    before = set(threading.enumerate())
    graph = CalculatorGraph(graph_text(executor, "plain"))
    with pytest.raises(GraphError, match='interrupted in node "faulty"'):
        run(graph, Fault("process", 1, error), 3, settle=True)
    assert set(threading.enumerate()) == before


@pytest.mark.parametrize("nest", ["plain", "subgraph"])
def test_faults_in_get_contract_come_all_at_once(nest: str) -> None:
    text = graph_text("", nest).replace("TestPassCalculator", "TestBadContractCalculator")
    before = set(threading.enumerate())
    with pytest.raises(GraphError) as caught:
        validate(parse_graph(text, "g.pbtxt"), [parse_graph(SUBGRAPH, "faulty.pbtxt")])
    message = str(caught.value)
    assert message.count("TestBadContractCalculator: get_contract failed: ZeroDivisionError: contract") == 2
    assert "g.pbtxt:2:1: TestBadContractCalculator" in message
    assert set(threading.enumerate()) == before
