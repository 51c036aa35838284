"""Timestamps: int microseconds, and MediaPipe's special values around them."""

from typing import Final


class Timestamp:
    """The special timestamps, as ints that order and compare like all others.

    Unset < Unstarted < PreStream < Min <= any packet of a running stream <= Max < PostStream
    < OneOverPostStream < Done.
    """

    UNSET: Final = -(2**63)
    UNSTARTED: Final = -(2**63) + 1
    PRESTREAM: Final = -(2**63) + 2
    MIN: Final = -(2**63) + 3
    MAX: Final = 2**63 - 4
    POSTSTREAM: Final = 2**63 - 3
    ONE_OVER_POSTSTREAM: Final = 2**63 - 2
    DONE: Final = 2**63 - 1


SPECIAL_NAMES: Final = {
    Timestamp.UNSET: "Timestamp::Unset()",
    Timestamp.UNSTARTED: "Timestamp::Unstarted()",
    Timestamp.PRESTREAM: "Timestamp::PreStream()",
    Timestamp.MIN: "Timestamp::Min()",
    Timestamp.MAX: "Timestamp::Max()",
    Timestamp.POSTSTREAM: "Timestamp::PostStream()",
    Timestamp.ONE_OVER_POSTSTREAM: "Timestamp::OneOverPostStream()",
    Timestamp.DONE: "Timestamp::Done()",
}


def timestamp_text(timestamp: int) -> str:
    """The timestamp as messages show it: the number, or the special value's name."""
    return SPECIAL_NAMES.get(timestamp, str(timestamp))


def is_range_value(timestamp: int) -> bool:
    """True for the timestamps of a running stream: Min to Max."""
    return Timestamp.MIN <= timestamp <= Timestamp.MAX


def is_allowed_in_stream(timestamp: int) -> bool:
    """True for the timestamps that a packet in a stream may have: PreStream to PostStream."""
    return Timestamp.PRESTREAM <= timestamp <= Timestamp.POSTSTREAM


def next_allowed_in_stream(timestamp: int) -> int:
    """The smallest timestamp that may follow `timestamp` in a stream.

    PreStream and PostStream stand alone in their stream, so nothing but the end follows them.
    """
    if timestamp >= Timestamp.MAX or timestamp == Timestamp.PRESTREAM:
        return Timestamp.ONE_OVER_POSTSTREAM
    if timestamp < Timestamp.PRESTREAM:
        return Timestamp.MIN
    return timestamp + 1


def previous_allowed_in_stream(timestamp: int) -> int:
    """The largest timestamp that may come before `timestamp` in a stream, else Unstarted."""
    if timestamp <= Timestamp.MIN or timestamp == Timestamp.POSTSTREAM:
        return Timestamp.UNSTARTED
    if timestamp > Timestamp.POSTSTREAM:
        return Timestamp.MAX
    return timestamp - 1
