"""Runs `tryon` in this process."""

import os
import signal
from dataclasses import dataclass

import pytest

from tryon import Calculator, CalculatorContext, CalculatorContract, register
from tryon.cli import main


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


def tryon(capsys: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    """The outcome of `tryon` with these arguments."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    status = caught.value.code
    assert isinstance(status, int)
    return Outcome(status, *capsys.readouterr())


@register
class TestInterruptCalculator(Calculator):
    """Passes packets on; presses Ctrl-C at the tenth."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set_any()
        contract.outputs[0].set_same_as(contract.inputs[0])

    def open(self, context: CalculatorContext) -> None:
        self._count = 0

    def process(self, context: CalculatorContext) -> None:
        self._count += 1
        if self._count == 10:
            os.kill(os.getpid(), signal.SIGINT)
        context.outputs[0].add_packet(context.inputs[0].packet)
