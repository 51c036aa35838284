"""From the network's tensors to nails with ids, as the subgraph wires it."""

from pathlib import Path

import numpy as np
import pytest

from calculators.nails.nail import Nail
from calculators.nails.orientation import wrapped
from tests.calculators.image.run import run_node
from tests.calculators.nails.ellipses import Ellipse, full_mask, iou, network_maps, true_nail

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "graphs" / "subgraphs" / "nail_tracking.pbtxt").read_text()


def behind_the_network(
    tensors: list[list[np.ndarray]], padding: list[float], frame: np.ndarray
) -> list[list[Nail]]:
    """The nails of each frame, by the subgraph's nodes after the network."""
    start = TEXT.index("node {", TEXT.index('name: "inference"'))
    times = range(0, 33_333 * len(tensors), 33_333)
    inputs = {
        "output_tensors": list(zip(times, tensors, strict=True)),
        "padding": [(time, padding) for time in times],
        "image": [(time, frame) for time in times],
    }
    return [nails for _, nails in run_node(TEXT[start:], inputs, observe=["nails"])["nails"]]


@pytest.mark.parametrize(("height", "width"), [(240, 320), (180, 320), (320, 240), (213, 320), (320, 320)])
def test_nails_of_frames_of_all_proportions(height, width):
    size, side = 176, max(height, width)
    scale = side / size
    bars = (side - width) / 2 / side, (side - height) / 2 / side
    truth = [
        Ellipse(0.3 * width, 0.4 * height, -1.2, 44, 30, 2),
        Ellipse(0.7 * width, 0.6 * height, 2.5, 40, 26, 8),
    ]
    tensors = []
    for way in (0, 4, 8):
        seen = [
            Ellipse(
                (nail.x + way) / scale + bars[0] * size,
                nail.y / scale + bars[1] * size,
                nail.angle,
                nail.length / scale,
                nail.width / scale,
                nail.finger,
            )
            for nail in truth
        ]
        foreground, fingers, direction = network_maps(seen, (size, size))
        tensors.append([foreground[None, ..., None], fingers[None], direction[None]])
    frames = behind_the_network(tensors, [*bars, *bars], np.zeros((height, width, 3), np.uint8))
    for way, found in zip((0, 4, 8), frames, strict=True):
        assert [nail.id for nail in found] == [0, 1]
        for nail, ellipse in zip(sorted(found, key=lambda nail: nail.finger), truth, strict=True):
            true = true_nail(
                Ellipse(ellipse.x + way, ellipse.y, ellipse.angle, ellipse.length, ellipse.width),
                (height, width),
            )
            assert nail.finger == ellipse.finger
            assert nail.center == pytest.approx(true.center, abs=1.2 if way else 0.2)
            assert abs(wrapped(nail.angle - ellipse.angle)) < 0.03
            assert (nail.length, nail.width) == pytest.approx((ellipse.length, ellipse.width), abs=1)
            assert iou(full_mask(nail, (height, width)), full_mask(true, (height, width))) > 0.92


def test_no_hand():
    maps = [values[None] for values in network_maps([], (96, 96))]
    maps[0] = maps[0][..., None]
    frame = np.zeros((96, 128, 3), np.uint8)
    assert behind_the_network([maps] * 2, [0.0, 0.125, 0.0, 0.125], frame) == [[], []]


def test_as_a_node():
    """With the network: a picture without any nail has none, of whatever size it is."""
    node = 'node { calculator: "NailTrackingSubgraph" input_stream: "IMAGE:in" output_stream: "NAILS:out" }'
    for i, shape in enumerate([(48, 64, 3), (64, 30, 3)]):
        outputs = run_node(node, {"in": [(i, np.full(shape, 90, np.uint8))]}, observe=["out"])
        assert outputs["out"] == [(i, [])]
