"""What is known of a video before its first frame, and its clock."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numpy.typing import NDArray

Frame = NDArray[Any]  # RGB uint8 [height, width, 3], C-contiguous
MICROSECOND = Fraction(1, 1_000_000)


@dataclass(frozen=True)
class VideoHeader:
    """Travels once, at Timestamp.PRESTREAM, from a source to the sink.

    Attributes:
        width, height: size of the frames as they are sent, upright.
        frame_rate: frames a second, on average where it varies.
        duration_us: from the first frame to the end of the last one in microseconds, 0 when unknown.
        frame_count: how many frames the container announces, an estimate, 0 when unknown.
        time_base: seconds in one tick of the source's clock, so that a sink can give back its ticks.
        pixel_aspect: width over height of one pixel on the screen.
    """

    width: int
    height: int
    frame_rate: Fraction
    duration_us: int = 0
    frame_count: int = 0
    time_base: Fraction = MICROSECOND
    pixel_aspect: Fraction = Fraction(1)


def to_microseconds(ticks: int, time_base: Fraction) -> int:
    """The time of `ticks` in microseconds, rounded to the nearest, halves upwards."""
    tick = time_base / MICROSECOND
    return (2 * ticks * tick.numerator + tick.denominator) // (2 * tick.denominator)


def to_ticks(microseconds: int, time_base: Fraction) -> int:
    """The tick nearest to a time: undoes `to_microseconds` where a tick is a microsecond or longer."""
    return to_microseconds(microseconds, MICROSECOND * MICROSECOND / time_base)


def seconds_text(microseconds: int) -> str:
    """A time as messages show it."""
    return f"{microseconds / 1_000_000:.3f} s"
