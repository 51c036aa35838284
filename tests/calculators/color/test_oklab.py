import numpy as np
import pytest

from calculators.color.oklab import fit_gamut, oklab_from_srgb, parse_color, srgb_from_oklab


def test_parse_color():
    assert parse_color("#0A80fF") == (10, 128, 255)


@pytest.mark.parametrize("text", ["#12", "", "123456", "#12345G", "#1234567", "red"])
def test_parse_color_refuses(text):
    with pytest.raises(ValueError, match=f'^"{text}" is no colour'):
        parse_color(text)


@pytest.mark.parametrize(
    ("srgb", "lab"),
    [
        ([0, 0, 0], [0, 0, 0]),
        ([1, 1, 1], [1, 0, 0]),
        ([1, 0, 0], [0.62796, 0.22486, 0.12585]),
        ([0, 1, 0], [0.86644, -0.23389, 0.17950]),
        ([0, 0, 1], [0.45201, -0.03246, -0.31153]),
    ],
)
def test_oklab_values(srgb, lab):
    assert np.allclose(oklab_from_srgb(np.array(srgb, float)), lab, atol=1e-4)


def test_oklab_round_trip():
    steps = np.linspace(0, 1, 5)
    colors = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    assert np.allclose(srgb_from_oklab(oklab_from_srgb(colors)), colors, atol=1e-9)


def test_fit_gamut_keeps_what_fits():
    lab = oklab_from_srgb(np.array([[0.2, 0.5, 0.8], [1.0, 0.0, 0.0]]))
    assert np.allclose(fit_gamut(lab), lab, atol=1e-3)


def test_fit_gamut_keeps_lightness_and_hue():
    lab = np.array([0.5, 0.3, 0.3])
    fitted = fit_gamut(lab)
    srgb = srgb_from_oklab(fitted)
    assert srgb.min() > -1e-3
    assert srgb.max() < 1 + 1e-3
    assert fitted[0] == 0.5
    assert fitted[1] == fitted[2] > 0.05
