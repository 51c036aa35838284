"""Shows which input sets a policy hands to a node."""

import re
from typing import TypeAlias

from tryon import Calculator, CalculatorContext, CalculatorContract, Packet, register
from tryon.graph import CalculatorGraph

Call: TypeAlias = tuple[int, list[int | None]]

_STEP = re.compile(r"(?P<stream>[a-z])(?P<what>[|>]?)(?P<timestamp>-?\w*)(=(?P<value>-?\d+))?")


@register
class TestSetsCalculator(Calculator):
    """Sends, for each call, its timestamp and the values of all inputs, None for an empty one."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for kind in contract.inputs:
            kind.set(int)
        contract.outputs[0].set(tuple)

    def open(self, context: CalculatorContext) -> None:
        self._calls = 0

    def process(self, context: CalculatorContext) -> None:
        values = [None if stream.is_empty else stream.value for stream in context.inputs]
        context.outputs[0].add((context.input_timestamp, values), self._calls)
        self._calls += 1


@register
class TestBoundSetsCalculator(TestSetsCalculator):
    """Is also called where its inputs settled without a packet."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        super().get_contract(contract)
        contract.process_timestamp_bounds = True


def calls_of(
    policy: str, steps: str, inputs: str = "a b", options: str = "", bounds: bool = False, graph: str = ""
) -> list[Call]:
    """Runs one node with an input policy and gives its calls.

    Args:
        policy: "" for what the graph says.
        steps: "a5" adds 5 at 5 to stream a, "a5=7" adds 7 at 5, "a>5" promises nothing before 5, "a|"
            closes a; after each the graph becomes idle.
        inputs: the node's input streams, "TAG:name" or "name"; the names have one letter.
        options: of the policy.
        bounds: the node processes timestamp bounds.
        graph: more of the graph's config.
    """
    names = [entry[-1] for entry in inputs.split()]
    handler = f'input_stream_handler: "{policy}"'
    if options:
        handler += f" options {{ [mediapipe.{policy}Options.ext] {{ {options} }} }}"
    runner = CalculatorGraph(
        graph_config=f"""
        {graph} {" ".join(f'input_stream: "{name}"' for name in names)}
        node {{
          calculator: "{"TestBoundSetsCalculator" if bounds else "TestSetsCalculator"}"
          {" ".join(f'input_stream: "{entry}"' for entry in inputs.split())}
          output_stream: "calls"
          {f"input_stream_handler {{ {handler} }}" if policy else ""}
        }}"""
    )
    calls: list[Call] = []
    runner.observe_output_stream("calls", lambda _, packet: calls.append(packet.value))
    runner.start_run()
    for step in steps.split():
        match = _STEP.fullmatch(step)
        assert match is not None, step
        stream, timestamp = match["stream"], int(match["timestamp"] or 0)
        if match["what"] == "|":
            runner.close_input_stream(stream)
        elif match["what"] == ">":
            runner.set_input_stream_timestamp_bound(stream, timestamp)
        else:
            runner.add_packet_to_input_stream(stream, Packet(int(match["value"] or timestamp), timestamp))
        runner.wait_until_idle()
    runner.close_all_packet_sources()
    runner.wait_until_done()
    return calls
