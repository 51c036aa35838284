import numpy as np
import pytest

from calculators.nails.components import find_components
from calculators.nails.nail import Nail
from tests.calculators.image.run import run_node
from tests.calculators.nails.ellipses import Ellipse, full_mask, inside, iou, network_maps
from tryon import GraphError

SIZE = (132, 176)
FRAME = (240, 320)
SCALE = FRAME[1] / SIZE[1]


def instances(
    nails: list[Ellipse],
    frame: tuple[int, ...] = (*FRAME, 3),
    options: str = "",
    size: tuple[int, int] = SIZE,
) -> list[Nail]:
    node = f"""node {{
      calculator: "NailInstancesCalculator"
      input_stream: "IMAGE:image" input_stream: "LABELS:labels" input_stream: "FOREGROUND:foreground"
      input_stream: "ORIENTATIONS:angles" input_stream: "CLASS_IDS:ids" input_stream: "SCORES:scores"
      output_stream: "NAILS:nails"
      node_options {{ [type.googleapis.com/tryon.NailInstancesCalculatorOptions] {{ {options} }} }}
    }}"""
    foreground, _, _ = network_maps(nails, size)
    labels = find_components(foreground, 0.5, 8, 0)
    places = [
        (min(max(round(nail.y), 0), size[0] - 1), min(max(round(nail.x), 0), size[1] - 1)) for nail in nails
    ]
    order = sorted(range(len(nails)), key=lambda i: labels[places[i]])
    inputs = {
        "image": np.zeros(frame, np.uint8),
        "labels": labels,
        "foreground": foreground,
        "angles": [nails[i].angle for i in order],
        "ids": [nails[i].finger for i in order],
        "scores": [0.75 for _ in order],
    }
    ((timestamp, found),) = run_node(node, {name: [(6, value)] for name, value in inputs.items()})["nails"]
    assert timestamp == 6
    return [found[order.index(i)] for i in range(len(nails))]


def in_frame(nail: Ellipse, scale: float = SCALE) -> Ellipse:
    return Ellipse(nail.x * scale, nail.y * scale, nail.angle, nail.length * scale, nail.width * scale)


def test_ten_nails():
    generator = np.random.default_rng(0)
    nails = [
        Ellipse(
            18 + 34 * (i % 5) + generator.uniform(-1, 1),
            30 + 60 * (i // 5) + generator.uniform(-3, 3),
            generator.uniform(-3, 3),
            generator.uniform(16, 26),
            generator.uniform(10, 18),
            i,
        )
        for i in range(10)
    ]
    for found, nail in zip(instances(nails), nails, strict=True):
        true = in_frame(nail)
        assert found.center == (pytest.approx(true.x, abs=0.05), pytest.approx(true.y, abs=0.05))
        assert found.length == pytest.approx(true.length, abs=0.6)
        assert found.width == pytest.approx(true.width, abs=0.6)
        assert (found.angle, found.finger, found.score, found.id) == (nail.angle, nail.finger, 0.75, None)
        assert found.mask.dtype == np.float32
        assert iou(full_mask(found, FRAME), np.clip(inside(true, FRAME) + 0.5, 0, 1)) > 0.96


def test_touching_nails_do_not_overlap():
    first, second = instances([Ellipse(60, 60, -1.5, 30, 20), Ellipse(84, 60, -1.5, 30, 20)])
    assert np.minimum(full_mask(first, FRAME), full_mask(second, FRAME)).max() == 0


@pytest.mark.parametrize(("x", "y"), [(0, 60), (175, 60), (90, 0), (90, 131), (2, 2), (-5, 70)])
def test_partly_visible(x, y):
    nail = Ellipse(x, y, 0.4, 30, 20)
    (found,) = instances([nail])
    true = np.clip(inside(in_frame(nail), FRAME) + 0.5, 0, 1)
    assert iou(full_mask(found, FRAME), true) > 0.92
    assert found.left >= 0
    assert found.left + found.mask.shape[1] <= FRAME[1]
    assert found.top + found.mask.shape[0] <= FRAME[0]


@pytest.mark.parametrize(("length", "width"), [(2, 2), (3, 2), (5, 3), (400, 300)])
def test_tiny_and_huge(length, width):
    (found,) = instances([Ellipse(80, 60, -1.5, length, width)])
    assert np.isfinite([*found.center, found.length, found.width]).all()
    assert found.mask.max() > 0.5
    if length > 100:
        assert full_mask(found, FRAME).min() == 1


@pytest.mark.parametrize("frame", [(240, 320), (240, 320, 4), (120, 160, 3), (66, 88, 3), (480, 640, 3)])
def test_frames(frame):
    nail = Ellipse(80, 60, -1.5, 30, 20)
    (found,) = instances([nail], frame)
    true = np.clip(inside(in_frame(nail, frame[1] / SIZE[1]), frame[:2]) + 0.5, 0, 1)
    assert iou(full_mask(found, frame[:2]), true) > 0.92


def test_no_hand():
    assert instances([]) == []


@pytest.mark.parametrize("threshold", ["0", "1", "-1"])
def test_threshold_out_of_range(threshold):
    with pytest.raises(GraphError, match=f"threshold is {threshold}; it must lie between 0 and 1"):
        instances([], options=f"threshold: {threshold}")
