"""The faces that users get: the make-up effect's own graph with models of one's choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from calculators.face.types import Face
from training.evaluate_detector_graph import check_signature
from training.evaluate_graph import play, up_to
from training.evaluate_landmarks_model import LandmarkModel
from tryon.config import GraphSource, read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

ROOT = Path(__file__).resolve().parents[1]
EFFECT = ROOT / "graphs" / "makeup.pbtxt"
DETECTOR = ROOT / "models" / "face_detector.tflite"
FACES, RAW = "faces", "raw_faces"
OUTPUT = "output_video"
TRACKING = "FaceTrackingSubgraph"

NO_DETECTOR = (
    f"{DETECTOR.relative_to(ROOT)} is not there: `python -m training.fit {DETECTOR.stem}` and "
    f"`python -m training.export {DETECTOR.stem}` make it, --detector FILE names another"
)
"""What to do where `find_detector` has none."""

MAX_FACES = 4
"""Faces that are looked for where one of them is the annotated one."""


class Seen(NamedTuple):
    """The faces of a frame.

    Attributes:
        calm: as users get them.
        raw: the same faces as the network finds them, before they are calmed.
    """

    calm: list[Face]
    raw: list[Face]


class MadeUp(NamedTuple):
    """A frame with make-up, RGB uint8 [H, W, 3], and the faces that were found in it."""

    image: np.ndarray
    faces: list[Face]


class FaceGraph:
    """The nodes of `graphs/makeup.pbtxt` that its `faces` depend on, around other models.

    Args:
        model: a landmark .tflite.
        detector: a face detector's .tflite.
        max_faces: that are followed at most.

    Raises:
        GraphError: a file is missing or no model.
        SignatureError: a model's tensors are others.
    """

    def __init__(self, model: Path, detector: Path, max_faces: int) -> None:
        source = up_to(read_graph(EFFECT), FACES)
        self._graph = with_models(source, model, detector, max_faces)
        self._streams = FACES, f"{tracking_name(source)}__{RAW}"
        self._faces: dict[str, list[Face]] = {}
        for stream in self._streams:
            self._graph.observe_output_stream(stream, self._keep)

    def video(self, frames: Iterable[np.ndarray]) -> Iterator[Seen]:
        """The faces in each frame of a video, RGB uint8 [H, W, 3], followed from frame to frame."""
        self._faces.clear()
        for _ in play(self._graph, frames):
            # Where nothing is looked at more closely, no faces come, not even none.
            yield Seen(*(self._faces.pop(stream, []) for stream in self._streams))

    def picture(self, picture: np.ndarray) -> list[Face]:
        """The faces in a picture by itself: a run of one frame, which knows of no other picture."""
        (seen,) = self.video([picture])
        return seen.calm

    def _keep(self, name: str, packet: Packet) -> None:
        self._faces[name] = packet.value


class MakeupGraph:
    """The whole of `graphs/makeup.pbtxt` around other models, for one face.

    Args:
        model: a landmark .tflite.
        detector: a face detector's .tflite.
        look: what to put on.

    Raises:
        GraphError: a file is missing or no model.
        SignatureError: a model's tensors are others.
    """

    def __init__(self, model: Path, detector: Path, look: Path) -> None:
        self._graph = with_models(read_graph(EFFECT), model, detector, 1)
        self._look = {"look_path": str(look)}
        self._shown: dict[str, Any] = {}
        for stream in (OUTPUT, FACES):
            self._graph.observe_output_stream(stream, self._keep)

    def video(self, frames: Iterable[np.ndarray]) -> Iterator[MadeUp]:
        """The frames of a video, RGB uint8 [H, W, 3], as the effect shows them.

        Raises:
            GraphError: the look cannot be read.
        """
        for _ in play(self._graph, frames, self._look):
            yield MadeUp(self._shown[OUTPUT], self._shown[FACES])

    def _keep(self, name: str, packet: Packet) -> None:
        self._shown[name] = packet.value


def with_models(source: GraphSource, model: Path, detector: Path, max_faces: int) -> CalculatorGraph:
    """A graph that tracks faces around other models.

    Raises:
        GraphError: a file is missing or no model.
        SignatureError: a model's tensors are others.
    """
    check_signature(detector)
    size, name = LandmarkModel(model).size, tracking_name(source)
    return CalculatorGraph(
        source,
        settings=[
            f"{name}.detector_path={detector.resolve()}",
            f"{name}.landmarks_path={model.resolve()}",
            f"{name}.max_faces={max_faces}",
            f"{name}__landmarks_tensor.output_tensor_width={size}",
            f"{name}__landmarks_tensor.output_tensor_height={size}",
            f"{name}__to_face.input_size={size}",
        ],
    )


def tracking_name(source: GraphSource) -> str:
    """Of the node that tracks faces."""
    (name,) = (node.name for node in source.config.node if node.calculator == TRACKING)
    return name


def find_detector(named: Path | None) -> Path | None:
    """The detector that was named, or else ours, or None where that is not there."""
    return named or (DETECTOR if DETECTOR.is_file() else None)


def annotated(faces: list[Face], truth: np.ndarray, size: tuple[int, int]) -> int | None:
    """Which of the faces is the annotated one: the nearest, or None where none is.

    Args:
        faces: found in a frame.
        truth: float [n, 2], true points in pixels.
        size: width and height of the frame.

    Returns:
        Its place in the list. A face whose middle lies outside the box of the true points is another one.
    """
    low, high = truth.min(0), truth.max(0)
    near = []
    for number, face in enumerate(faces):
        middle = middle_of(face.landmarks * size)
        if (low <= middle).all() and (middle <= high).all():
            near.append((float(np.linalg.norm(middle - (low + high) / 2)), number))
    return min(near)[1] if near else None


def middle_of(points: np.ndarray) -> np.ndarray:
    """The middle (x, y) of the box of points [n, 2]."""
    return (points.min(0) + points.max(0)) / 2
