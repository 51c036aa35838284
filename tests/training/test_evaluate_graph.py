"""Measured is what users see: the masks of the effect's own graph."""

from pathlib import Path

import numpy as np
import pytest

from demo.clip import frames
from tests.training.tiny_models import red_is_hair, red_is_hair_in_logits, slow_red_is_hair
from training.evaluate_graph import EFFECT, HAIR_MASK, HairGraph
from tryon.graph import CalculatorGraph

ROOT = Path(__file__).resolve().parents[2]
PEER = ROOT.parent / "shared" / "peer" / "hair_segmentation.tflite"
RED = np.full((20, 30, 3), (255, 0, 0), np.uint8)
BLACK = np.zeros((20, 30, 3), np.uint8)


def test_masks_are_those_of_the_effect():
    pictures = [frame for frame, _ in zip(frames(), range(3), strict=False)]
    shown = []
    with CalculatorGraph(EFFECT) as graph:
        graph.observe_output_stream(HAIR_MASK, lambda _, packet: shown.append(packet.value))
        graph.start_run({"look_path": str(ROOT / "graphs/looks/hair/copper.json")})
        for number, picture in enumerate(pictures):
            graph.add_packet_to_input_stream("input_video", picture, number * 33_333)
    found = list(HairGraph(ROOT / "models/hair_256.tflite").masks(pictures))
    assert len(shown) == len(found) == 3
    for mask, masks in zip(shown, found, strict=True):
        np.testing.assert_array_equal(mask, masks.hair)
        assert masks.network.shape == (256, 256)


@pytest.mark.parametrize("make", [red_is_hair, red_is_hair_in_logits])
@pytest.mark.parametrize("size", [8, 12])
def test_models_of_both_kinds_and_any_size(tmp_path, make, size):
    graph = HairGraph(make(tmp_path / "red.tflite", size))
    for picture, expected in ((RED, 1), (BLACK, 0)):
        masks = graph.mask(picture)
        assert (masks.network.shape, masks.hair.shape) == ((size, size), (20, 30))
        np.testing.assert_allclose(masks.network, expected, atol=1e-5)
        np.testing.assert_allclose(masks.hair, expected, atol=1e-5)


def test_pictures_do_not_see_the_mask_before_and_frames_do(tmp_path):
    graph = HairGraph(slow_red_is_hair(tmp_path / "slow.tflite"))
    for _ in range(2):
        np.testing.assert_allclose(graph.mask(RED).network, 0.4, atol=1e-6)
        np.testing.assert_allclose(graph.mask(BLACK).network, 0, atol=1e-6)
    values = [float(masks.network[0, 0]) for masks in graph.masks([RED, RED, BLACK])]
    np.testing.assert_allclose(values, [0.4, 0.64, 0.384], atol=1e-6)


@pytest.mark.skipif(not PEER.exists(), reason=f"there is no {PEER.name}")
def test_mediapipes_model():
    masks = HairGraph(PEER).mask(next(iter(frames())))
    assert (masks.network.shape, masks.hair.shape) == ((512, 512), (480, 640))
    assert 0.02 < masks.hair.mean() < 0.9
