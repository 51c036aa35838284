import numpy as np
import pytest

from calculators.landmarks.filters import OneEuroFilter, PointFilter, VelocityFilter, points_scale
from tryon import GraphError

FILTERS = pytest.mark.parametrize("make", [VelocityFilter, OneEuroFilter])
STEP_US = 33_333


def run(filter_, values, step_us=STEP_US, start_us=STEP_US):
    """What the filter makes of single numbers at a constant rate."""
    return [
        filter_(np.array([value], float), start_us + index * step_us, 1.0).item()
        for index, value in enumerate(values)
    ]


@FILTERS
def test_smoke(make):
    assert run(make(), [3, 3, 3]) == [3, 3, 3]


@FILTERS
def test_shape(make):
    values = np.arange(6.0).reshape(2, 3)
    assert make()(values, 1, 1.0).shape == (2, 3)


@FILTERS
def test_steps_are_calmed(make):
    _, second, third = run(make(), [0, 1, 1])
    assert 0 < second < third < 1


@FILTERS
def test_times_that_do_not_advance_pass(make):
    filter_ = make()
    assert run(filter_, [0, 1], start_us=10)[0] == 0
    assert run(filter_, [7], start_us=10) == [7]
    assert run(make(), [7, 8], start_us=-2 * STEP_US) == [7, 8]


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        # 0.5 units in 1 s make a velocity of 0.5: the weight is 1 - 1 / (1 + 2 * 0.5).
        (VelocityFilter(window_size=0, velocity_scale=2), [0, 0.25, 0.625]),
        (VelocityFilter(window_size=0, velocity_scale=0), [0, 0, 0]),
        # With a window of a step that is too long ago, the same as without.
        (VelocityFilter(window_size=1, velocity_scale=2), [0, 0.25, 0.625]),
    ],
)
def test_velocity_values(filter_, expected):
    assert run(filter_, [0, 0.5, 1], step_us=1_000_000) == pytest.approx(expected)


def test_velocity_over_the_window():
    """Two steps of 10 ms, there and back, are no velocity: the second does not count."""
    assert run(VelocityFilter(window_size=5), [0, 1, 0], step_us=10_000)[1:] == pytest.approx([0.999001] * 2)


def test_one_euro_values():
    """At 1 Hz a cutoff of 1 Hz gives the weight a / (a + 1), a = 2 pi, whatever the option frequency."""
    weight = 2 * np.pi / (2 * np.pi + 1)
    _, second, third = run(OneEuroFilter(frequency=30), [0, 1, 1], step_us=1_000_000)
    assert (second, third) == pytest.approx((weight, 1 - (1 - weight) ** 2))


def test_one_euro_beta_follows_fast_points():
    slow, fast = (run(OneEuroFilter(beta=beta), [0, 1, 2])[-1] for beta in (0, 10))
    assert slow < fast < 2


def square(size, x=0.0):
    return np.array([(x, 0, 0), (x + size, size, 0)], float)


def test_object_size_is_the_unit_of_velocity():
    results = []
    for size in (10, 20):
        filter_ = PointFilter(VelocityFilter(), 0.0, scales=True)
        filter_(square(size), 10_000, None)
        results.append(filter_(square(size, x=size / 10), 20_000, None)[0, 0] / size)
    assert results[0] == pytest.approx(results[1])


@pytest.mark.parametrize(
    ("scales", "object_scale", "is_filtered"),
    [(True, None, True), (True, 50.0, False), (True, 200.0, True), (False, 50.0, True)],
)
def test_small_objects_stay(scales, object_scale, is_filtered):
    filter_ = PointFilter(VelocityFilter(), 100.0, scales)
    assert (filter_(square(150), 1, object_scale) is not None) == is_filtered


def test_exception():
    filter_ = PointFilter(VelocityFilter(), 0.0, scales=True)
    filter_(square(1), 1, None)
    with pytest.raises(GraphError, match=r"There are 1 landmarks; before there were 2\."):
        filter_(square(1)[:1], 2, 1.0)
    with pytest.raises(GraphError, match="list of landmarks is empty"):
        points_scale(np.empty((0, 3)))


def test_points_scale():
    assert points_scale(np.array([(1, 5, 9), (3, 11, -9)], float)) == 4
