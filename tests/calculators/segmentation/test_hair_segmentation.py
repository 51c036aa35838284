"""The hair segmentation subgraphs: what they wire is what their comments say."""

from pathlib import Path

import numpy as np
import pytest

from calculators.image.tensor import image_mask_tensor
from calculators.image.transform import resize
from calculators.inference.model import Model
from calculators.segmentation.mask import mask_from_tensor
from calculators.segmentation.motion import steady_mask, thumbnail
from tests.calculators.image.run import run_node

ROOT = Path(__file__).parents[3]
SUBGRAPHS = ROOT / "graphs" / "subgraphs"
MODEL = ROOT / "models" / "hair_256.tflite"
PEER = ROOT.parent / "shared" / "peer" / "hair_segmentation.tflite"
STRENGTH = 0.8


def frames(count: int) -> list[np.ndarray]:
    """Noise that changes from frame to frame, each frame of another size."""
    generator = np.random.default_rng(0)
    return [generator.integers(0, 256, (90 + 40 * i, 120, 3), dtype=np.uint8) for i in range(count)]


def run_subgraph(text: str, pictures: list[np.ndarray]) -> list[tuple[int, np.ndarray]]:
    """The masks of a subgraph, run as the graph it is."""
    start = "graph_options {" if "graph_options {" in text else "node {"
    interface, _, rest = text.partition(start)
    assert 'output_stream: "MASK:mask"' in interface
    inputs = {"image": [(1000 * i, picture) for i, picture in enumerate(pictures)]}
    return run_node(start + rest, inputs, observe=["mask"])["mask"]


def test_hair_segmentation():
    pictures = frames(3)
    masks = run_subgraph((SUBGRAPHS / "hair_segmentation.pbtxt").read_text(), pictures)

    model, raw, smoothed, before = Model(MODEL), None, None, None
    for i, picture in enumerate(pictures):
        small = resize(picture, (256, 256))
        raw = mask_from_tensor(model([image_mask_tensor(small, raw)])[0])
        now = thumbnail(small)
        smoothed = raw if smoothed is None else steady_mask(raw, smoothed, now, before, STRENGTH)
        before = now
        timestamp, mask = masks[i]
        assert timestamp == 1000 * i
        assert mask.dtype == np.float32
        assert 0 <= mask.min() <= mask.max() <= 1
        assert np.array_equal(mask, smoothed), f"frame {i}"
    assert len(masks) == 3


@pytest.mark.skipif(not PEER.exists(), reason="needs ../shared/peer/hair_segmentation.tflite")
def test_mediapipe_hair_segmentation():
    pictures = frames(2)
    text = (SUBGRAPHS / "hair_segmentation_mediapipe.pbtxt").read_text()
    masks = run_subgraph(text.replace("models/hair_segmentation.tflite", str(PEER)), pictures)

    model, mask = Model(PEER), None
    for i, picture in enumerate(pictures):
        tensor = image_mask_tensor(resize(picture, (512, 512)), mask)
        mask = mask_from_tensor(model([tensor])[0], "SOFTMAX", 1)
        assert masks[i][0] == 1000 * i
        assert np.array_equal(masks[i][1], mask), f"frame {i}"
    assert len(masks) == 2


def test_the_finer_network_by_options():
    options = 'model_path: "models/hair_512.tflite" input_size: 512'
    node = f"""
        node {{
          calculator: "HairSegmentationSubgraph" input_stream: "IMAGE:in" output_stream: "MASK:out"
          node_options {{ [type.googleapis.com/tryon.HairSegmentationSubgraphOptions] {{ {options} }} }}
        }}
    """
    ((_, mask),) = run_node(node, {"in": [(5, frames(1)[0])]}, observe=["out"])["out"]
    tensor = image_mask_tensor(resize(frames(1)[0], (512, 512)), None)
    expected = mask_from_tensor(Model(ROOT / "models" / "hair_512.tflite")([tensor])[0])
    assert np.array_equal(mask, expected)


def test_as_a_node():
    """Found by its type in graphs/subgraphs, by any graph beside that folder."""
    node = (
        'node { calculator: "HairSegmentationSubgraph" input_stream: "IMAGE:in" output_stream: "MASK:out" }'
    )
    outputs = run_node(node, {"in": [(5, frames(1)[0])]}, observe=["out"])
    assert [(timestamp, mask.shape) for timestamp, mask in outputs["out"]] == [(5, (256, 256))]
