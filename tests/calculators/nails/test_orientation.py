import math

import numpy as np
import pytest

from calculators.nails.orientation import corrected_angle, principal_axes, wrapped
from tests.calculators.nails.ellipses import Ellipse, network_maps

HALF = math.pi / 2


@pytest.mark.parametrize(
    ("angle", "expected"),
    [(0, 0), (1, 1), (math.pi, math.pi), (-math.pi, math.pi), (4, 4 - 2 * math.pi), (-10, 4 * math.pi - 10)],
)
def test_wrapped(angle, expected):
    assert wrapped(angle) == pytest.approx(expected)


@pytest.mark.parametrize("angle", [-1.4, -0.5, 0.0, 0.7, 1.5])
def test_principal_axis(angle):
    nails = [Ellipse(40, 40, angle, 36, 20), Ellipse(100, 60, angle + HALF, 18, 36)]
    foreground, _, _ = network_maps(nails, (100, 140))
    labels = np.zeros((100, 140), np.int32)
    labels[foreground >= 0.5] = 1
    labels[:, 70:] *= 2
    # The second one is wider than long: its longest line lies across its direction.
    assert np.allclose(np.cos(2 * (principal_axes(labels, 2, foreground) - angle)), 1, atol=0.01)


def test_no_nails_have_no_axes():
    assert principal_axes(np.zeros((4, 4), np.int32), 0, np.zeros((4, 4), np.float32)).shape == (0,)


@pytest.mark.parametrize(
    ("length", "angle", "axis", "expected"),
    [
        # A long mean direction counts alone, whatever the axis.
        (1.0, 0.3, 1.0, 0.3),
        (0.8, -3.0, 0.0, -3.0),
        # Half way from 0.8 to 0.2 it goes half way to the axis, or to what lies across it.
        (0.5, 0.3, 0.5, 0.4),
        (0.5, 0.3, 0.5 + HALF, 0.4),
        (0.5, 0.3 - math.pi, 0.5, 0.4 - math.pi),
        (0.5, math.pi - 0.1, 0.1, math.pi),
        # Next to nothing: the longest line, towards where the direction points.
        (0.2, 0.1, 1.0, 1.0),
        (0.2, math.pi - 0.1, 1.0, 1.0 - math.pi),
        (0.1, 0.0, -1.5, -1.5),
    ],
)
def test_corrected_angle(length, angle, axis, expected):
    found = corrected_angle(length * math.cos(angle), length * math.sin(angle), axis)
    assert wrapped(found - expected) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("axis", [1.0, -1.0, 1.0 - math.pi, HALF])
def test_without_any_direction_the_tip_is_up(axis):
    assert math.sin(corrected_angle(0.0, 0.0, axis)) == pytest.approx(-abs(math.sin(axis)))


@pytest.mark.parametrize("length", [1.0, 0.5, 0.1])
def test_due_left_is_one_angle(length):
    assert corrected_angle(-length, -0.0, 0.0) == corrected_angle(-length, 0.0, 0.0) == math.pi
