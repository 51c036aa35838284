from pathlib import Path

import numpy as np
import pytest

from calculators.color.cube import identity_table, lut_table, write_cube
from calculators.color.look import load_look
from calculators.color.look_pb2 import Look
from tests.calculators.image.run import run_node
from tryon import GraphError

SIDE = """node {
  calculator: "LutInterpolationCalculator"
  input_stream: "INTENSITY:intensity" input_side_packet: "LOOK:look" output_stream: "LUT:lut"
}"""
STREAM = """node {
  calculator: "LutInterpolationCalculator"
  input_stream: "INTENSITY:intensity" input_stream: "LOOK:looks" output_stream: "LUT:lut"
}"""


@pytest.fixture
def make_look(tmp_path):
    """A look whose light table makes everything `light` grey and its dark one `dark` grey."""

    def make(light: float, dark: float, color_intensity: float = 100) -> Look:
        name = f"{light}_{dark}"
        for hair, grey, intensity in (("light", light, 0.6), ("dark", dark, 0.2)):
            write_cube(tmp_path / f"{name}_{hair}.cube", np.full((2, 2, 2, 3), grey), hair, intensity)
        path = tmp_path / f"{name}.json"
        path.write_text(
            f"""{{"effects": [{{"category": "hair_color", "palettes": [{{
                "color": "#000000", "color_intensity": {color_intensity},
                "luts": {{"light": "{name}_light.cube", "dark": "{name}_dark.cube"}}}}]}}]}}"""
        )
        return load_look(path)

    return make


@pytest.mark.parametrize(("intensity", "grey"), [(0.2, 0.2), (0.6, 0.6), (0.4, 0.4), (0.3, 0.3)])
def test_values(make_look, intensity, grey):
    outputs = run_node(SIDE, {"intensity": [(1, intensity)]}, {"look": make_look(0.6, 0.2)})
    ((timestamp, lut),) = outputs["lut"]
    assert timestamp == 1
    assert np.allclose(lut_table(lut), grey, atol=0.5 / 255)


def test_color_intensity(make_look):
    outputs = run_node(SIDE, {"intensity": [(1, 0.6)]}, {"look": make_look(0.6, 0.2, color_intensity=25)})
    mixed = identity_table(2) * 0.75 + 0.6 * 0.25
    assert np.allclose(lut_table(outputs["lut"][0][1]), mixed, atol=1e-4)


def test_table_is_new_only_when_it_changes_visibly(make_look):
    outputs = run_node(SIDE, {"intensity": [(1, 0.4), (2, 0.4001), (3, 0.45)]}, {"look": make_look(0.6, 0.2)})
    first, second, third = (lut for _, lut in outputs["lut"])
    assert first is second
    assert np.allclose(lut_table(third), 0.45, atol=0.5 / 255)


def test_shade_changes_in_mid_run(make_look):
    looks = [(2, make_look(0.6, 0.2)), (4, make_look(1.0, 0.9))]
    intensities = [(1, 0.2), (2, 0.2), (3, 0.2), (4, 0.2), (5, 0.2)]
    outputs = run_node(STREAM, {"intensity": intensities, "looks": looks})
    greys = [(timestamp, round(float(lut.table[0]), 2)) for timestamp, lut in outputs["lut"]]
    assert greys == [(2, 0.2), (3, 0.2), (4, 0.9), (5, 0.9)]


def test_second_color(make_look):
    look = make_look(0.6, 0.2)
    look.effects[0].pattern = "ombre"
    look.effects[0].palettes.append(make_look(0.9, 0.5).effects[0].palettes[0])
    node = SIDE.replace("}", ' output_stream: "SECOND_LUT:second" }')
    outputs = run_node(node, {"intensity": [(1, 0.6)]}, {"look": look})
    assert [round(float(lut.table[0]), 2) for _, lut in outputs["lut"] + outputs["second"]] == [0.6, 0.9]
    assert len(run_node(SIDE, {"intensity": [(1, 0.6)]}, {"look": look})["lut"]) == 1
    plain = run_node(node, {"intensity": [(1, 0.6)]}, {"look": make_look(0.6, 0.2)})
    assert (len(plain["lut"]), plain["second"]) == (1, [])


def test_scene_light(make_look):
    node = SIDE.replace("input_side", 'input_stream: "SCENE_LIGHT:light" input_side')
    inputs = {"intensity": [(1, 0.6), (2, 0.6), (3, 0.6)], "light": [(2, 0.68), (3, 1.0)]}
    outputs = run_node(node, inputs, {"look": make_look(0.6, 0.2)})
    assert np.allclose([lut.table[0] for _, lut in outputs["lut"]], [0.6, 0.48, 0.6], atol=3e-3)


def test_shine():
    look = load_look(Path("graphs/looks/hair/rose.json"))
    highlights = []
    for shine in (-100, 0, 100):
        look.effects[0].palettes[0].shine = shine
        ((_, lut),) = run_node(SIDE, {"intensity": [(1, 0.4)]}, {"look": look})["lut"]
        highlights.append(lut_table(lut)[20, 20, 20].mean())
    matt, natural, glossy = highlights
    assert matt + 0.05 < natural < glossy - 0.05


def test_bad_look_in_mid_run():
    with pytest.raises(GraphError, match="effects is empty"):
        run_node(STREAM, {"intensity": [], "looks": [(1, Look())]})
