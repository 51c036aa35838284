import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

FRAME = np.full((48, 64, 3), 90, np.uint8)


def masks(*values: float, size: int = 4) -> list[tuple[int, np.ndarray]]:
    return [(10 * i, np.full((size, size), value, np.float32)) for i, value in enumerate(values)]


def frames(*times: int) -> list[tuple[int, np.ndarray]]:
    return [(time, FRAME) for time in times]


def node(options: str = "") -> str:
    return f"""node {{
      calculator: "MotionSmoothingCalculator"
      input_stream: "IMAGE:image" input_stream: "MASK:mask" output_stream: "MASK:out"
      node_options {{ [type.googleapis.com/tryon.MotionSmoothingCalculatorOptions] {{ {options} }} }}
    }}"""


def smooth(
    mask: list[tuple[int, np.ndarray]], image: list[tuple[int, np.ndarray]], options: str = ""
) -> list:
    outputs = run_node(node(options), {"image": image, "mask": mask})["out"]
    return [(time, pytest.approx(float(values[0, 0]), abs=1e-5)) for time, values in outputs]


def test_follows_its_own_result():
    smoothed = smooth(masks(0.1, 0.5, 0.5), frames(0, 10, 20))
    assert smoothed == [(0, 0.1), (10, 0.18), (20, 0.244)]


def test_strength():
    assert smooth(masks(0.1, 0.5), frames(0, 10), "strength: 0.5") == [(0, 0.1), (10, 0.3)]
    assert smooth(masks(0.1, 0.5), frames(0, 10), "strength: 0") == [(0, 0.1), (10, 0.5)]


def test_without_a_picture_it_starts_afresh():
    smoothed = smooth(masks(0.1, 0.5, 0.6, 0.5), frames(0, 20, 30))
    assert smoothed == [(0, 0.1), (10, 0.5), (20, 0.6), (30, 0.58)]


def test_no_mask_gives_no_output():
    assert run_node(node(), {"image": frames(0), "mask": []}) == {"out": []}


def test_another_size_starts_afresh():
    mask = [*masks(0.1), (10, np.full((8, 8), 0.5, np.float32))]
    assert smooth(mask, frames(0, 10)) == [(0, 0.1), (10, 0.5)]


@pytest.mark.parametrize("strength", [-0.1, 1, 1.5])
def test_strength_out_of_range(strength):
    with pytest.raises(GraphError, match=f"strength is {strength:g}; it must be at least 0 and less than 1"):
        run_node(node(f"strength: {strength}"), {"image": [], "mask": []})
