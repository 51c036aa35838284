import numpy as np
import pytest

from calculators.face.eye_shape import eye_shape
from calculators.face.parts import LEFT, RIGHT
from tests.calculators.face.portrait import points, shape_of


@pytest.mark.parametrize("side", [LEFT, RIGHT], ids=["left", "right"])
@pytest.mark.parametrize(("low", "high"), [(0.0, 0.1), (-0.2, 0.3), (-9, 9), (50, 60)])
def test_a_strip_has_all_rows_between_two_heights(side, low, high):
    eye = eye_shape(shape_of(points()), side)
    strip = eye.strip(low, high)
    (left, top, width, height), rows = eye.box, strip.place[0]
    assert strip.box == (left, rows.start, width, rows.stop - rows.start)
    inside = slice(rows.start - top, rows.stop - top)
    assert 0 <= inside.start < inside.stop <= height
    for name in ("x", "y", "columns", "above", "bare", "below"):
        assert np.array_equal(getattr(strip, name), getattr(eye, name)[inside]), name
    beyond = np.delete(eye.y, inside, axis=0)
    assert not ((low <= beyond) & (beyond <= high)).any()
