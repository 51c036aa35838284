"""What the face detector's tensors say, read as the users' graph reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from google.protobuf.message import Message

from calculators.face import detection_pb2
from calculators.face.anchors import ssd_anchors
from calculators.face.detections import detection_values, find_detections, suppress
from tryon.config import parse_graph

SUBGRAPH = Path(__file__).parents[1] / "graphs/subgraphs/face_tracking.pbtxt"
SAME = 0.5
"""IoU from which on a box counts as found."""

Options = TypeVar("Options", bound=Message)


class BoxReader:
    """Reads the tensors of one picture, with the options of `FaceTrackingSubgraph`'s nodes."""

    def __init__(self) -> None:
        nodes = {
            node.name: node
            for node in parse_graph(SUBGRAPH.read_text(encoding="utf-8"), str(SUBGRAPH)).config.node
        }
        self._anchors = ssd_anchors(_options(nodes["anchors"], detection_pb2.SsdAnchorsCalculatorOptions()))
        self._decoding = _options(
            nodes["to_detections"], detection_pb2.TensorsToDetectionsCalculatorOptions()
        )
        self._joining = _options(nodes["suppression"], detection_pb2.NonMaxSuppressionCalculatorOptions())

    def __call__(self, boxes: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """The faces, the surest first.

        Args:
            boxes: float32 [576, 12].
            scores: float32 [576, 1].

        Returns:
            float64 [n, 13]: left, top, right, bottom and the key points in sides of the input, and the score.
        """
        found = suppress(find_detections(boxes, scores, self._anchors, self._decoding), self._joining)
        rows = [np.append(detection_values(detection), detection.score[0]) for detection in found]
        return np.array(rows, np.float64).reshape(-1, boxes.shape[1] + 1)


def matched(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Which of the true boxes were found, each by a box of its own, the surest first.

    Args:
        found: [n, 4 or more], left, top, right, bottom.
        truth: [m, 4].

    Returns:
        bool [m].
    """
    hit = np.zeros(len(truth), bool)
    for box in found:
        overlap = np.where(hit, 0.0, box_ious(box, truth))
        if len(truth) and overlap.max() >= SAME:
            hit[overlap.argmax()] = True
    return hit


def box_ious(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of a box with others, float64 [n]; left, top, right, bottom come first."""
    sides = np.minimum(box[2:4], others[:, 2:4]) - np.maximum(box[:2], others[:, :2])
    inside = np.prod(np.maximum(sides, 0), axis=-1)
    areas = np.prod(others[:, 2:4] - others[:, :2], axis=-1)
    return inside / np.maximum(np.prod(box[2:4] - box[:2]) + areas - inside, 1e-12)


def _options(node: Any, options: Options) -> Options:
    """The options message of a node that has one."""
    node.node_options[0].Unpack(options)
    return options
