"""MediaPipe's selfie subgraphs, with the models of its wheel where that is installed."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tryon import GraphError
from tryon.graph import CalculatorGraph

GRAPH = """
input_stream: "in"
input_side_packet: "selection"
node {
  calculator: "SelfieSegmentationCpu"
  input_stream: "IMAGE:in"
  input_side_packet: "MODEL_SELECTION:selection"
  output_stream: "SEGMENTATION_MASK:mask"
}
"""


def segment(selection, image):
    graph = CalculatorGraph(GRAPH)
    masks = []
    graph.observe_output_stream("mask", lambda _, packet: masks.append(packet.value))
    graph.start_run({"selection": selection})
    graph.add_packet_to_input_stream("in", image, 1)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return masks


@pytest.mark.parametrize("selection", [0, 1])
def test_mask(selection, monkeypatch):
    spec = find_spec("mediapipe")
    if spec is None or spec.origin is None:
        pytest.skip("mediapipe, whose wheel holds the models, is not installed")
    monkeypatch.chdir(Path(spec.origin).parents[1])
    (mask,) = segment(selection, np.full((36, 48, 3), 128, np.uint8))
    assert (mask.shape, mask.dtype) == ((36, 48), np.float32)
    assert 0 <= mask.min() <= mask.max() <= 1


def test_without_the_model(tmp_path, monkeypatch):
    """The message says which file is missing and which subgraph wanted it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GraphError, match=r"ResourceProvider(.|\n)*no file .*selfie_segmentation\.tflite"):
        segment(0, np.zeros((36, 48, 3), np.uint8))
