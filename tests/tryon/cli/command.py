"""Runs `tryon` in this process."""

from dataclasses import dataclass

import pytest

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
