"""The committed LUTs are what the tool makes, and safe to apply."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from calculators.color.cube import lut_table, read_cube
from calculators.color.lut import BEYOND, LutPair, light_share, mix_luts
from calculators.color.make_luts import SHADES
from calculators.color.oklab import parse_color
from calculators.color.shade import DARK_INTENSITY, LIGHT_INTENSITY, shade_table

FOLDER = Path(__file__).resolve().parents[2] / "graphs" / "luts"
INTENSITIES = {"light": LIGHT_INTENSITY, "dark": DARK_INTENSITY}
LUMA = np.array([0.299, 0.587, 0.114])

every_shade = pytest.mark.parametrize("shade", SHADES)


@cache
def read_pair(shade: str) -> LutPair:
    (light, light_intensity), (dark, dark_intensity) = (
        read_cube(FOLDER / f"{shade}_{hair}.cube") for hair in ("light", "dark")
    )
    return LutPair(light, dark, light_intensity or -1, dark_intensity or -1)


def test_no_file_without_a_shade():
    expected = {f"{shade}_{hair}.cube" for shade in SHADES for hair in INTENSITIES}
    assert {path.name for path in FOLDER.glob("*.cube")} == expected


@every_shade
@pytest.mark.parametrize("hair", INTENSITIES)
def test_regenerated(shade, hair):
    lut, intensity = read_cube(FOLDER / f"{shade}_{hair}.cube")
    assert intensity == INTENSITIES[hair]
    assert np.abs(lut_table(lut) - shade_table(SHADES[shade], INTENSITIES[hair])).max() < 2e-4


def luma_of_greys(shade: str, share: float) -> np.ndarray:
    table = lut_table(mix_luts(read_pair(shade), share, 1))
    steps = range(len(table))
    return table[steps, steps, steps] @ LUMA


@every_shade
@pytest.mark.parametrize("share", [-BEYOND, -0.2, 0, 0.5, 1, 1.25, 1 + BEYOND])
def test_lighter_hair_stays_lighter(shade, share):
    """Along the grey axis luma rises: no two strands become one, and none turns into its negative."""
    assert (np.diff(luma_of_greys(shade, share)) > 0).all()


@every_shade
@pytest.mark.parametrize("intensity", [0.02, 0.06, 0.75, 0.9])
def test_hair_beyond_the_references_comes_nearer_to_the_shade(shade, intensity):
    """Never clearly further from the target's luma than with the nearer table alone."""
    target = np.array(parse_color(SHADES[shade].color)) / 255 @ LUMA
    share = light_share(intensity, LIGHT_INTENSITY, DARK_INTENSITY)
    steps = np.linspace(0, 1, 33)
    clamped, beyond = (
        np.interp(intensity, steps, luma_of_greys(shade, part)) for part in (min(max(share, 0), 1), share)
    )
    assert abs(beyond - target) < abs(clamped - target) + 3 / 255
