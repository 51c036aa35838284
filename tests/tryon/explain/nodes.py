"""Calculators that make a run stop going on."""

import threading

from tryon import Calculator, CalculatorContext, CalculatorContract, register


@register
class TestSilentCalculator(Calculator):
    """Passes on the packets with small numbers only, and promises nothing."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(int)
        contract.outputs[0].set(int)

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[0].value < 2:
            context.outputs[0].add_packet(context.inputs[0].packet)


@register
class TestLatchCalculator(Calculator):
    """Sets STARTED, then waits for EVENT: in `open` and `process`."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["STARTED"].set(threading.Event)
        contract.input_side_packets["EVENT"].set(threading.Event)
        if "SIDE" in contract.output_side_packets:
            contract.output_side_packets["SIDE"].set(int)
        for stream in contract.inputs:
            stream.set_any()

    def open(self, context: CalculatorContext) -> None:
        if "SIDE" in context.output_side_packets:
            self._wait(context)
            context.output_side_packets["SIDE"].set(1)

    def process(self, context: CalculatorContext) -> None:
        self._wait(context)

    def _wait(self, context: CalculatorContext) -> None:
        context.input_side_packets["STARTED"].value.set()
        context.input_side_packets["EVENT"].value.wait(20)
