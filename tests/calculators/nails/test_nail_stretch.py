import math

import numpy as np
import pytest

from calculators.nails.nail import Nail
from calculators.nails.nail_stretch import stretched_nail
from tests.calculators.image.run import run_node
from tests.calculators.nails.ellipses import Ellipse, full_mask, iou, true_nail
from tryon import GraphError

SIZE = (90, 120)
IMAGE = np.zeros((*SIZE, 3), np.uint8)


def stretch(nails: list[Nail], options: str = "") -> list[Nail]:
    node = f"""node {{
      calculator: "NailStretchCalculator"
      input_stream: "IMAGE:image" input_stream: "NAILS:nails" output_stream: "NAILS:long_nails"
      node_options {{ [type.googleapis.com/tryon.NailStretchCalculatorOptions] {{ {options} }} }}
    }}"""
    ((time, found),) = run_node(node, {"image": [(5, IMAGE)], "nails": [(5, nails)]})["long_nails"]
    assert time == 5
    return found


def longer(nail: Ellipse, amount: float) -> Ellipse:
    """What the nail is once its base end stays where it was."""
    way = amount * nail.length / 2
    x, y = nail.x + way * math.cos(nail.angle), nail.y + way * math.sin(nail.angle)
    return Ellipse(x, y, nail.angle, nail.length * (1 + amount), nail.width, nail.finger)


@pytest.mark.parametrize("angle", [0.0, 0.7, -1.57, 3.1])
@pytest.mark.parametrize(("options", "amount"), [("", 0.08), ("amount: 0.3", 0.3)])
def test_stretch(angle, options, amount):
    nail = Ellipse(60.3, 45.2, angle, 40, 26, 3)
    given = true_nail(nail, SIZE, id=9)
    (found,) = stretch([given], options)
    target = true_nail(longer(nail, amount), SIZE)
    assert iou(full_mask(found, SIZE), full_mask(target, SIZE)) > 0.975
    assert found.center == pytest.approx(target.center)
    assert (found.length, found.width) == (pytest.approx(40 * (1 + amount)), 26)
    assert (found.angle, found.finger, found.score, found.id) == (angle, 3, 0.9, 9)


def test_the_base_stays():
    """Pointing right: the first columns are the same, new ones are at the right."""
    given = true_nail(Ellipse(60, 45, 0.0, 40, 26), SIZE)
    before, after = full_mask(given, SIZE), full_mask(stretch([given])[0], SIZE)
    assert np.abs(after[:, :44] - before[:, :44]).max() < 0.2
    assert not before[:, 81:].any()
    assert after[45, 82] == 1


def test_the_edge_stays_soft():
    (found,) = stretch([true_nail(Ellipse(60, 45, 0.5, 40, 26), SIZE)])
    assert np.count_nonzero((found.mask > 0.05) & (found.mask < 0.95)) > 60


def test_zero_changes_nothing():
    given = true_nail(Ellipse(60, 45, 0.5, 40, 26), SIZE)
    (found,) = stretch([given], "amount: 0")
    assert np.allclose(full_mask(found, SIZE), full_mask(given, SIZE), atol=1e-6)
    assert found.center == given.center


@pytest.mark.parametrize(
    ("x", "y", "angle"), [(105, 45, 0.0), (15, 45, math.pi), (60, 15, -1.57), (0, 89, 1.57)]
)
def test_clipped_to_the_frame(x, y, angle):
    (found,) = stretch([true_nail(Ellipse(x, y, angle, 40, 26), SIZE)], "amount: 0.5")
    assert found.left >= 0
    assert found.top >= 0
    assert found.left + found.mask.shape[1] <= SIZE[1]
    assert found.top + found.mask.shape[0] <= SIZE[0]
    target = true_nail(longer(Ellipse(x, y, angle, 40, 26), 0.5), SIZE)
    assert iou(full_mask(found, SIZE), full_mask(target, SIZE)) > 0.95


@pytest.mark.parametrize(("length", "width"), [(2, 2), (3, 2), (500, 400)])
def test_tiny_and_huge(length, width):
    found = stretched_nail(true_nail(Ellipse(60, 45, 0.4, length, width), SIZE), 0.08, (120, 90))
    assert found.mask.max() > 0.5


def test_no_nails():
    assert stretch([]) == []


def test_nails_are_not_modified():
    given = true_nail(Ellipse(60, 45, 0.5, 40, 26), SIZE)
    before = given.mask.copy()
    stretch([given])
    assert np.array_equal(given.mask, before)


@pytest.mark.parametrize("amount", ["-0.1", "1.5"])
def test_amount_out_of_range(amount):
    with pytest.raises(GraphError, match=f"amount is {amount}; it must be in 0 to 1"):
        stretch([], f"amount: {amount}")
