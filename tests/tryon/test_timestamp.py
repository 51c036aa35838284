"""The order of timestamps and what may follow what."""

import pytest

from tryon.timestamp import (
    Timestamp,
    is_allowed_in_stream,
    is_range_value,
    next_allowed_in_stream,
    previous_allowed_in_stream,
    timestamp_text,
)


@pytest.mark.parametrize(
    ("timestamp", "after"),
    [
        (0, 1),
        (-5, -4),
        (Timestamp.MIN, Timestamp.MIN + 1),
        (Timestamp.MAX - 1, Timestamp.MAX),
        (Timestamp.MAX, Timestamp.ONE_OVER_POSTSTREAM),
        (Timestamp.PRESTREAM, Timestamp.ONE_OVER_POSTSTREAM),
        (Timestamp.POSTSTREAM, Timestamp.ONE_OVER_POSTSTREAM),
    ],
)
def test_next_allowed(timestamp: int, after: int) -> None:
    assert next_allowed_in_stream(timestamp) == after


@pytest.mark.parametrize(
    ("timestamp", "before"),
    [
        (1, 0),
        (Timestamp.MIN + 1, Timestamp.MIN),
        (Timestamp.MIN, Timestamp.UNSTARTED),
        (Timestamp.PRESTREAM, Timestamp.UNSTARTED),
        (Timestamp.POSTSTREAM, Timestamp.UNSTARTED),
        (Timestamp.ONE_OVER_POSTSTREAM, Timestamp.MAX),
    ],
)
def test_previous_allowed(timestamp: int, before: int) -> None:
    assert previous_allowed_in_stream(timestamp) == before


@pytest.mark.parametrize(
    ("timestamp", "in_stream", "in_range", "text"),
    [
        (7, True, True, "7"),
        (Timestamp.UNSET, False, False, "Timestamp::Unset()"),
        (Timestamp.UNSTARTED, False, False, "Timestamp::Unstarted()"),
        (Timestamp.PRESTREAM, True, False, "Timestamp::PreStream()"),
        (Timestamp.MIN, True, True, "Timestamp::Min()"),
        (Timestamp.MAX, True, True, "Timestamp::Max()"),
        (Timestamp.POSTSTREAM, True, False, "Timestamp::PostStream()"),
        (Timestamp.DONE, False, False, "Timestamp::Done()"),
    ],
)
def test_kinds(timestamp: int, in_stream: bool, in_range: bool, text: str) -> None:
    assert is_allowed_in_stream(timestamp) is in_stream
    assert is_range_value(timestamp) is in_range
    assert timestamp_text(timestamp) == text
