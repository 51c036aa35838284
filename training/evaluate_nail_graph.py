"""The nails that users see: the effect's own graph with a model of one's choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from calculators.nails.nail import Nail
from training.evaluate_graph import play, up_to
from training.evaluate_nail_model import read_nail_size
from tryon.config import GraphSource, read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

EFFECT = Path(__file__).resolve().parents[1] / "graphs" / "nail_polish.pbtxt"
NAILS = "nails"
OUTPUT = "output_video"
TO_TENSOR, INFERENCE = "ImageToTensorCalculator", "InferenceCalculator"


class NailGraph:
    """The nodes of `graphs/nail_polish.pbtxt` that its `nails` depend on, around another model.

    Args:
        model: a .tflite.

    Raises:
        GraphError: the file is missing or no model.
        SignatureError: its tensors are not those of a nail model.
    """

    def __init__(self, model: Path) -> None:
        self.size = read_nail_size(model)
        self._graph = with_model(up_to(read_graph(EFFECT), NAILS), model, self.size)
        self._found: list[Nail] = []
        self._graph.observe_output_stream(NAILS, self._keep)

    def video(self, frames: Iterable[np.ndarray]) -> Iterator[list[Nail]]:
        """The nails in each frame of a video, RGB uint8 [H, W, 3], followed from frame to frame."""
        for _ in play(self._graph, frames):
            yield self._found

    def picture(self, picture: np.ndarray) -> list[Nail]:
        """The nails in a picture by itself: a run of one frame."""
        (nails,) = self.video([picture])
        return nails

    def _keep(self, name: str, packet: Packet) -> None:
        self._found = packet.value


def polished(model: Path, look: Path, frames: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The frames of a video as the whole effect shows them, with a look.

    Raises:
        GraphError: the model or the look cannot be read.
        SignatureError: the model's tensors are others.
    """
    graph = with_model(read_graph(EFFECT), model, read_nail_size(model))
    shown: list[np.ndarray] = []
    graph.observe_output_stream(OUTPUT, lambda name, packet: shown.append(packet.value))
    for _ in play(graph, frames, {"look_path": str(look)}):
        yield shown.pop()


def with_model(source: GraphSource, model: Path, size: int) -> CalculatorGraph:
    """A graph around a model of an input of that size."""
    names = {node.calculator: node.name for node in CalculatorGraph(source).config.node}
    return CalculatorGraph(
        source,
        settings=[
            f"{names[INFERENCE]}.model_path={model.resolve()}",
            f"{names[TO_TENSOR]}.output_tensor_width={size}",
            f"{names[TO_TENSOR]}.output_tensor_height={size}",
        ],
    )
