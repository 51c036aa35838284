"""Reading what native code writes to the standard streams."""

import ctypes
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Final

STREAMS: Final = (1, 2)
_ONE_AT_A_TIME: Final = Lock()


@dataclass
class Captured:
    """What was written.

    Attributes:
        text: all of it, once the block has ended.
    """

    text: str = ""


@contextmanager
def captured_output() -> Iterator[Captured]:
    """Keeps what the process writes to its standard output and error streams during a block.

    LiteRT explains there, and only there, why a model cannot run on the GPU; and it would chat in the midst
    of a command's own output. What other threads write meanwhile is kept, too.
    """
    captured = Captured()
    flush = ctypes.CDLL(None).fflush  # of all that C code holds back
    with _ONE_AT_A_TIME, tempfile.TemporaryFile() as file:
        flush(None)
        before = [os.dup(stream) for stream in STREAMS]
        for stream in STREAMS:
            os.dup2(file.fileno(), stream)
        try:
            yield captured
        finally:
            flush(None)
            for stream, old in zip(STREAMS, before, strict=True):
                os.dup2(old, stream)
                os.close(old)
            file.seek(0)
            captured.text = file.read().decode(errors="replace")
