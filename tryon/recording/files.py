"""The files of a recording: one pair a stream, written as the packets come.

`NAME.jsonl` has a line for each event, its checksum before it; `NAME.data` has the bytes of arrays and
messages, written before the line that names them. What was recorded is readable whenever the writer dies.
"""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tryon.errors import GraphError
from tryon.recording.values import Damaged, Unrecordable, decode, encode


class ValueWriter:
    """Appends records, JSON objects of which the field "value" may be any packet's value.

    Attributes:
        size: bytes written.
    """

    def __init__(self, path: Path) -> None:
        self._lines = path.with_name(f"{path.name}.jsonl").open("xb")
        self._data = path.with_name(f"{path.name}.data").open("xb")
        self._end = 0
        self.size = 0

    def write(self, record: dict[str, Any]) -> None:
        """Appends a record; on return it is in the system's hands.

        Raises:
            Unrecordable: the value cannot be recorded; nothing is written.
        """
        if "value" in record:
            try:
                record = {**record, "value": encode(record["value"], self._put)}
            except RecursionError:
                raise Unrecordable("value that contains itself") from None
        text = json.dumps(record, separators=(",", ":")).encode()
        self._data.flush()
        line = b"%08x %s\n" % (zlib.crc32(text), text)
        self._lines.write(line)
        self._lines.flush()
        self.size += len(line)

    def _put(self, data: bytes) -> list[int]:
        """Appends bytes; returns [offset, size, checksum]."""
        self._data.write(data)
        offset, self._end = self._end, self._end + len(data)
        self.size += len(data)
        return [offset, len(data), zlib.crc32(data)]

    def close(self) -> None:
        """No record comes any more."""
        self._lines.close()
        self._data.close()


class ValueReader:
    """Reads what a ValueWriter wrote, in order; a context manager.

    Args:
        path: as given to the writer.
        complete: False when the writer may have died: then the records end before the first that is cut off.
    """

    def __init__(self, path: Path, complete: bool) -> None:
        self._path = path.with_name(f"{path.name}.jsonl")
        self._complete = complete
        self._lines = self._path.open("rb")
        self._data = path.with_name(f"{path.name}.data").open("rb")
        self._size = self._data.seek(0, 2)

    def records(self) -> Iterator[dict[str, Any]]:
        """The records, their values as they were.

        Raises:
            GraphError: the files are damaged.
        """
        for number, line in enumerate(self._lines, 1):
            try:
                record = _parse(line)
                if "value" in record:
                    record["value"] = decode(record["value"], self._get)
            except EOFError as error:
                if not self._complete:
                    return
                raise GraphError(f"{self._path}:{number}: the recording is cut off: {error}.") from error
            except Damaged as error:
                raise GraphError(f"{self._path}:{number}: the recording is damaged: {error}.") from error
            yield record

    def _get(self, place: list[int]) -> bytes:
        """The bytes at [offset, size, checksum].

        Raises:
            EOFError: the file ends before.
            Damaged: they are others than were written.
        """
        offset, size, checksum = place
        if offset + size > self._size:
            raise EOFError(f"{self._data.name} has {self._size} bytes, {offset + size} are needed")
        self._data.seek(offset)
        data = self._data.read(size)
        if zlib.crc32(data) != checksum:
            raise Damaged(f"the bytes from {offset} on in {self._data.name} are not what was written")
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
        self._data.close()


def _parse(line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise EOFError("the last line has no end")
    checksum, _, text = line[:-1].partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        raise Damaged("the line is not what was written")
    record = json.loads(text)
    if not isinstance(record, dict):
        raise Damaged("the line is no JSON object")
    return record
