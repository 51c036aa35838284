from fractions import Fraction

import pytest

from calculators.video.header import to_microseconds, to_ticks


@pytest.mark.parametrize(
    ("ticks", "time_base", "microseconds"),
    [
        (0, Fraction(1, 90_000), 0),
        (1, Fraction(1, 90_000), 11),
        (-1, Fraction(1, 90_000), -11),
        (1, Fraction(1001, 30_000), 33_367),
        (3, Fraction(1, 2_000_000), 2),  # 1.5: halves upwards
        (-3, Fraction(1, 2_000_000), -1),
        (7, Fraction(1, 1_000_000), 7),
    ],
)
def test_to_microseconds(ticks: int, time_base: Fraction, microseconds: int) -> None:
    assert to_microseconds(ticks, time_base) == microseconds


@pytest.mark.parametrize("denominator", [1_000_000, 999_983, 90_000, 12_800, 1000, 30])
def test_ticks_survive_the_way_through_microseconds(denominator: int) -> None:
    time_base = Fraction(1, denominator)
    for ticks in (*range(-50, 50), 10**9 + 7):
        assert to_ticks(to_microseconds(ticks, time_base), time_base) == ticks
