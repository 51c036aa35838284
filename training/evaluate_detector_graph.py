"""The faces that a detector finds in a picture, by the nodes of the users' graph."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from calculators.face.detections import detection_values
from calculators.formats.detection_pb2 import Detection
from training.evaluate_detector_boxes import SUBGRAPH
from training.evaluate_model import SignatureError, load, name_of, shape_of
from tryon.config import Config, GraphSource, read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

NODES: Final = (
    "shrink",
    "detector_tensor",
    "detector",
    "anchors",
    "to_detections",
    "suppression",
    "without_bars",
)
"""Of the subgraph: those that run where its gate is open."""

IMAGE, DETECTIONS = "searched_image", "detections"
TAKES, GIVES = [[1, 224, 224, 3]], [[1, 784, 1], [1, 784, 12]]


class DetectorGraph:
    """The detector's nodes of `FaceTrackingSubgraph`, around a model of one's choice.

    Args:
        model: a .tflite.

    Raises:
        GraphError: the file is missing or no model.
        SignatureError: its tensors are not those of a face detector.
    """

    def __init__(self, model: Path) -> None:
        check_signature(model)
        source = read_graph(SUBGRAPH)
        config = Config(input_stream=[IMAGE], output_stream=[DETECTIONS])
        config.node.extend(node for node in source.config.node if node.name in NODES)
        for node in config.node:
            # What the subgraph's own options fill in is given here.
            del node.option_value[:]
        self._graph = CalculatorGraph(
            GraphSource(config, source.name, source.folder),
            settings=[f"detector.model_path={model.resolve()}"],
        )
        self._found: list[Detection] = []
        self._graph.observe_output_stream(DETECTIONS, self._keep)

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """The faces of a picture, RGB uint8 [H, W, 3], the surest first.

        Returns:
            float64 [n, 12]: left, top, right, bottom and the key points in pixels.
        """
        self._found = []
        with self._graph as graph:
            graph.start_run()
            graph.add_packet_to_input_stream(IMAGE, picture, 0)
            graph.close_all_packet_sources()
            graph.wait_until_done()
        height, width = picture.shape[:2]
        rows = [detection_values(detection) * np.tile((width, height), 6) for detection in self._found]
        return np.array(rows, np.float64).reshape(-1, 12)

    def _keep(self, name: str, packet: Packet) -> None:
        self._found = packet.value


def check_signature(model: Path) -> None:
    """Look at a model's tensors.

    Raises:
        GraphError: the file is missing or no model.
        SignatureError: they are not those of a face detector.
    """
    interpreter = load(model)
    for kind, wanted, tensors in (
        ("input", TAKES, interpreter.get_input_details()),
        ("outputs", GIVES, interpreter.get_output_details()),
    ):
        shapes = sorted(shape_of(tensor) for tensor in tensors)
        if shapes != wanted:
            raise SignatureError(
                f"{name_of(model)} is not a face detector: expected {wanted} as {kind}, got {shapes}."
            )
