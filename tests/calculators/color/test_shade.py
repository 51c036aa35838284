import numpy as np
import pytest

from calculators.color.oklab import oklab_from_srgb, parse_color
from calculators.color.shade import DIMNESS, Shade, shade_pair, shade_table, tone_curve

STEPS = np.linspace(0, 1, 101)


@pytest.mark.parametrize(("middle", "landing"), [(0.28, 0.8), (0.28, 0.25), (0.68, 0.2), (0.68, 0.85)])
def test_tone_curve(middle, landing):
    curve = tone_curve(STEPS, middle, landing, Shade("#000000"))
    assert (np.diff(curve) > 0).all()
    assert 0 < curve[0] < landing < curve[-1] <= 1
    assert np.interp(middle, STEPS, curve) == pytest.approx(landing, abs=0.01)


def test_dark_hair_brightens_nothing_beyond_its_highlights():
    """Skin at the rim of a mask stays as bright as it is."""
    curve = tone_curve(STEPS, 0.28, 0.5, Shade("#000000", contrast=1.2))
    assert curve[90] < 0.9


@pytest.mark.parametrize("color", ["#B3552B", "#2A6896"])
@pytest.mark.parametrize("intensity", [0.15, 0.6])
def test_hair_of_the_reference_takes_the_target_color(color, intensity):
    table = shade_table(Shade(color), intensity)
    steps = np.linspace(0, 1, len(table))
    grey = np.array(
        [np.interp(intensity, steps, table[range(33), range(33), range(33), c]) for c in range(3)]
    )
    target = oklab_from_srgb(np.array(parse_color(color)) / 255)
    reached, hair = oklab_from_srgb(grey), oklab_from_srgb(np.full(3, intensity))
    assert reached[0] == pytest.approx(target[0] - DIMNESS * max(target[0] - hair[0], 0), abs=0.01)
    assert np.allclose(reached[1:], target[1:], atol=0.02)


@pytest.mark.parametrize("color", ["#000000", "#FFFFFF", "#FF0000", "#0000FF"])
def test_any_color_gives_tables_in_range(color):
    pair = shade_pair(Shade(color))
    for lut in (pair.light, pair.dark):
        assert lut.table.min() >= 0
        assert lut.table.max() <= 1
        assert np.isfinite(lut.table).all()
