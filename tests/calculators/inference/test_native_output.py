import ctypes
import os

import pytest

from calculators.inference.native_output import captured_output


def test_values(capfd):
    libc = ctypes.CDLL(None)
    libc.puts(b"before")
    with captured_output() as said:
        os.write(2, b"to stderr\n")
        libc.puts(b"held back by C")
    libc.puts(b"after")
    libc.fflush(None)
    assert sorted(said.text.splitlines()) == ["held back by C", "to stderr"]
    assert capfd.readouterr() == ("before\nafter\n", "")


def test_streams_come_back_after_an_exception(capfd):
    with pytest.raises(ValueError, match="inside"), captured_output() as said:
        os.write(1, b"lost\n")
        raise ValueError("inside")
    os.write(1, b"back\n")
    assert said.text == "lost\n"
    assert capfd.readouterr().out == "back\n"
