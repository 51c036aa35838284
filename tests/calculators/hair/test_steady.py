import math

import numpy as np
import pytest

from calculators.hair.steady import Steady


def test_the_first_value_holds_at_once():
    assert Steady(0.5).follow(np.array([3.0]), 7).tolist() == [3]


def test_covers_its_part_of_the_way():
    steady = Steady(0.5)
    steady.follow(np.array([0.0, 1.0]), 0)
    assert steady.follow(np.array([1.0, 1.0]), 500_000) == pytest.approx([1 - math.exp(-1), 1])


def test_does_not_depend_on_the_frame_rate():
    slow, fast = Steady(0.5), Steady(0.5)
    for steady, times in ((slow, (0, 900_000)), (fast, range(0, 900_001, 30_000))):
        for time in times:
            steady.follow(np.array([float(time > 0)]), time)
    assert fast.values == pytest.approx(slow.values)


def test_without_a_time_constant_it_follows_at_once():
    steady = Steady(0)
    steady.follow(np.array([0.0]), 0)
    assert steady.follow(np.array([1.0]), 1).tolist() == [1]
